//! The commands, a file each, and what they have in common: an error, an exit code.

#[cfg(feature = "aws")]
pub mod attach;
#[cfg(feature = "aws")]
pub mod backfill;
#[cfg(feature = "build")]
pub mod build;
pub mod cost;
#[cfg(feature = "aws")]
pub mod deploy;
#[cfg(feature = "aws")]
pub mod destroy;
#[cfg(feature = "aws")]
pub mod diff;
#[cfg(feature = "aws")]
pub mod drift;
pub mod error;
#[cfg(feature = "aws")]
pub mod events;
pub mod functions;
pub mod graph;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "aws")]
pub mod outputs;
#[cfg(feature = "aws")]
pub mod plan;
#[cfg(feature = "aws")]
pub mod redrive;
#[cfg(feature = "aws")]
pub mod resize;
#[cfg(feature = "aws")]
pub mod status;
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
    /// What was followed did not come to its end, or failed and was undone: exit code 6.
    Failed,
    /// Some of many things could not be done, more than tolerated: exit code 7.
    Incomplete,
    /// A stack was left in a state that needs a person: exit code 10.
    Stuck,
}

impl Outcome {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Different => 1,
            Self::Failed => 6,
            Self::Incomplete => 7,
            Self::Stuck => 10,
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
        Command::Plan(args) => plan::run(args),
        #[cfg(feature = "aws")]
        Command::Deploy(args) => deploy::run(args),
        #[cfg(feature = "aws")]
        Command::Backfill(args) => backfill::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Redrive(args) => redrive::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Diff(args) => diff::run(args),
        #[cfg(feature = "aws")]
        Command::Status(args) => status::run(args),
        #[cfg(feature = "aws")]
        Command::Attach(args) => attach::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Outputs(args) => outputs::run(args),
        #[cfg(feature = "aws")]
        Command::Events(args) => events::run(args),
        #[cfg(feature = "aws")]
        Command::Destroy(args) => destroy::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Drift(args) => drift::run(args).map_err(CommandError::from),
        #[cfg(feature = "aws")]
        Command::Resize(args) => resize::run(args).map_err(CommandError::from),
        #[cfg(not(feature = "local"))]
        Command::Local(_) => Err(CommandError::not_built("local", "local")),
        #[cfg(not(feature = "build"))]
        Command::Build(_) => Err(CommandError::not_built("build", "build")),
        #[cfg(not(feature = "aws"))]
        Command::Plan(_) => Err(CommandError::not_built("plan", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Deploy(_) => Err(CommandError::not_built("deploy", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Backfill(_) => Err(CommandError::not_built("backfill", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Redrive(_) => Err(CommandError::not_built("redrive", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Diff(_) => Err(CommandError::not_built("diff", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Status(_) => Err(CommandError::not_built("status", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Attach(_) => Err(CommandError::not_built("attach", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Outputs(_) => Err(CommandError::not_built("outputs", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Events(_) => Err(CommandError::not_built("events", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Drift(_) => Err(CommandError::not_built("drift", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Resize(_) => Err(CommandError::not_built("resize", "aws")),
        #[cfg(not(feature = "aws"))]
        Command::Destroy(_) => Err(CommandError::not_built("destroy", "aws")),
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
