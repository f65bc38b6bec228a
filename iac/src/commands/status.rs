//! `iac status`.

use clap::Args;
use serde_json::{Value, json};

use super::events::time;
use super::outputs::table;
use super::{CommandError, Outcome};
use crate::aws::accounts::without_account_of;
use crate::aws::cloudformation::{Activity, Described, Situation, StackClient};
use crate::aws::follow::{Recap, deploy_command};
use crate::aws::{Account, AwsError, Connection, block_on};
use crate::output::{OutputFormat, print};

/// Tell how a deployed stack is, and what can be done with it.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct StatusArgs {
    /// Deployed stack
    pub name: String,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac status resize-api
  iac status resize-api --format json | jq -r .status

Exit codes: 0 done, whatever the status, 2 wrong usage,
5 AWS refuses or does not answer, or there is no such stack

Whoever runs this needs cloudformation:DescribeStacks, DescribeStackEvents and ListStackResources on the
stack";

/// What is known of a stack.
struct Report {
    stack: Described,
    place: String,
    last: Option<Recap>,
    resources: usize,
    next: String,
}

/// Prints what is known.
///
/// # Errors
/// There is no such stack, AWS refuses or does not answer, or standard output cannot be written.
pub fn run(args: &StatusArgs) -> Result<Outcome, CommandError> {
    let report = block_on(look(args))?;
    print(|out| match args.format {
        OutputFormat::Text => write!(out, "{}", report.text()),
        OutputFormat::Json => writeln!(out, "{:#}", report.json()),
    })?;
    Ok(Outcome::Done)
}

async fn look(args: &StatusArgs) -> Result<Report, AwsError> {
    let account = Account::connect(&args.connection).await?;
    let client = StackClient::new(&account, &args.name);
    let stack = client.described().await?;
    let last = match client.last_operation().await? {
        Some(operation) => Some(Recap::of(&client, &operation).await?),
        None => None,
    };
    let resources = client.resources().await?.len();
    Ok(Report {
        place: account.place(),
        next: next(&stack, &args.connection.options()),
        stack,
        last,
        resources,
    })
}

impl Report {
    fn text(&self) -> String {
        let Described {
            name,
            status,
            situation,
            outputs,
            ..
        } = &self.stack;
        let protection = if self.stack.termination_protection {
            "deletion is refused"
        } else {
            "none: it can be deleted"
        };
        let last = self
            .last
            .as_ref()
            .map(|last| ("last operation", last.to_string()));
        let rows = last.into_iter().chain([
            ("resources", self.resources.to_string()),
            ("protection", protection.to_owned()),
            ("drift", self.drift()),
        ]);
        let rows = rows.map(|(name, value)| format!("  {name:<14}  {value}\n"));
        let rows: String = rows.collect();
        let outputs = match outputs.as_slice() {
            [] => String::new(),
            outputs => format!("  outputs\n{}", self.quiet(&table(outputs, "    "))),
        };
        format!(
            "{name} in {} {} ({status})\n{rows}{outputs}Next: {}\n",
            self.place,
            words(situation),
            self.next
        )
    }

    /// A value without the account: how a stack is, is printed into logs. `iac outputs` has it.
    fn quiet(&self, value: &str) -> String {
        without_account_of(&self.stack.id, value)
    }

    fn drift(&self) -> String {
        let Some(drift) = &self.stack.drift else {
            return "nobody looked".to_owned();
        };
        let status = match drift.status.as_str() {
            "IN_SYNC" => "none",
            "DRIFTED" => "resources differ from the template",
            other => other,
        };
        match drift.checked.as_ref().and_then(time) {
            Some(time) => format!("{status}, as of {time}"),
            None => status.to_owned(),
        }
    }

    fn json(&self) -> Value {
        let Described {
            name,
            status,
            status_reason,
            situation,
            description,
            parameters,
            outputs,
            tags,
            termination_protection,
            drift,
            created,
            updated,
            ..
        } = &self.stack;
        let outputs = outputs.iter();
        let outputs = outputs.map(|it| (it.name.clone(), self.quiet(&it.value).into()));
        let parameters = parameters.iter();
        let parameters = parameters.map(|(name, value)| (name.clone(), self.quiet(value).into()));
        let drift = drift.as_ref().map(|drift| {
            json!({"status": drift.status, "checked": drift.checked.as_ref().and_then(time)})
        });
        json!({
            "stack": name,
            "status": status,
            "reason": status_reason,
            "runs": situation.is_busy(),
            "situation": words(situation),
            "description": description,
            "created": created.as_ref().and_then(time),
            "updated": updated.as_ref().and_then(time),
            "lastOperation": self.last,
            "resources": self.resources,
            "terminationProtection": termination_protection,
            "drift": drift,
            "parameters": Value::Object(parameters.collect()),
            "tags": tags,
            "outputs": Value::Object(outputs.collect()),
            "next": self.next,
        })
    }
}

/// A situation, for a sentence that begins with the stack.
fn words(situation: &Situation) -> &str {
    match situation {
        Situation::Absent => "is deleted",
        Situation::InReview => "has changes that nobody executed, and nothing else",
        Situation::Ready => "is deployed",
        Situation::Busy(Activity::Creating) => "is being created",
        Situation::Busy(Activity::Updating) => "is being updated",
        Situation::Busy(Activity::CleaningUp) => "is having its leftovers deleted",
        Situation::Busy(Activity::RollingBack) => "is being rolled back",
        Situation::Busy(Activity::Deleting) => "is being deleted",
        Situation::Busy(Activity::Importing) => "is taking resources in",
        Situation::RolledBack => "was never created and can only be deleted",
        Situation::UpdateFailed => {
            "is between two versions: an update failed and nothing was undone"
        }
        Situation::UpdateRollbackFailed => {
            "is between two versions: an update failed, and so did undoing it"
        }
        Situation::ImportRollbackFailed => "failed to take resources in, and to undo that",
        Situation::DeleteFailed => "is half deleted",
        Situation::Unknown(_) => "has a status that this program does not know",
    }
}

/// What to do next: a sentence with a command.
fn next(stack: &Described, options: &str) -> String {
    let name = &stack.name;
    let deploy = deploy_command(name, options);
    match &stack.situation {
        Situation::Absent | Situation::InReview => format!("{deploy} creates it"),
        Situation::Ready => {
            format!("{deploy} updates it, `iac destroy {name}{options}` deletes it")
        }
        Situation::Busy(_) => format!("`iac attach {name}{options}` follows it"),
        Situation::RolledBack => {
            format!("`iac attach {name}{options}` says why, {deploy} deletes it and goes on")
        }
        Situation::UpdateRollbackFailed => {
            format!("`iac attach {name}{options}` says why, {deploy} continues the rollback")
        }
        Situation::UpdateFailed => format!("`iac attach {name}{options}` says why and what to do"),
        Situation::ImportRollbackFailed | Situation::Unknown(_) => {
            format!("`iac events {name}{options}` says what happened")
        }
        Situation::DeleteFailed => format!(
            "`iac attach {name}{options}` says why, `iac destroy {name}{options}` tries again"
        ),
    }
}
