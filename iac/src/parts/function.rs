//! A function in Rust, with its log group and its role.

use lambda::names;

use crate::cfn::{Handle, Parameter, Stack, Value, pseudo};
use crate::iam::{PolicyDocument, Service, TrustPolicy, action};
use crate::parts::log_group;
use crate::resources::iam::{Policy, Role};
use crate::resources::lambda::{
    Architecture, Code, Environment, Function, LogFormat, LoggingConfig, Runtime,
};
use crate::sub;

/// An executable of the crate `lambda`, and what its function is called in a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Fits images.
    ResizeImage,
    /// Signs uploads and downloads.
    PresignUpload,
    /// Takes images by API.
    UploadImage,
    /// Reads metadata back.
    ReadMetadata,
}

impl Program {
    const ALL: [Self; 4] = [
        Self::ResizeImage,
        Self::PresignUpload,
        Self::UploadImage,
        Self::ReadMetadata,
    ];

    /// The program whose executable has this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.name() == name)
    }

    /// The executable's name, which stands behind the stack's in the function's.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResizeImage => names::RESIZE_IMAGE,
            Self::PresignUpload => names::PRESIGN_UPLOAD,
            Self::UploadImage => names::UPLOAD_IMAGE,
            Self::ReadMetadata => names::READ_METADATA,
        }
    }

    /// The start of the logical ids.
    const fn id(self) -> &'static str {
        match self {
            Self::ResizeImage => "ResizeImage",
            Self::PresignUpload => "PresignUpload",
            Self::UploadImage => "UploadImage",
            Self::ReadMetadata => "ReadMetadata",
        }
    }

    /// The parameter with the key of its zip. The first function's is the plain one.
    fn key_parameter(self) -> String {
        match self {
            Self::ResizeImage => "CodeKey".to_owned(),
            Self::PresignUpload | Self::UploadImage | Self::ReadMetadata => {
                format!("{}CodeKey", self.id())
            }
        }
    }
}

/// The bucket with the zips of a stack's functions, and what they are built for.
#[derive(Debug)]
pub struct CodeBucket {
    name: Value<String>,
    architecture: Value<Architecture>,
}

/// Where the zip of a function is, and what it is built for.
#[derive(Debug, Clone)]
pub struct CodeLocation {
    program: Program,
    bucket: Value<String>,
    key: Value<String>,
    architecture: Value<Architecture>,
}

/// Adds the parameters `CodeBucket` and `Architecture`, which is this one where none is given. As the code's
/// place and processor are matters of parameters, a template changes only when the infrastructure does.
pub fn code_bucket(stack: &mut Stack, architecture: Architecture) -> CodeBucket {
    let name = Parameter::text("Bucket in this region with the zips").allowed_pattern(
        "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "has 3 to 63 of a-z, 0-9, . and -",
    );
    let processor = Parameter::one_of(
        "Processor of the zips",
        [Architecture::Arm64, Architecture::X86_64],
    );
    CodeBucket {
        name: stack.parameter("CodeBucket", name),
        architecture: stack.parameter("Architecture", processor.default(architecture)),
    }
}

impl CodeBucket {
    /// Adds the parameter with the key of a program's zip.
    pub fn zip(&self, stack: &mut Stack, program: Program) -> CodeLocation {
        let description = format!(
            "Key of the zip of {}, another one for each build",
            program.name()
        );
        CodeLocation {
            program,
            bucket: self.name.clone(),
            architecture: self.architecture.clone(),
            key: stack.parameter(
                &program.key_parameter(),
                Parameter::text(&description).not_empty(),
            ),
        }
    }
}

/// What is particular to a function.
#[derive(Debug)]
pub struct FunctionSettings<'a> {
    /// Where its zip is, and of which program.
    pub code: &'a CodeLocation,
    /// What it does.
    pub description: &'a str,
    /// What it may do beside writing its log.
    pub permissions: PolicyDocument,
    /// Its environment variables.
    pub environment: Environment,
    /// Memory in MB.
    pub memory_size: u32,
    /// Longest run, in seconds.
    pub timeout: u32,
    /// Most runs at once; `None` for whatever the account has left.
    pub reserved_concurrency: Option<Value<u32>>,
    /// How long its log is kept, in days.
    pub log_retention: &'a Value<u32>,
}

/// Adds a function, a log group with retention and a role that may write this log and do what the
/// settings permit.
pub fn rust_function(stack: &mut Stack, settings: FunctionSettings<'_>) -> Handle<Function> {
    let CodeLocation {
        program,
        bucket,
        key,
        architecture,
    } = settings.code;
    let id = program.id();
    let name = sub![pseudo::stack_name(), "-", program.name()];
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
                policy_name: program.name().into(),
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
            architectures: [architecture.clone()],
            runtime: Runtime::ProvidedAl2023.into(),
            handler: "bootstrap".into(),
            code: Code {
                s3_bucket: bucket.clone(),
                s3_key: key.clone(),
            },
            role: role.arn(),
            memory_size: settings.memory_size.into(),
            timeout: settings.timeout.into(),
            reserved_concurrent_executions: settings.reserved_concurrency,
            environment: settings.environment,
            logging_config: LoggingConfig {
                log_format: LogFormat::Json.into(),
                log_group: logs.name(),
            },
        },
    )
}
