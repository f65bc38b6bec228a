//! What a run came to.

use std::fmt::Write as _;
use std::time::Duration;

use aws_sdk_sfn::primitives::{DateTime, DateTimeFormat};
use aws_sdk_sfn::types::ExecutionStatus;
use serde::Serialize;

use super::counts::grouped;
use super::{Counts, Failures, Run, State};
use crate::aws::time::duration;

/// How Step Functions calls a run of which more failed than it tolerates.
const ABOVE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";

/// A person reads the first few; the report has more.
const SHOWN: usize = 20;

/// What a run came to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The stack.
    pub stack: String,
    /// The execution's ARN.
    pub execution_arn: String,
    /// The Map Run's ARN; none where the bucket could not be listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map_run_arn: Option<String>,
    /// What the keys of its images start with.
    pub prefix: String,
    /// How Step Functions ended it: `SUCCEEDED`, `FAILED`, `ABORTED` or `TIMED_OUT`.
    pub status: String,
    /// The error it ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When it started, in UTC.
    pub started: String,
    /// How long it took.
    pub duration_seconds: f64,
    /// The images.
    #[serde(flatten)]
    pub counts: Counts,
    /// The share that failed, in percent.
    pub failed_percentage: f64,
    /// The share that may fail, in percent.
    pub tolerated_failure_percentage: f64,
    /// What it came to.
    pub verdict: Verdict,
    /// The images that failed.
    pub failures: Failures,
}

/// What a run came to, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All images were tried, and no more failed than tolerated.
    Done,
    /// More failed than tolerated.
    TooManyFailed,
    /// The run did not come to its end.
    Broken,
}

impl Report {
    /// The report on a run that has ended. `tolerated` is what was asked for now, if something was.
    #[must_use]
    pub fn new(
        stack: &str,
        run: &Run,
        state: &State,
        tolerated: Option<u32>,
        failures: Failures,
    ) -> Self {
        let map_run = state.map_run.as_ref();
        let counts = map_run.map(|map_run| map_run.counts).unwrap_or_default();
        let of_run = map_run.map_or(0.0, |map_run| {
            f64::from(map_run.tolerated_failure_percentage)
        });
        let tolerated = tolerated.map_or(of_run, f64::from);
        let failed = counts.failed_percentage();
        Self {
            stack: stack.to_owned(),
            execution_arn: run.execution.clone(),
            map_run_arn: map_run.map(|map_run| map_run.arn.clone()),
            prefix: run.prefix.clone(),
            status: state.status.as_str().to_owned(),
            error: state.error.clone(),
            cause: state.cause.clone(),
            started: state
                .started
                .fmt(DateTimeFormat::DateTime)
                .unwrap_or_default(),
            duration_seconds: seconds(&state.started, state.stopped.as_ref()),
            counts,
            failed_percentage: failed,
            tolerated_failure_percentage: tolerated,
            verdict: verdict(state, &counts, failed > tolerated),
            failures,
        }
    }

    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let Counts {
            total,
            succeeded,
            failed,
            ..
        } = self.counts;
        let time = duration(Duration::try_from_secs_f64(self.duration_seconds).unwrap_or_default());
        let mut text = match self.verdict {
            Verdict::Done => format!("Done in {time}"),
            Verdict::TooManyFailed => format!("Too many failed, after {time}"),
            Verdict::Broken => format!("The run ended as {} after {time}", self.status),
        };
        text = format!(
            "{text}: {} images, {} resized, {} failed ({:.1} %; {} % may)",
            grouped(total),
            grouped(succeeded),
            grouped(failed),
            self.failed_percentage,
            self.tolerated_failure_percentage,
        );
        let left = total.saturating_sub(self.counts.ended()) + self.counts.aborted;
        if left > 0 {
            text = format!("{text}, {} not resized", grouped(left));
        }
        // Writing to a text cannot fail.
        if self.verdict == Verdict::Broken {
            for reason in [&self.error, &self.cause].into_iter().flatten() {
                let _ = write!(text, "\n  {reason}");
            }
        }
        if total == 0 && self.verdict == Verdict::Done {
            let _ = write!(text, "\n  no key starts with `{}`", self.prefix);
        }
        if self.verdict == Verdict::Done && self.status != ExecutionStatus::Succeeded.as_str() {
            text.push_str(
                "\n  Step Functions calls the run failed: it has another tolerance than was asked for, but all were tried",
            );
        }
        for item in self.failures.items.iter().take(SHOWN) {
            let _ = write!(text, "\n  {}  {}: {}", item.error, item.key, item.message);
        }
        if self.failures.items.len() > SHOWN {
            let more = self.failures.items.len() - SHOWN;
            let _ = write!(text, "\n  and {more} more; --report FILE writes them down");
        }
        if let Some(note) = &self.failures.note {
            let _ = write!(text, "\n  {note}");
        }
        text
    }
}

fn verdict(state: &State, counts: &Counts, too_many: bool) -> Verdict {
    let all_tried = counts.total > 0 && counts.succeeded + counts.failed == counts.total;
    match &state.status {
        _ if too_many => Verdict::TooManyFailed,
        ExecutionStatus::Succeeded => Verdict::Done,
        // The machine's own tolerance was below the one asked for, and the change came too late or an
        // engine does not know of it. Where everything was tried anyway, nothing is missing.
        ExecutionStatus::Failed if state.error.as_deref() == Some(ABOVE_THRESHOLD) && all_tried => {
            Verdict::Done
        }
        _ => Verdict::Broken,
    }
}

/// To the millisecond: what is behind that is the noise of the subtraction.
fn seconds(started: &DateTime, stopped: Option<&DateTime>) -> f64 {
    let stopped = stopped.unwrap_or(started);
    let seconds = (stopped.as_secs_f64() - started.as_secs_f64()).max(0.0);
    (seconds * 1000.0).round() / 1000.0
}
