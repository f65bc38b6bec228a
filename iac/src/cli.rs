//! The command line.

use clap::{Parser, Subcommand};

#[cfg(feature = "build")]
use crate::commands::build::BuildArgs;
use crate::commands::cost::CostArgs;
use crate::commands::functions::FunctionsArgs;
use crate::commands::graph::GraphArgs;
#[cfg(feature = "local")]
use crate::commands::local::LocalArgs;
use crate::commands::synth::SynthArgs;
#[cfg(feature = "aws")]
use crate::commands::{backfill::BackfillArgs, redrive::RedriveArgs};

/// Typed infrastructure for a serverless image pipeline: Rust in, CloudFormation out.
#[derive(Debug, Parser)]
#[command(name = "iac", version, after_help = HELP)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, a module each in [`commands`](crate::commands).
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Write each stack's files under generated/, or check that they are what the code says
    Synth(SynthArgs),
    /// Tell what a million images cost in each stack, by formula from its template
    Cost(CostArgs),
    /// Draw a stack: text for Markdown, or SVG
    Graph(GraphArgs),
    /// List the functions that stacks need, by their executables
    Functions(FunctionsArgs),
    /// Run a whole stack on this machine: no AWS account, no Docker
    #[cfg(feature = "local")]
    Local(LocalArgs),
    /// Cross-compile and zip the functions for Lambda: the same commit gives the same bytes
    #[cfg(feature = "build")]
    Build(BuildArgs),
    /// Run a whole stack on this machine (needs the feature `local`: make local)
    #[cfg(not(feature = "local"))]
    Local(NotBuilt),
    /// Cross-compile and zip the functions for Lambda (needs the feature `build`: make build)
    #[cfg(not(feature = "build"))]
    Build(NotBuilt),
    /// Resize the images that are already in a deployed stack's bucket
    #[cfg(feature = "aws")]
    Backfill(BackfillArgs),
    /// Resize the images that are already in a deployed stack's bucket (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Backfill(NotBuilt),
    /// Give the events in a deployed stack's dead-letter queue to their function once more
    #[cfg(feature = "aws")]
    Redrive(RedriveArgs),
    /// Give the events in a deployed stack's dead-letter queue to their function once more (needs the
    /// feature `aws`)
    #[cfg(not(feature = "aws"))]
    Redrive(NotBuilt),
}

/// The arguments of a command that this build does not have: whatever they are, they are not looked
/// at, so that the answer is what is missing.
#[cfg(not(all(feature = "local", feature = "aws")))]
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub struct NotBuilt {
    /// Arguments of the command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub arguments: Vec<String>,
}

const HELP: &str = "\
Examples:
  iac synth                                write the stacks' files under generated/
  iac synth --check                        in CI: fail where they are not what the code says
  iac graph resize-api                     draw a stack
  iac cost                                 tell what a million images cost
  iac local --demo photo.jpg               send a photo through the whole stack on this machine
  iac build resize-api                     cross-compile and zip the functions of a stack
  iac backfill --stack resize-api          resize what is already in a deployed stack's bucket
  iac redrive --stack upload-events        try again what a deployed stack failed on
`iac COMMAND --help` has more for each.

Exit codes:
  0  done
  1  synth --check: generated/ is not what the code says
  2  the command line is wrong
  3  the model refuses a stack
  4  a file or a port cannot be used
  5  local: the engine or the deployment failed
     backfill, redrive: AWS refuses, or there is no such stack
  6  local --demo: the execution failed
     backfill: the run did not come to its end
  7  backfill: more images failed than tolerated; redrive: a message was kept
130  interrupted";
