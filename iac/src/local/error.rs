//! Why `iac local` ended, and the exit code that says so.

use std::path::PathBuf;

use thiserror::Error;

use super::demo::DemoError;
use super::deploy::DeployError;
use super::engine::{Engine, EngineError};
use super::gateway::GatewayError;
use super::storage::StorageError;
use crate::package::PackageError;

/// Why `iac local` ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LocalError {
    /// There is no engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The function cannot be packaged.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The stack is not deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The API cannot be served.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A file did not get into a bucket or out of it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The demo did not get to its end.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// A parameter without a value.
    #[error("--parameter takes Key=Value, not `{0}`")]
    Parameter(String),
    /// Something went wrong while the engine ran.
    #[error("{source}; the engine's log is {}", log.display())]
    WithLog {
        /// What.
        source: Box<LocalError>,
        /// The engine's log, which stays.
        log: PathBuf,
    },
    /// Ctrl-C, SIGTERM or SIGHUP before the API was served.
    #[error("interrupted; everything that was started has ended")]
    Interrupted,
    /// The runtime cannot be started.
    #[error("cannot start")]
    Runtime(#[source] std::io::Error),
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl LocalError {
    /// The exit code: 2 wrong usage, 4 a file or a port, 5 the engine or the deployment, 6 the demo's
    /// execution failed, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Parameter(_) => 2,
            Self::Package(_)
            | Self::Read { .. }
            | Self::Runtime(_)
            | Self::Deploy(DeployError::Template { .. })
            | Self::Gateway(GatewayError::Listen { .. })
            | Self::Storage(StorageError::File { .. })
            | Self::Demo(DemoError::File { .. }) => 4,
            Self::Engine(_) | Self::Deploy(_) | Self::Gateway(_) | Self::Storage(_) => 5,
            Self::Demo(_) => 6,
            Self::WithLog { source, .. } => source.exit_code(),
            Self::Interrupted => 130,
        }
    }

    /// Leaves the engine's log behind, and names it. Wrong usage and an interruption have nothing in it.
    pub(crate) fn with_log_of(self, engine: &mut Engine) -> Self {
        if self.exit_code() < 5 || matches!(self, Self::Interrupted | Self::Engine(_)) {
            return self;
        }
        engine.keep_log();
        Self::WithLog {
            source: Box::new(self),
            log: engine.log().to_owned(),
        }
    }
}
