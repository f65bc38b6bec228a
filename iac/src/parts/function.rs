//! A function in Rust, with its log group and its role.

use crate::cfn::{Handle, Parameter, Stack, Value, pseudo};
use crate::iam::{PolicyDocument, Service, TrustPolicy, action};
use crate::parts::log_group;
use crate::resources::iam::{Policy, Role};
use crate::resources::lambda::{
    Architecture, Code, Environment, Function, LogFormat, LoggingConfig, Runtime,
};
use crate::sub;

/// Where the zips of a stack's functions are.
#[derive(Debug, Clone)]
pub struct CodeLocation {
    bucket: Value<String>,
    key: Value<String>,
}

/// Adds the parameters `CodeBucket` and `CodeKey`. As the code's place is a parameter, a template
/// changes only when the infrastructure does.
pub fn code_parameters(stack: &mut Stack) -> CodeLocation {
    let bucket = stack.parameter(
        "CodeBucket",
        Parameter::text("Name of the bucket, in this region, that holds the function's zip")
            .allowed_pattern(
                "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
                "is the name of a bucket: 3 to 63 lowercase letters, digits, dots and hyphens",
            ),
    );
    let key = stack.parameter(
        "CodeKey",
        Parameter::text(
            "Key of the function's zip; give each build its own, or CloudFormation sees no change",
        )
        .length(1, 1024),
    );
    CodeLocation { bucket, key }
}

/// What is particular to a function.
#[derive(Debug)]
pub struct FunctionSettings<'a> {
    /// The start of the logical ids, such as `ResizeImage`.
    pub id: &'a str,
    /// The name behind the stack's, such as `resize-image`.
    pub name: &'a str,
    /// What it does.
    pub description: &'a str,
    /// What it may do beside writing its log.
    pub permissions: PolicyDocument,
    /// Its environment variables.
    pub environment: Environment,
    /// Where its zip is.
    pub code: &'a CodeLocation,
    /// The processor it is built for.
    pub architecture: Architecture,
    /// Memory in MB.
    pub memory_size: u32,
    /// Longest run, in seconds.
    pub timeout: u32,
    /// How long its log is kept, in days.
    pub log_retention: &'a Value<u32>,
}

/// Adds a function, a log group with retention and a role that may write this log and do what the
/// settings permit.
pub fn rust_function(stack: &mut Stack, settings: FunctionSettings<'_>) -> Handle<Function> {
    let FunctionSettings { id, name, .. } = settings;
    let name = sub![pseudo::stack_name(), "-", name];
    // The group's name is made of the function's name, not of the function: the role has to name the
    // group, the function waits for both.
    let logs = log_group(
        stack,
        &format!("{id}LogGroup"),
        sub!["/aws/lambda/", &name],
        settings.log_retention,
    );
    let role = stack.add(
        &format!("{id}Role"),
        Role {
            description: sub!["What the function ", &name, " may do"],
            assume_role_policy_document: TrustPolicy::service(Service::Lambda),
            policies: vec![Policy {
                policy_name: settings.name.into(),
                policy_document: settings
                    .permissions
                    .grant("WriteLog", action::logs::WRITE, &logs),
            }],
        },
    );
    stack.add(
        &format!("{id}Function"),
        Function {
            function_name: name,
            description: settings.description.into(),
            architectures: [settings.architecture.into()],
            runtime: Runtime::ProvidedAl2023.into(),
            handler: "bootstrap".into(),
            code: Code {
                s3_bucket: settings.code.bucket.clone(),
                s3_key: settings.code.key.clone(),
            },
            role: role.arn(),
            memory_size: settings.memory_size.into(),
            timeout: settings.timeout.into(),
            environment: settings.environment,
            logging_config: LoggingConfig {
                log_format: LogFormat::Json.into(),
                log_group: logs.name(),
            },
        },
    )
}
