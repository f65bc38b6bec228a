//! What is seen of an operation: lines that update in place for a person at a terminal, plain lines in a
//! log, JSON lines for programs.

mod echo;
mod live;

use std::io::IsTerminal as _;

use console::style;
use serde_json::{Value, json};

use self::live::Live;
use super::history::{History, is_running};
use crate::aws::cloudformation::StackEvent;
use crate::aws::time::duration;
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Where progress is shown.
#[derive(Debug)]
pub(super) enum Screen {
    /// A terminal that a person reads.
    Live(Live),
    /// A log, or a program.
    Lines(Reporter),
}

impl Screen {
    /// For a stack.
    pub(super) fn new(format: OutputFormat, stack: &str) -> Self {
        let reporter = Reporter::new(format);
        // Lines that update in place and lines of a log do not go together: a log wins.
        if reporter.is_read_by_a_person() && std::io::stderr().is_terminal() {
            Self::Live(Live::new(stack))
        } else {
            Self::Lines(reporter)
        }
    }

    /// Whether a person looks at it.
    pub(super) const fn is_live(&self) -> bool {
        matches!(self, Self::Live(_))
    }

    /// Shows an event, which is already part of the history.
    pub(super) fn event(&mut self, history: &History, event: &StackEvent) {
        match self {
            Self::Live(live) => live.event(history, event),
            Self::Lines(reporter) => {
                let name = if event.is_of_stack() {
                    "stack"
                } else {
                    "resource"
                };
                let facts = facts(history, event);
                match reporter.format() {
                    OutputFormat::Json => reporter.fact(name, facts, ""),
                    OutputFormat::Text if !is_repeated(history, event) => {
                        reporter.fact(name, facts, &line(history, event));
                    }
                    OutputFormat::Text => {}
                }
            }
        }
    }

    /// Shows how much time has passed and what is waited for.
    pub(super) fn tick(&mut self, history: &History) {
        if let Self::Live(live) = self {
            live.tick(history);
        }
    }

    /// Says that nobody answers at the moment.
    pub(super) fn trouble(&mut self, reason: &str) {
        match self {
            Self::Live(live) => live.trouble(Some(reason)),
            Self::Lines(reporter) => reporter.fact(
                "retrying",
                json!({"reason": reason}),
                &format!("           {reason}; asking again"),
            ),
        }
    }

    /// Says that there is an answer again.
    pub(super) fn relief(&mut self) {
        match self {
            Self::Live(live) => live.trouble(None),
            Self::Lines(reporter) => {
                reporter.fact("answered", json!({}), "           there is an answer again");
            }
        }
    }

    /// Says something between events.
    pub(super) fn say(&mut self, event: &str, text: &str) {
        match self {
            Self::Live(live) => live.print(&format!("  {text}")),
            Self::Lines(reporter) => {
                reporter.fact(event, json!({"text": text}), &format!("           {text}"));
            }
        }
    }

    /// Stands still while a person is asked, and shows nothing but the question.
    pub(super) fn ask(&mut self, question: &str) {
        if let Self::Live(live) = self {
            live.ask(question);
        }
    }

    /// Goes on after an answer, with everything that happened meanwhile.
    pub(super) fn resume(&mut self) {
        if let Self::Live(live) = self {
            live.resume();
        }
    }

    /// Leaves only what stays.
    pub(super) fn finish(&mut self) {
        if let Self::Live(live) = self {
            live.finish();
        }
    }
}

/// Whether a resource is only where it was: CloudFormation tells twice that it is creating it.
fn is_repeated(history: &History, event: &StackEvent) -> bool {
    let events = history.events();
    let at = events.iter().position(|other| other.id == event.id);
    let before = events.get(..at.unwrap_or_default()).unwrap_or_default();
    let of_same = |other: &&StackEvent| other.logical_id == event.logical_id;
    let last = before.iter().rev().find(of_same);
    let of_same = |last: &StackEvent| last.status == event.status;
    is_running(event) && told_reason(event).is_none() && last.is_some_and(of_same)
}

fn facts(history: &History, event: &StackEvent) -> Value {
    let mut facts = json!({
        "logicalId": event.logical_id,
        "type": event.resource_type,
        "status": event.status,
    });
    if let Some(reason) = &event.reason {
        facts["reason"] = json!(reason);
    }
    if let Some(time) = history.since_start(event) {
        facts["seconds"] = json!(time.as_secs_f64());
    }
    facts
}

/// The line of a log: the time since the operation began, what, and how it is. The longest comes last.
fn line(history: &History, event: &StackEvent) -> String {
    let time = history.since_start(event).map(duration).unwrap_or_default();
    let StackEvent {
        status,
        resource_type,
        logical_id,
        ..
    } = event;
    let mut line = format!("{time:>9}  {resource_type:<28}  {logical_id:<28}  {status}");
    if let Some(reason) = told_reason(event) {
        line = format!("{line}: {reason}");
    }
    line
}

/// A reason that says more than the status.
fn told_reason(event: &StackEvent) -> Option<&str> {
    let reason = event.reason.as_deref()?;
    let replaces = reason.starts_with("Requested update requires the creation of a new");
    let tells = event.is_failure()
        || replaces
        || (event.is_of_stack() && !reason.starts_with("User Initiated"));
    tells.then_some(reason)
}

/// A status in its colour.
fn coloured(event: &StackEvent) -> String {
    let status = style(event.status.as_str()).for_stderr();
    let undoes = event.status.contains("ROLLBACK");
    if event.is_failure() {
        status.red().bold()
    } else if undoes {
        status.yellow()
    } else if is_running(event) {
        status.cyan()
    } else {
        status.green()
    }
    .to_string()
}
