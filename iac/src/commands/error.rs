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
    #[cfg(not(all(feature = "local", feature = "aws")))]
    #[error(
        "this build has no `{command}`, which needs more libraries: run {}`cargo run -p iac --features {feature} -- {command}`",
        if *feature == "aws" { String::new() } else { format!("`make {command}`, or ") }
    )]
    NotBuilt {
        /// The command.
        command: &'static str,
        /// The feature it belongs to.
        feature: &'static str,
    },
    /// A command on a deployed stack ended early.
    #[cfg(feature = "aws")]
    #[error(transparent)]
    Aws(#[from] crate::aws::AwsError),
    /// `iac local` ended early.
    #[cfg(feature = "local")]
    #[error(transparent)]
    Local(#[from] crate::local::LocalError),
    /// `iac build` made no zip.
    #[cfg(feature = "build")]
    #[error(transparent)]
    Build(#[from] super::build::BuildCommandError),
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

    /// The build has no such command, because it lacks a feature.
    #[cfg(not(all(feature = "local", feature = "aws")))]
    #[must_use]
    pub const fn not_built(command: &'static str, feature: &'static str) -> Self {
        Self::NotBuilt { command, feature }
    }

    /// The exit code, as `--help` documents it.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::UnknownStack { .. } => 2,
            #[cfg(not(all(feature = "local", feature = "aws")))]
            Self::NotBuilt { .. } => 2,
            #[cfg(feature = "aws")]
            Self::Aws(error) => error.exit_code(),
            #[cfg(feature = "local")]
            Self::Local(error) => error.exit_code(),
            #[cfg(feature = "build")]
            Self::Build(error) => error.exit_code(),
            Self::Model(_) => 3,
            Self::File(_) => 4,
        }
    }
}
