//! `iac destroy`.

use clap::Args;

use super::Outcome;
use crate::aws::destroy::{Destroyer, Options};
use crate::aws::follow::FollowArgs;
use crate::aws::{AwsError, Connection, block_on};
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Delete a deployed stack: show what goes and what stays, ask, and tell how it goes.
///
/// What the deployed template keeps (`DeletionPolicy: Retain`) stays and belongs to no stack any more. A
/// bucket that goes has to be empty; it is emptied only when it is named.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct DestroyArgs {
    /// Deployed stack
    pub name: String,
    /// Delete it without a question
    #[arg(long)]
    pub yes: bool,
    /// Bucket of the stack to empty first, all versions included: its name, or its logical id
    #[arg(long, value_name = "BUCKET")]
    pub empty: Vec<String>,
    /// Resource that stays, where a deletion failed on it before: its logical id
    #[arg(long, value_name = "LOGICAL_ID")]
    pub retain: Vec<String>,
    /// How it is followed
    #[command(flatten)]
    pub follow: FollowArgs,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object a line, each with an `event`: destroy, emptied, resource,
    /// stack, finished and more
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac destroy resize-test                          show it, ask, delete
  iac destroy resize-test --yes                    without a question
  iac destroy photos --empty SourceBucket          with everything that is in the bucket SourceBucket
  iac destroy photos --retain SourceBucket         where the deletion failed on it: without it

Exit codes: 0 deleted, 2 wrong usage, or no such bucket in the stack, 5 AWS refuses or does not answer, or
there is no such stack (a wrong name or region must not look like a deletion),
8 not approved, or a bucket is not empty and was not named: nothing was changed,
10 the deletion failed half way, and the stack needs a person, 11 AWS does not answer any more while it
goes on, 130 interrupted: the message says what was done and what goes on";

/// Deletes.
///
/// # Errors
/// See [`AwsError`]; its `exit_code` is the process's.
pub fn run(args: &DestroyArgs) -> Result<Outcome, AwsError> {
    let options = Options {
        yes: args.yes,
        empty: args.empty.clone(),
        retain: args.retain.clone(),
        follow: args.follow,
    };
    let reporter = Reporter::new(args.format);
    block_on(async {
        let destroyer = Destroyer::connect(&args.name, &args.connection, reporter).await?;
        Box::pin(destroyer.destroy(&options)).await
    })
}
