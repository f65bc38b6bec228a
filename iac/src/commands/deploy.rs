//! `iac deploy`.

use clap::Args;

use super::synth::stale;
use super::{CommandError, Outcome};
use crate::aws::block_on;
use crate::aws::deploy::{Approval, Deployer, Options, Target, TargetArgs};
use crate::aws::follow::FollowArgs;
use crate::generated::Generated;
use crate::output::OutputFormat;
use crate::report::Reporter;
use crate::stacks;

/// Deploy a stack: show what changes, ask, carry it out, and tell how it goes.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct DeployArgs {
    /// What is deployed, as what and where
    #[command(flatten)]
    pub target: TargetArgs,
    /// Carry out the plan, whatever it is; but nothing that takes data away is part of that
    #[arg(long, conflicts_with = "approve")]
    pub yes: bool,
    /// Carry out the plan with this digest, which `iac plan` prints, and no other
    #[arg(long, value_name = "DIGEST")]
    pub approve: Option<String>,
    /// Resource whose data may go: its logical id
    #[arg(long = "allow-loss", value_name = "LOGICAL_ID")]
    pub allow_loss: Vec<String>,
    /// Resource that is left as it is where a rollback that failed is continued: its logical id
    #[arg(long, value_name = "LOGICAL_ID")]
    pub skip: Vec<String>,
    /// Begin, and do not wait for the end
    #[arg(long)]
    pub detach: bool,
    /// How it is followed
    #[command(flatten)]
    pub follow: FollowArgs,
    /// `text` for people; `json` for one object a line, each with an `event`: plan, code, resource, stack,
    /// finished, outputs and more
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac deploy resize-api                                   show the plan, ask, deploy
  iac deploy resize-api --name resize-test --yes          a second one beside it, without a question
  iac deploy resize-api --parameter MaxWidth=1024         with another value; the others stay
  iac deploy resize-api --approve DIGEST                  in CI: what was reviewed, or nothing
  iac deploy resize-api --allow-loss SourceBucket         although the bucket SourceBucket goes
`make deploy STACK=resize-api` builds the functions first.

Exit codes: 0 deployed, or nothing was to be done, 1 generated/ is not what the code says, 2 wrong usage,
3 the model refuses the stack, 4 a zip is missing or cannot run, 5 AWS refuses or does not answer,
6 it failed and was rolled back, 8 not approved, 9 another plan was approved,
10 it failed and the stack needs a person, 11 AWS does not answer any more while it goes on,
130 interrupted: nothing was changed, or it goes on and the message says how to follow it

Whoever runs this needs, on the stack: cloudformation:DescribeStacks, GetTemplate, CreateChangeSet,
DescribeChangeSet, DeleteChangeSet, ListChangeSets, ExecuteChangeSet, DescribeStackEvents, DescribeEvents,
DeleteStack, GetStackPolicy, SetStackPolicy and UpdateTerminationProtection, and for what failed before
ContinueUpdateRollback, RollbackStack and CancelUpdateStack; on the artifact bucket s3:GetObject, PutObject and
ListBucket; lambda:GetFunction; and what the resources need, or iam:PassRole on the role of --role-arn";

/// Deploys.
///
/// # Errors
/// An unknown stack, files that are not what the code says, and whatever ends a deployment early.
pub fn run(args: &DeployArgs) -> Result<Outcome, CommandError> {
    let target = target(&args.target)?;
    let options = Options {
        approval: match &args.approve {
            Some(digest) => Approval::Digest(digest.clone()),
            None if args.yes => Approval::Yes,
            None => Approval::Ask,
        },
        allowed_losses: args.allow_loss.iter().cloned().collect(),
        skip: args.skip.clone(),
        detach: args.detach,
        follow: args.follow,
    };
    let reporter = Reporter::new(args.format);
    Ok(block_on(async {
        let connection = &args.target.connection;
        let deployer = Deployer::connect(target, connection, reporter).await?;
        Box::pin(deployer.deploy(&options)).await
    })?)
}

/// What a command line is about, whose files are what the code says.
pub(super) fn target(args: &TargetArgs) -> Result<Target, CommandError> {
    let entry =
        stacks::find(&args.stack).ok_or_else(|| CommandError::unknown_stack(&args.stack))?;
    let stale = stale(&Generated::at(args.generated.clone()))?;
    if !stale.is_empty() {
        return Err(CommandError::Stale(stale));
    }
    Ok(Target::new(args, entry)?)
}
