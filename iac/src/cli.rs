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
use crate::commands::{
    attach::AttachArgs, backfill::BackfillArgs, deploy::DeployArgs, destroy::DestroyArgs,
    diff::DiffArgs, drift::DriftArgs, events::EventsArgs, outputs::OutputsArgs, plan::PlanArgs,
    redrive::RedriveArgs, resize::ResizeArgs, status::StatusArgs,
};

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
    /// Show what a deployment would change, with the digest that approves it
    #[cfg(feature = "aws")]
    Plan(PlanArgs),
    /// Show what a deployment would change, with the digest that approves it (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Plan(NotBuilt),
    /// Deploy a stack: show what changes, ask, carry it out, and tell how it goes
    #[cfg(feature = "aws")]
    Deploy(DeployArgs),
    /// Deploy a stack: show what changes, ask, carry it out, and tell how it goes (needs the feature `aws`:
    /// make deploy)
    #[cfg(not(feature = "aws"))]
    Deploy(NotBuilt),
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
    /// Show how a deployed stack differs from what is generated
    #[cfg(feature = "aws")]
    Diff(DiffArgs),
    /// Show how a deployed stack differs from what is generated (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Diff(NotBuilt),
    /// Tell how a deployed stack is, and what can be done with it
    #[cfg(feature = "aws")]
    Status(StatusArgs),
    /// Tell how a deployed stack is, and what can be done with it (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Status(NotBuilt),
    /// Follow what happens to a deployed stack, or tell how its last operation ended
    #[cfg(feature = "aws")]
    Attach(AttachArgs),
    /// Follow what happens to a deployed stack, or tell how its last operation ended (needs the feature
    /// `aws`)
    #[cfg(not(feature = "aws"))]
    Attach(NotBuilt),
    /// Print the outputs of a deployed stack
    #[cfg(feature = "aws")]
    Outputs(OutputsArgs),
    /// Print the outputs of a deployed stack (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Outputs(NotBuilt),
    /// Print what happened to a deployed stack
    #[cfg(feature = "aws")]
    Events(EventsArgs),
    /// Print what happened to a deployed stack (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Events(NotBuilt),
    /// Send a photo through a deployed stack, and tell how long each step takes
    #[cfg(feature = "aws")]
    Resize(ResizeArgs),
    /// Send a photo through a deployed stack, and tell how long each step takes (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Resize(NotBuilt),
    /// Compare a deployed stack's resources with its template
    #[cfg(feature = "aws")]
    Drift(DriftArgs),
    /// Compare a deployed stack's resources with its template (needs the feature `aws`)
    #[cfg(not(feature = "aws"))]
    Drift(NotBuilt),
    /// Delete a deployed stack: show what goes and what stays, ask, and tell how it goes
    #[cfg(feature = "aws")]
    Destroy(DestroyArgs),
    /// Delete a deployed stack: show what goes and what stays, ask, and tell how it goes (needs the feature
    /// `aws`)
    #[cfg(not(feature = "aws"))]
    Destroy(NotBuilt),
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
  iac plan resize-api                      show what a deployment would change
  iac deploy resize-api                    show it, ask, deploy
  iac backfill --stack resize-api          resize what is already in a deployed stack's bucket
  iac redrive --stack upload-events        try again what a deployed stack failed on
  iac diff resize-api                      compare what is deployed with what is generated
  iac status resize-api                    tell how a deployed stack is, and what to do next
  iac attach resize-api                    follow its deployment, whoever started it
  iac resize photo.jpg                     send a photo through a deployed stack
  iac drift resize-api                     tell what somebody changed by hand
  iac destroy resize-api                   show what goes and what stays, ask, delete
`iac COMMAND --help` has more for each.

Exit codes:
  0  done
  1  synth --check, plan, deploy: generated/ is not what the code says; diff: there is a difference
     drift: a resource is not what the template says
  2  the command line is wrong
  3  the model refuses a stack
  4  a file or a port cannot be used
  5  local: the engine or the deployment failed
     on a deployed stack: AWS refuses, or there is no such stack
  6  local --demo: the execution failed
     resize: the photo was not resized; backfill: the run did not come to its end
     on a deployed stack: the operation failed and was rolled back
  7  backfill: more images failed than tolerated; redrive: a message was kept
  8  deploy, destroy: not approved; nothing was changed
  9  deploy: the plan is not the one that was approved; nothing was changed
 10  the operation failed, and the stack needs a person
 11  AWS does not answer any more while an operation goes on
130  interrupted; what runs in AWS goes on";
