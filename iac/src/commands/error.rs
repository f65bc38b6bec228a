//! What stops a command.

use crate::cfn::ModelError;
use crate::file_error::FileError;
use crate::stacks::STACKS;

/// What stops a command. The display says what to do next; the cause is kept as the source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// A name on the command line is no stack's.
    #[error("there is no stack `{name}`; there is {known}")]
    UnknownStack {
        /// The name.
        name: String,
        /// The stacks there are, joined by commas.
        known: String,
    },
    /// The build has no such command.
    #[cfg(not(feature = "local"))]
    #[error(
        "this build has no `{command}`, which needs the AWS SDK: run `make {command}`, or `cargo run -p iac --features local -- {command}`"
    )]
    NotBuilt {
        /// The command.
        command: &'static str,
    },
    /// `iac local` ended early.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Local(#[from] crate::local::LocalError),
    /// `iac package` made no zip.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Package(#[from] super::package::PackageCommandError),
    /// The model refuses a stack.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl CommandError {
    /// No stack has this name.
    #[must_use]
    pub fn unknown_stack(name: &str) -> Self {
        let known: Vec<_> = STACKS.iter().map(|entry| entry.name).collect();
        Self::UnknownStack {
            name: name.to_owned(),
            known: known.join(", "),
        }
    }

    /// The exit code, as `--help` documents it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::UnknownStack { .. } => 2,
            #[cfg(not(feature = "local"))]
            Self::NotBuilt { .. } => 2,
            #[cfg(feature = "local")]
            Self::Local(error) => error.exit_code(),
            #[cfg(feature = "local")]
            Self::Package(error) => error.exit_code(),
            Self::Model(_) => 3,
            Self::File(_) => 4,
        }
    }
}
