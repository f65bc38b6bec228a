//! `iac redrive`.

use clap::Args;
use serde_json::json;

use super::Outcome;
use crate::aws::redrive::{Extent, Fate, Handled, Redrive, Summary};
use crate::aws::{Account, AwsError, Connection, DeployedStack, Interrupt, block_on};
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Give the events in a deployed stack's dead-letter queue to their function once more.
///
/// Each message is shown with the object it is about and the error the function ended with. It leaves the
/// queue only after Lambda has taken its event; what cannot be redriven stays and is named. Whatever fails
/// again comes back into the queue.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct RedriveArgs {
    /// Deployed stack
    #[arg(long)]
    pub stack: String,
    /// Messages at most [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max: Option<u64>,
    /// Only show them
    #[arg(long)]
    pub dry_run: bool,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object a line, each with an `event`: found, redriven, shown, kept,
    /// finished
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac redrive --stack upload-events --dry-run    show what is in the queue and why
  iac redrive --stack upload-events              redrive all of it
  iac redrive --stack upload-events --max 10     ten first, to see whether the cause is gone

Exit codes: 0 done, 2 wrong usage,
5 AWS refuses or does not answer, or there is no such stack or queue,
7 a message was kept, 130 interrupted: what was not redriven is in the queue

Whoever runs this needs cloudformation:DescribeStacks and ListStackResources on the stack;
sqs:GetQueueAttributes, ReceiveMessage, ChangeMessageVisibility and DeleteMessage on its dead-letter queue;
and lambda:InvokeFunction on its functions";

/// Runs the command until the queue is empty or the command is interrupted.
///
/// # Errors
/// See [`AwsError`]; its `exit_code` is the process's.
pub fn run(args: &RedriveArgs) -> Result<Outcome, AwsError> {
    block_on(session(args))
}

async fn session(args: &RedriveArgs) -> Result<Outcome, AwsError> {
    let reporter = Reporter::new(args.format);
    let mut interrupt = Interrupt::new()?;
    let find = async {
        let account = Account::connect(&args.connection).await?;
        let stack = DeployedStack::read(&account, &args.stack).await?;
        let redrive = Redrive::of_stack(&account, &stack)?;
        let waiting = redrive.waiting().await?;
        Ok((redrive, waiting))
    };
    let nothing = || "nothing was redriven".to_owned();
    let (mut redrive, waiting) = interrupt.or(Box::pin(find), nothing).await?;
    reporter.fact(
        "found",
        json!({"stack": args.stack, "waiting": waiting}),
        &format!(
            "The dead-letter queue of {} has about {waiting} messages",
            args.stack
        ),
    );
    let extent = Extent {
        max: args.max,
        dry_run: args.dry_run,
    };
    let run = redrive.run(extent, &mut interrupt, |handled| tell(handled, reporter));
    let summary = Box::pin(run).await?;
    finish(&summary, reporter)
}

/// Tells what became of a message.
fn tell(handled: &Handled, reporter: Reporter) {
    let Handled {
        message,
        record,
        fate,
    } = handled;
    let (event, word, reason) = match fate {
        Fate::Redriven => ("redriven", "redriven", None),
        Fate::Shown => ("shown", "can be redriven", None),
        Fate::Kept { reason } => ("kept", "KEPT", Some(reason)),
    };
    let (mut facts, what) = match record {
        Some(record) => (
            json!({
                "messageId": message, "function": record.function, "keys": record.keys,
                "error": record.error, "message": record.message,
            }),
            format!(
                "{} ({}: {})",
                record.keys.join(", "),
                record.error,
                record.message
            ),
        ),
        None => (json!({"messageId": message}), format!("message {message}")),
    };
    let mut text = format!("  {word}  {what}");
    if let Some(reason) = reason {
        facts["reason"] = json!(reason);
        text = format!("{text}\n    {reason}");
    }
    reporter.fact(event, facts, &text);
}

fn finish(summary: &Summary, reporter: Reporter) -> Result<Outcome, AwsError> {
    let Summary {
        redriven,
        shown,
        kept,
        interrupted,
    } = *summary;
    let text = match (shown, kept) {
        (0, 0) => format!("{redriven} redriven"),
        (0, _) => format!("{redriven} redriven, {kept} kept in the queue"),
        _ => format!("{shown} can be redriven, {kept} cannot; all are in the queue"),
    };
    reporter.fact(
        "finished",
        json!({"redriven": redriven, "shown": shown, "kept": kept, "interrupted": interrupted}),
        &text,
    );
    match (interrupted, kept) {
        (true, _) => Err(AwsError::Interrupted(
            "what was not redriven is in the queue".to_owned(),
        )),
        (false, 0) => Ok(Outcome::Done),
        (false, _) => Ok(Outcome::Incomplete),
    }
}
