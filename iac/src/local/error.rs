//! Why `iac local` ended, and the exit code that says so.

use std::path::PathBuf;

use lambda::FailureName;
use thiserror::Error;

use super::demo::DemoError;
use super::deploy::DeployError;
use super::engine::{Engine, EngineError};
use super::functions::FunctionsError;
use super::gateway::GatewayError;
use super::notifications::NotificationError;
use super::report::Reporter;
use super::storage::StorageError;

/// Why `iac local` ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LocalError {
    /// There is no engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The code of a function is not there.
    #[error(transparent)]
    Functions(#[from] FunctionsError),
    /// The stack is not deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The API cannot be served.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A bucket could not be made on AWS.
    #[error(transparent)]
    Notification(#[from] NotificationError),
    /// A file did not get into a bucket or out of it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The demo did not get to its end.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A parameter without a value.
    #[error("--parameter takes Key=Value, not `{0}`")]
    Parameter(String),
    /// Two values for a parameter.
    #[error("--parameter gives `{0}` twice; give it once")]
    ParameterTwice(String),
    /// Two files for one key.
    #[error("{} and {} would both get the key `{key}`; rename one of them", first.display(), second.display())]
    SameKey {
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// Their name.
        key: String,
    },
    /// A parameter that the stack does not have.
    #[error("the stack {stack} has no parameter `{name}`; it has {known}")]
    UnknownParameter {
        /// The stack.
        stack: String,
        /// The name.
        name: String,
        /// The names there are, joined by commas.
        known: String,
    },
    /// A stack that the page is not for.
    #[error(
        "the page of --open uploads by POST /uploads, which the API of {0} does not have; `iac local --stack upload-events --open` has it"
    )]
    NoPage(String),
    /// Ctrl-C, SIGTERM or SIGHUP before the API was served.
    #[error("interrupted; everything that was started has ended")]
    Interrupted,
    /// The runtime cannot be started.
    #[error("cannot start")]
    Runtime(#[source] std::io::Error),
}

impl LocalError {
    /// The exit code: 2 wrong usage, 4 a file or a port, 5 the engine or the deployment, 6 the demo's
    /// execution failed, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Parameter(_)
            | Self::ParameterTwice(_)
            | Self::UnknownParameter { .. }
            | Self::NoPage(_)
            | Self::SameKey { .. } => 2,
            Self::Functions(_)
            | Self::Runtime(_)
            | Self::Deploy(DeployError::Template { .. } | DeployError::NoTemplate { .. })
            | Self::Gateway(GatewayError::Listen { .. })
            | Self::Storage(
                StorageError::File { .. } | StorageError::NoFile(_) | StorageError::NoName(_),
            )
            | Self::Demo(DemoError::File { .. }) => 4,
            Self::Engine(_)
            | Self::Deploy(_)
            | Self::Gateway(_)
            | Self::Notification(_)
            | Self::Storage(_) => 5,
            Self::Demo(_) => 6,
            Self::Interrupted => 130,
        }
    }

    /// Leaves the engine's log behind and names it, where it may say more than the error does.
    pub(crate) fn keeping_log_of(self, engine: &mut Engine, reporter: Reporter) -> Self {
        if self.is_in_log() {
            let log = engine.keep_log();
            reporter.kept("the engine's log", log);
        }
        self
    }

    /// Whether the engine's log may tell why. It knows nothing of what is wrong with a file, an option or
    /// a template, and no more than the error does of an image that the function refused.
    fn is_in_log(&self) -> bool {
        let is_refusal = |error: &str| {
            FailureName::ALL
                .iter()
                .any(|name| name.as_str() == error && *name != FailureName::InternalError)
        };
        match self {
            // An engine that ended has named its log.
            Self::Engine(_)
            | Self::Interrupted
            | Self::Notification(_)
            | Self::Deploy(DeployError::NoOutput { .. }) => false,
            Self::Gateway(error) => matches!(error, GatewayError::Engine(_)),
            Self::Demo(DemoError::Execution { error, .. }) => !is_refusal(error),
            other => other.exit_code() >= 5,
        }
    }
}
