//! An operation in a line.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::RootCause;
use super::history::{History, Progress, Verdict};
use crate::aws::AwsError;
use crate::aws::cloudformation::{Cursor, Operation, StackClient};
use crate::aws::time::duration;

/// What an operation was and how it ended, as far as it has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recap {
    /// What it is: a creation, an update, ...
    pub operation: &'static str,
    /// How it ended: `running`, `succeeded`, `rolledBack`, `stuck` or `deleted`.
    pub outcome: &'static str,
    /// The time from its first event to its last.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub time: Option<Duration>,
    /// What failed first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<RootCause>,
}

impl Recap {
    /// Reads what is known of an operation.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn of(client: &StackClient, operation: &Operation) -> Result<Self, AwsError> {
        let mut history = History::new(operation.kind);
        history.add(client.news(&Cursor::of(operation)).await?);
        let outcome = match history.progress() {
            Progress::Runs => "running",
            Progress::Rests(status) | Progress::Ended(status) => match history.verdict(&status) {
                Verdict::Succeeded => "succeeded",
                Verdict::RolledBack => "rolledBack",
                Verdict::Stuck => "stuck",
                Verdict::Deleted => "deleted",
            },
        };
        Ok(Self {
            operation: operation.kind.noun(),
            outcome,
            time: history.duration(),
            cause: history.causes().into_iter().next(),
        })
    }
}

impl fmt::Display for Recap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.outcome {
            "running" => "runs",
            "rolledBack" => "failed and was rolled back",
            "stuck" => "failed and is stuck",
            other => other,
        };
        write!(f, "{}, {outcome}", self.operation)?;
        match self.time {
            Some(time) if self.outcome != "running" => write!(f, " after {}", duration(time))?,
            _ => {}
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {}: {}", cause.logical_id, cause.message)?;
        }
        Ok(())
    }
}

#[expect(clippy::ref_option, reason = "serde calls it")]
fn seconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_secs_f64()).serialize(serializer)
}
