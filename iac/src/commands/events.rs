//! `iac events`.

use aws_sdk_cloudformation::primitives::{DateTime, DateTimeFormat};
use clap::Args;
use serde_json::{Value, json};

use super::{CommandError, Outcome};
use crate::aws::cloudformation::{StackClient, StackEvent};
use crate::aws::{Account, Connection, block_on};
use crate::output::{OutputFormat, print};

/// Print what happened to a deployed stack, the newest last.
///
/// The times are AWS's, in UTC.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct EventsArgs {
    /// Deployed stack
    pub name: String,
    /// Only what failed
    #[arg(long)]
    pub failed: bool,
    /// The newest so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for an array
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac events resize-api                        the newest 50
  iac events resize-api --failed --limit 5     the newest five failures

Exit codes: 0 done, 2 wrong usage, 5 AWS refuses or does not answer, or there is no such stack

Whoever runs this needs cloudformation:DescribeStackEvents on the stack";

/// Prints the events.
///
/// # Errors
/// There is no such stack, AWS refuses or does not answer, or standard output cannot be written.
pub fn run(args: &EventsArgs) -> Result<Outcome, CommandError> {
    let events = block_on(async {
        let account = Account::connect(&args.connection).await?;
        let client = StackClient::new(&account, &args.name);
        let keep = |event: &StackEvent| !args.failed || event.is_failure();
        let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
        client.newest_events(limit, keep).await
    })?;
    print(|out| match args.format {
        OutputFormat::Text => events
            .iter()
            .try_for_each(|event| writeln!(out, "{}", line(event))),
        OutputFormat::Json => {
            let events: Vec<_> = events.iter().map(facts).collect();
            writeln!(out, "{:#}", json!(events))
        }
    })?;
    Ok(Outcome::Done)
}

fn line(event: &StackEvent) -> String {
    let StackEvent {
        status,
        resource_type,
        logical_id,
        reason,
        ..
    } = event;
    let time = event.time.as_ref().and_then(time).unwrap_or_default();
    let mut line = format!("{time:<24}  {resource_type:<28}  {logical_id:<28}  {status}");
    for more in [reason, &event.hook].into_iter().flatten() {
        line = format!("{line}: {more}");
    }
    line
}

fn facts(event: &StackEvent) -> Value {
    json!({
        "time": event.time.as_ref().and_then(time),
        "logicalId": event.logical_id,
        "type": event.resource_type,
        "status": event.status,
        "reason": event.reason,
        "hook": event.hook,
    })
}

/// A time of AWS, to the millisecond at most.
pub(super) fn time(time: &DateTime) -> Option<String> {
    time.fmt(DateTimeFormat::DateTime).ok()
}
