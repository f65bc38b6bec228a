//! How an operation ended, in words and as facts.

use serde_json::{Value, json};

use super::history::History;
use super::{Ending, Failure, Kept, RootCause};
use crate::aws::cloudformation::OperationKind;
use crate::aws::time::duration;

/// What is told at the end.
pub(super) struct Conclusion {
    pub(super) facts: Value,
    pub(super) text: String,
}

pub(super) fn conclusion(stack: &str, history: &History, ending: &Ending) -> Conclusion {
    let (outcome, failure) = match ending {
        Ending::Succeeded => ("succeeded", None),
        Ending::Deleted => ("deleted", None),
        Ending::RolledBack(failure) => ("rolledBack", Some(failure)),
        Ending::Stuck(failure) => ("stuck", Some(failure)),
        Ending::Detached => ("detached", None),
    };
    let kept = history.kept();
    let mut facts = json!({
        "stack": stack,
        "operation": history.kind.noun(),
        "outcome": outcome,
        "status": history.status().map(|status| status.as_str().to_owned()),
        "seconds": history.duration().map(|time| time.as_secs_f64()),
    });
    if !kept.is_empty() {
        facts["kept"] = json!(kept);
    }
    let mut text = headline(stack, history, ending);
    match failure {
        Some(failure) => {
            facts["failure"] = json!(failure);
            text.push_str(&told(failure, history.kind));
        }
        None => {
            let leftovers = match ending {
                Ending::Succeeded => history.leftovers(),
                _ => Vec::new(),
            };
            for left in &leftovers {
                text.push_str(&format!(
                    "\nLeft over, because it could not be deleted: {}",
                    one(left)
                ));
            }
            if !leftovers.is_empty() {
                facts["leftOver"] = json!(leftovers);
            }
        }
    }
    for Kept {
        logical_id,
        resource_type,
        physical_id,
    } in &kept
    {
        let name = physical_id.as_ref().map(|id| format!(", {id}"));
        text.push_str(&format!(
            "\nStays, and belongs to no stack any more: {logical_id} ({resource_type}{})",
            name.unwrap_or_default()
        ));
    }
    Conclusion { facts, text }
}

fn headline(stack: &str, history: &History, ending: &Ending) -> String {
    let kind = history.kind;
    let noun = kind.noun();
    let after = history
        .duration()
        .map(|time| format!(" after {}", duration(time)))
        .unwrap_or_default();
    let cancelled = history.is_cancelled();
    match ending {
        Ending::Succeeded => {
            let done = match kind {
                OperationKind::Create => "is created",
                OperationKind::Update => "is updated",
                OperationKind::Rollback | OperationKind::ContinueRollback => "is rolled back",
                OperationKind::Import => "has its resources",
                OperationKind::Delete => "is deleted",
            };
            format!("{stack} {done}{after}.")
        }
        Ending::Deleted => format!("{stack} is deleted{after}."),
        Ending::RolledBack(failure) if failure.status == "DELETE_COMPLETE" => {
            format!("The {noun} of {stack} was cancelled and the stack deleted{after}.")
        }
        Ending::RolledBack(failure) => {
            let what = if cancelled { "was cancelled" } else { "failed" };
            format!(
                "The {noun} of {stack} {what} and was rolled back{after}: {}.",
                failure.status
            )
        }
        Ending::Stuck(failure) => {
            format!(
                "The {noun} of {stack} failed and is stuck{after}: {}.",
                failure.status
            )
        }
        Ending::Detached => format!("The {noun} of {stack} goes on."),
    }
}

/// The root cause first, then what became of the rest, then what to do.
fn told(failure: &Failure, kind: OperationKind) -> String {
    let Failure {
        root_cause,
        also_failed,
        blocked_by,
        rolled_back,
        advice,
        ..
    } = failure;
    let mut text = String::new();
    if let Some(cause) = root_cause {
        text.push_str(&format!("\n\nFailed first: {}", one(cause)));
        for finding in &cause.findings {
            text.push_str(&format!("\n  {finding}"));
        }
    }
    for cause in also_failed {
        text.push_str(&format!("\nFailed as well: {}", one(cause)));
    }
    for cause in blocked_by {
        text.push_str(&format!("\nCould not be undone: {}", one(cause)));
    }
    if !rolled_back.is_empty() {
        let undone = match kind {
            OperationKind::Delete => "Deleted",
            _ => "Rolled back",
        };
        let count = rolled_back.len();
        let noun = if count == 1 { "resource" } else { "resources" };
        text.push_str(&format!(
            "\n{undone}: {count} {noun}: {}",
            rolled_back.join(", ")
        ));
    }
    if !advice.is_empty() {
        text.push_str("\n\nWhat to do:");
    }
    for sentence in advice {
        text.push_str(&format!("\n  {sentence}"));
    }
    text
}

fn one(cause: &RootCause) -> String {
    let RootCause {
        logical_id,
        resource_type,
        status,
        message,
        ..
    } = cause;
    format!("{logical_id} ({resource_type}), {status}\n  {message}")
}
