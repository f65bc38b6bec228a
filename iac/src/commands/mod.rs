//! The commands, a file each, and what they have in common: an error, an exit code.

#[cfg(feature = "aws")]
pub mod backfill;
#[cfg(feature = "build")]
pub mod build;
pub mod cost;
pub mod error;
pub mod functions;
pub mod graph;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "aws")]
pub mod redrive;
pub mod synth;

use std::process::ExitCode;

pub use error::CommandError;

use crate::causes::causes;
use crate::cli::{Cli, Command};

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well: exit code 0.
    Done,
    /// A check found a difference: exit code 1.
    Different,
    /// What was followed did not come to its end: exit code 6.
    Failed,
    /// Some of many things could not be done, more than tolerated: exit code 7.
    Incomplete,
}

impl Outcome {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Different => 1,
            Self::Failed => 6,
            Self::Incomplete => 7,
        }
    }
}

/// Runs the command line; prints an error with its causes to standard error.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    let result = match &cli.command {
        Command::Synth(args) => synth::run(args),
        Command::Cost(args) => cost::run(args),
        Command::Graph(args) => graph::run(args),
        Command::Functions(args) => functions::run(args),
        #[cfg(feature = "local")]
        Command::Local(args) => local::run(args).map_err(CommandError::from),
        #[cfg(feature = "build")]
        Command::Build(args) => build::run(args),
        #[cfg(feature = "aws")]
        Command::Backfill(args) => backfill::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Redrive(args) => redrive::run(args).map_err(CommandError::from),
        #[cfg(not(feature = "local"))]
        Command::Local(_) => Err(CommandError::not_built("local", "local")),
        #[cfg(not(feature = "build"))]
        Command::Build(_) => Err(CommandError::not_built("build", "build")),
        #[cfg(not(feature = "aws"))]
        Command::Backfill(_) => Err(CommandError::not_built("backfill", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Redrive(_) => Err(CommandError::not_built("redrive", "aws")),
    };
    match result {
        Ok(outcome) => ExitCode::from(outcome.code()),
        Err(error) => {
            eprintln!("error: {error}");
            for cause in causes(&error) {
                eprintln!("  caused by: {cause}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
