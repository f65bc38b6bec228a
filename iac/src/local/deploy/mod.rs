//! The stack into the engine, through a CloudFormation change set as into AWS, and what is known of it
//! afterwards.

mod change_set;
mod describe;
mod wait;

use std::path::PathBuf;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::config::{BehaviorVersion, Config, Region};
use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use thiserror::Error;

use super::causes::reason;
use super::engine::{Access, AccessError, REGION};

pub use change_set::{Change, ChangeSet};

/// CloudFormation in the engine, for one stack.
#[derive(Debug, Clone)]
pub struct Deployment {
    client: Client,
    access: Access,
    stack: String,
}

/// Why a stack is not deployed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeployError {
    /// No template.
    #[error("cannot read the template {}; write it with `iac synth`, or name its folder with --generated", path.display())]
    Template {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that is no template.
    #[error("{} is no template; write it with `iac synth`", path.display())]
    NoTemplate {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_yaml::Error,
    },
    /// CloudFormation refused a request.
    #[error("CloudFormation in the engine refused to {action}: {reason}")]
    Refused {
        /// What was asked.
        action: &'static str,
        /// Its answer.
        reason: String,
    },
    /// The change set failed.
    #[error("the change set of {stack} failed: {reason}")]
    ChangeSet {
        /// The stack.
        stack: String,
        /// Why.
        reason: String,
    },
    /// Resources failed.
    #[error("the deployment of {stack} ended as {status}:\n{}", failures.join("\n"))]
    Failed {
        /// The stack.
        stack: String,
        /// The stack's status.
        status: String,
        /// Each failed resource with its reason.
        failures: Vec<String>,
    },
    /// Nothing happened for too long.
    #[error("the deployment of {stack} is still {status} after {seconds} s")]
    Timeout {
        /// The stack.
        stack: String,
        /// The stack's status.
        status: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The engine returned a template that cannot be read.
    #[error("the engine's copy of the template is not readable")]
    Unreadable(#[source] serde_yaml::Error),
    /// The engine does not answer.
    #[error(transparent)]
    Engine(#[from] AccessError),
    /// An output that the stack needs for this.
    #[error("the stack {stack} has no output `{output}`, which `iac local` needs")]
    NoOutput {
        /// The stack.
        stack: String,
        /// The output.
        output: String,
    },
}

impl Deployment {
    /// Talks to the engine's CloudFormation as root.
    pub fn new(access: &Access, stack: &str) -> Self {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .endpoint_url(access.endpoint())
            .credentials_provider(access.credentials.clone())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            client: Client::from_conf(config),
            access: access.clone(),
            stack: stack.to_owned(),
        }
    }
}

fn refused(
    action: &'static str,
    error: &(impl ProvideErrorMetadata + std::error::Error),
) -> DeployError {
    DeployError::Refused {
        action,
        reason: reason(error),
    }
}
