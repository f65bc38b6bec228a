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
    let leftovers = match ending {
        Ending::Succeeded => history.leftovers(),
        _ => Vec::new(),
    };
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
    if !leftovers.is_empty() {
        facts["leftOver"] = json!(leftovers);
    }
    let mut lines = vec![headline(stack, history, ending)];
    if let Some(failure) = failure {
        facts["failure"] = json!(failure);
        lines.extend(told(failure, history.kind));
    }
    lines.extend(leftovers.iter().map(|left| {
        let left = one(left);
        format!("Left over, because it could not be deleted: {left}")
    }));
    lines.extend(kept.iter().map(stays));
    if let Some(failure) = failure
        && !failure.advice.is_empty()
    {
        lines.push("\nWhat to do:".to_owned());
        let advice = failure.advice.iter();
        lines.extend(advice.map(|sentence| format!("  {sentence}")));
    }
    Conclusion {
        facts,
        text: lines.join("\n"),
    }
}

fn headline(stack: &str, history: &History, ending: &Ending) -> String {
    let kind = history.kind;
    let noun = kind.noun();
    let after = history
        .duration()
        .map(|time| format!(" after {}", duration(time)))
        .unwrap_or_default();
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
        Ending::RolledBack(Failure { status, .. }) => {
            let what = if history.is_cancelled() {
                "was cancelled"
            } else {
                "failed"
            };
            format!("The {noun} of {stack} {what} and was rolled back{after}: {status}.")
        }
        Ending::Stuck(Failure { status, .. }) => {
            format!("The {noun} of {stack} failed and is stuck{after}: {status}.")
        }
        Ending::Detached => format!("The {noun} of {stack} goes on."),
    }
}

/// The root cause first, then what became of the rest.
fn told(failure: &Failure, kind: OperationKind) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(cause) = &failure.root_cause {
        lines.push(format!("\nFailed first: {}", one(cause)));
        let findings = cause.findings.iter();
        lines.extend(findings.map(|finding| format!("  {finding}")));
    }
    let also = failure.also_failed.iter();
    lines.extend(also.map(|cause| format!("Failed as well: {}", one(cause))));
    let blocked = failure.blocked_by.iter();
    lines.extend(blocked.map(|cause| format!("Could not be undone: {}", one(cause))));
    let undone = match kind {
        OperationKind::Delete => "Deleted",
        _ => "Rolled back",
    };
    let names = failure.rolled_back.join(", ");
    match failure.rolled_back.len() {
        0 => {}
        1 => lines.push(format!("{undone}: 1 resource: {names}")),
        count => lines.push(format!("{undone}: {count} resources: {names}")),
    }
    lines
}

fn stays(kept: &Kept) -> String {
    let Kept {
        logical_id,
        resource_type,
        physical_id,
    } = kept;
    let name = physical_id.as_ref().map(|id| format!(", {id}"));
    let name = name.unwrap_or_default();
    format!("Stays, and belongs to no stack any more: {logical_id} ({resource_type}{name})")
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
