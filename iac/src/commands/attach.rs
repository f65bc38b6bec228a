//! `iac attach`.

use clap::Args;
use serde_json::json;

use super::Outcome;
use crate::aws::cloudformation::StackClient;
use crate::aws::follow::{Follow, FollowArgs};
use crate::aws::{Account, AwsError, Connection, Interrupt, block_on};
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Follow what happens to a deployed stack, or tell how its last operation ended.
///
/// Whoever started it: `iac deploy`, another tool or the console. It is told from its beginning, and ends
/// with the exit code that the deployment itself would have had.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct AttachArgs {
    /// Deployed stack
    pub name: String,
    /// How it is followed
    #[command(flatten)]
    pub follow: FollowArgs,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object a line, each with an `event`: attached, resource, stack,
    /// retrying, answered, then finished or detached
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac attach resize-api                   follow the deployment that runs, or say how the last one ended
  iac attach resize-api --format json     the same for a program

Exit codes: 0 the operation succeeded, or there was none, 2 wrong usage,
5 AWS refuses or does not answer, or there is no such stack,
6 it failed, or was cancelled, and was rolled back, 10 it failed and the stack needs a person,
11 AWS does not answer any more while it goes on, 130 interrupted: it goes on

Whoever runs this needs cloudformation:DescribeStacks and DescribeStackEvents on the stack;
DescribeEvents tells more of a template that CloudFormation refuses";

/// Runs the command until the operation has ended or the command is interrupted.
///
/// # Errors
/// See [`AwsError`]; its `exit_code` is the process's.
pub fn run(args: &AttachArgs) -> Result<Outcome, AwsError> {
    block_on(session(args))
}

async fn session(args: &AttachArgs) -> Result<Outcome, AwsError> {
    let reporter = Reporter::new(args.format);
    let mut interrupt = Interrupt::new()?;
    let find = async {
        let account = Account::connect(&args.connection).await?;
        let client = StackClient::new(&account, &args.name);
        let stack = client.described().await?;
        let operation = client.last_operation().await?;
        Ok((client, stack, operation))
    };
    let nothing = || "nothing was followed".to_owned();
    let (client, stack, operation) = interrupt.or(Box::pin(find), nothing).await?;
    let Some(operation) = operation else {
        reporter.fact(
            "finished",
            json!({"stack": stack.name, "outcome": "none", "status": stack.status}),
            &format!(
                "Nothing happens to {} ({}), and nothing is known of what did before.",
                stack.name, stack.status
            ),
        );
        return Ok(Outcome::Done);
    };
    let noun = operation.kind.noun();
    let runs = stack.situation.is_busy();
    reporter.fact(
        "attached",
        json!({"stack": stack.name, "operation": noun, "status": stack.status, "runs": runs}),
        &if runs {
            format!("The {noun} of {} runs: {}", stack.name, stack.status)
        } else {
            format!("Nothing happens to {}. Its last operation:", stack.name)
        },
    );
    let mut follow =
        Follow::new(&client, &args.connection, args.format, &mut interrupt).with(args.follow);
    let ending = Box::pin(follow.until_end(operation)).await?;
    follow.conclude(&ending)
}
