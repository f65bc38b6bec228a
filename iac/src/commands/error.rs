//! What stops a command.

use crate::cfn::ModelError;
use crate::file_error::FileError;
use crate::stacks::{self, Entry};

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
        if ["build", "deploy", "local", "plan"].contains(command) { format!("`make {command}`, or ") } else { String::new() }
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
    /// Files under `generated/` that are not what the code says.
    #[cfg(feature = "aws")]
    #[error(
        "generated/ is not what the code says ({}), and only what was reviewed is deployed. See the difference \
         with `cargo run -p iac -- synth --check`; `cargo run -p iac -- synth` writes it, to be read and committed",
        .0.join(", ")
    )]
    Stale(Vec<String>),
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
        Self::not_among(name, stacks::all())
    }

    /// None of these stacks has this name.
    #[must_use]
    pub fn not_among(name: &str, entries: impl IntoIterator<Item = &'static Entry>) -> Self {
        let known: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
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
            #[cfg(feature = "aws")]
            Self::Stale(_) => 1,
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
