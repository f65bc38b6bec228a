//! Functions.

use serde::Serialize;
use serde::ser::Error as _;

use crate::cfn::{Arn, Handle, Id, Literal, Resource, Value};
use crate::iam::Grantable;
use crate::resources::iam::Role;
use crate::resources::logs::LogGroup;

/// A function.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Function {
    /// The name.
    pub function_name: Value<String>,
    /// What it does.
    pub description: Value<String>,
    /// The processor it runs on.
    pub architectures: [Value<Architecture>; 1],
    /// What runs it.
    pub runtime: Value<Runtime>,
    /// The entry point; a runtime of one's own has only one, `bootstrap`.
    pub handler: Value<String>,
    /// Where the zip is.
    pub code: Code,
    /// What it acts as.
    pub role: Value<Arn<Role>>,
    /// Memory in MB; processors come with it, one whole at 1,769.
    pub memory_size: Value<u32>,
    /// Longest run, in seconds.
    pub timeout: Value<u32>,
    /// Most runs at once, taken out of what the account may run and kept for this function; `None` for
    /// whatever the account has left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_concurrent_executions: Option<Value<u32>>,
    /// Environment variables.
    pub environment: Environment,
    /// Where its log goes.
    pub logging_config: LoggingConfig,
}

impl Resource for Function {
    const TYPE: &'static str = "AWS::Lambda::Function";
}

impl Handle<Function> {
    /// The function's name (`Ref`).
    #[must_use]
    pub fn name(&self) -> Value<Id<Function>> {
        self.reference()
    }

    /// The function's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Function>> {
        self.attribute("Arn")
    }
}

impl Grantable<Function> for Handle<Function> {
    fn granted(&self) -> Value<Arn<Function>> {
        self.arn()
    }
}

/// A processor architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Architecture {
    /// Graviton: a fifth cheaper.
    Arm64,
    /// Intel and AMD.
    #[serde(rename = "x86_64")]
    X86_64,
}

impl Literal for Architecture {}

impl Architecture {
    /// The one that CloudFormation calls so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "arm64" => Some(Self::Arm64),
            "x86_64" => Some(Self::X86_64),
            _ => None,
        }
    }
}

/// What runs a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Runtime {
    /// A `bootstrap` executable on Amazon Linux 2023.
    #[serde(rename = "provided.al2023")]
    ProvidedAl2023,
}

impl Literal for Runtime {}

/// Where a function's zip is. It is a parameter of the stack, so that a template does not change
/// when only code does.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Code {
    /// The bucket, in the function's region.
    pub s3_bucket: Value<String>,
    /// The key.
    pub s3_key: Value<String>,
}

/// Environment variables.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Environment {
    variables: Variables,
}

#[derive(Debug, Clone)]
struct Variables(Vec<(&'static str, Value<String>)>);

impl Serialize for Variables {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        for (index, (name, _)) in self.0.iter().enumerate() {
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && name.len() > 1;
            if !is_name || name.starts_with("AWS_") {
                return Err(S::Error::custom(format!(
                    "`{name}` is no name for a variable of one's own"
                )));
            }
            if self.0.iter().take(index).any(|(other, _)| other == name) {
                return Err(S::Error::custom(format!(
                    "the variable `{name}` is there twice"
                )));
            }
        }
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Environment {
    /// Variables in this order; the names are the function's own constants.
    #[must_use]
    pub fn new(variables: impl IntoIterator<Item = (&'static str, Value<String>)>) -> Self {
        Self {
            variables: Variables(variables.into_iter().collect()),
        }
    }
}

/// Where a function's log goes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LoggingConfig {
    /// The format of the platform's own lines.
    pub log_format: Value<LogFormat>,
    /// The log group. Named here, the function waits for it, and Lambda never makes one without
    /// retention.
    pub log_group: Value<Id<LogGroup>>,
}

/// A format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum LogFormat {
    /// One JSON object a line.
    #[serde(rename = "JSON")]
    Json,
}

impl Literal for LogFormat {}
