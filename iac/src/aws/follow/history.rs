//! What an operation's events say of it. Pure: no clock but the one in the events, no requests.

use std::time::Duration;

use aws_sdk_cloudformation::types::StackStatus;

use super::{Kept, RootCause};
use crate::aws::accounts::without_account_of;
use crate::aws::cloudformation::{OperationKind, Situation, StackEvent, begins};

/// The events of an operation, the oldest first.
#[derive(Debug)]
pub(super) struct History {
    pub(super) kind: OperationKind,
    events: Vec<StackEvent>,
    /// Whether another operation came after it.
    is_past: bool,
}

/// Where an operation is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    /// It runs.
    Runs,
    /// Its newest status is one that operations end with. Some of them end with another.
    Rests(StackStatus),
    /// It ended with this status: another operation came after it.
    Ended(StackStatus),
}

/// How an operation ended, in the words of [`Ending`](super::Ending).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Succeeded,
    RolledBack,
    Stuck,
    Deleted,
}

impl History {
    pub(super) const fn new(kind: OperationKind) -> Self {
        Self {
            kind,
            events: Vec::new(),
            is_past: false,
        }
    }

    /// Adds events that came after, and says how many of them are of this operation: an operation that
    /// ended while nobody looked may be followed by another one.
    pub(super) fn add(&mut self, events: Vec<StackEvent>) -> usize {
        let before = self.events.len();
        if !self.is_past {
            self.events.extend(events);
        }
        if let Some((_, Some(next))) = self.end() {
            self.events.truncate(next);
            self.is_past = true;
        }
        self.events.len().saturating_sub(before)
    }

    pub(super) fn events(&self) -> &[StackEvent] {
        &self.events
    }

    /// The newest status of the stack.
    pub(super) fn status(&self) -> Option<StackStatus> {
        self.events.iter().rev().find_map(StackEvent::stack_status)
    }

    /// The status that the operation may have ended with, and where another one begins after it.
    fn end(&self) -> Option<(StackStatus, Option<usize>)> {
        let mut statuses = self
            .events
            .iter()
            .enumerate()
            .filter_map(|(at, event)| Some((at, event, event.stack_status()?)))
            .peekable();
        while let Some((_, _, status)) = statuses.next() {
            if Situation::of(&status).is_busy() || status == StackStatus::ReviewInProgress {
                continue;
            }
            match statuses.peek() {
                None => return Some((status, None)),
                Some((at, event, next)) => {
                    let reason = event.reason.as_deref();
                    if begins(Some(&status), next, reason).is_some() {
                        return Some((status, Some(*at)));
                    }
                }
            }
        }
        None
    }

    /// Where the operation is.
    pub(super) fn progress(&self) -> Progress {
        match self.end() {
            None => Progress::Runs,
            Some((status, _)) if self.is_past => Progress::Ended(status),
            Some((status, _)) => Progress::Rests(status),
        }
    }

    /// What a status that an operation ends with means for this one.
    pub(super) fn verdict(&self, status: &StackStatus) -> Verdict {
        let undoes = matches!(
            self.kind,
            OperationKind::Rollback | OperationKind::ContinueRollback
        );
        match status {
            StackStatus::CreateComplete
            | StackStatus::UpdateComplete
            | StackStatus::ImportComplete => Verdict::Succeeded,
            StackStatus::DeleteComplete if self.kind == OperationKind::Delete => Verdict::Deleted,
            StackStatus::RollbackComplete | StackStatus::UpdateRollbackComplete if undoes => {
                Verdict::Succeeded
            }
            // A creation that someone cancelled is deleted.
            StackStatus::DeleteComplete
            | StackStatus::RollbackComplete
            | StackStatus::UpdateRollbackComplete
            | StackStatus::ImportRollbackComplete => Verdict::RolledBack,
            _ => Verdict::Stuck,
        }
    }

    /// The time from the first event to the last, by AWS's clock alone.
    pub(super) fn duration(&self) -> Option<Duration> {
        let last = self.events.last()?;
        self.since_start(last)
    }

    /// The time from the first event to this one.
    pub(super) fn since_start(&self, event: &StackEvent) -> Option<Duration> {
        since(self.events.first()?, event)
    }

    /// How long a resource took to where an event says it is.
    pub(super) fn took(&self, event: &StackEvent) -> Option<Duration> {
        let at = self.events.iter().position(|other| other.id == event.id)?;
        let of_same = |other: &&StackEvent| other.logical_id == event.logical_id;
        let verb = |event: &StackEvent| event.status.split('_').next().map(str::to_owned);
        let before = self.events.get(..at)?.iter().rev().filter(of_same);
        // Creating and then deleting it are two things.
        let first = before
            .take_while(|other| verb(other) == verb(event) && is_running(other))
            .last()?;
        since(first, event)
    }

    /// Where CloudFormation began to undo.
    fn turn(&self) -> usize {
        let turns = |event: &StackEvent| {
            event.stack_status().is_some_and(|status| {
                matches!(
                    status,
                    StackStatus::RollbackInProgress
                        | StackStatus::UpdateRollbackInProgress
                        | StackStatus::UpdateRollbackCompleteCleanupInProgress
                        | StackStatus::ImportRollbackInProgress
                        | StackStatus::DeleteInProgress
                )
            })
        };
        let turn = self.events.iter().position(turns);
        turn.unwrap_or(self.events.len())
    }

    /// What failed for a reason of its own, the first one first: resources, or the stack itself if none
    /// of them did.
    pub(super) fn causes(&self) -> Vec<RootCause> {
        let turn = self.turn();
        // What only undoes, or deletes, has nothing before it begins to.
        let turn = if turn == 0 { self.events.len() } else { turn };
        let events = self.events.get(..turn).unwrap_or_default();
        let of_resources = failed(events, |event| !event.is_of_stack());
        if of_resources.is_empty() {
            failed(events, StackEvent::is_of_stack)
        } else {
            of_resources
        }
    }

    /// What could not be undone after a failure.
    pub(super) fn blocks(&self) -> Vec<RootCause> {
        match self.turn() {
            0 => Vec::new(),
            turn => {
                let events = self.events.get(turn..).unwrap_or_default();
                failed(events, |event| !event.is_of_stack())
            }
        }
    }

    /// What a successful update could not delete after itself.
    pub(super) fn leftovers(&self) -> Vec<RootCause> {
        failed(&self.events, |event| {
            !event.is_of_stack() && event.status == "DELETE_FAILED"
        })
    }

    /// Whether someone cancelled it.
    pub(super) fn is_cancelled(&self) -> bool {
        let turn = self.turn();
        let asked = self.events.get(turn).is_some_and(|event| {
            let deleted = event.status == "DELETE_IN_PROGRESS";
            let reason = event.reason.as_deref().unwrap_or_default();
            deleted || reason.starts_with("User Initiated")
        });
        asked && turn > 0
    }

    /// Logical ids of what was undone, in that order.
    pub(super) fn rolled_back(&self) -> Vec<String> {
        let mut undone = Vec::new();
        for event in self.events.get(self.turn()..).unwrap_or_default() {
            let is_done = event.status.ends_with("_COMPLETE") && !event.is_of_stack();
            if is_done && !undone.contains(&event.logical_id) {
                undone.push(event.logical_id.clone());
            }
        }
        undone
    }

    /// What stays because a policy keeps it.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let kept = self.events.iter();
        let kept = kept.filter(|event| event.status == "DELETE_SKIPPED");
        kept.map(|event| Kept {
            logical_id: event.logical_id.clone(),
            resource_type: event.resource_type.clone(),
            physical_id: event
                .physical_id
                .as_deref()
                .map(|id| without_account_of(&event.stack_id, id)),
        })
        .collect()
    }

    /// Resources that something happens to, in the order in which it began.
    pub(super) fn running(&self) -> Vec<&StackEvent> {
        let mut running: Vec<&StackEvent> = Vec::new();
        for event in self.events.iter().filter(|event| !event.is_of_stack()) {
            let known = running
                .iter()
                .position(|other| other.logical_id == event.logical_id);
            match (known, is_running(event)) {
                (None, true) => running.push(event),
                (Some(at), false) => drop(running.remove(at)),
                _ => {}
            }
        }
        running
    }
}

/// Whether something is happening.
pub(super) fn is_running(event: &StackEvent) -> bool {
    event.status.ends_with("_IN_PROGRESS")
}

/// Whether a reason says only that something else failed.
pub(super) fn is_consequence(reason: &str) -> bool {
    let cancelled = ["creation", "update", "deletion", "import"]
        .iter()
        .any(|what| reason.starts_with(&format!("Resource {what} cancelled")));
    cancelled
        || reason.starts_with("The following resource(s) failed to")
        || reason.starts_with("Rollback requested by user")
}

fn failed(events: &[StackEvent], which: impl Fn(&StackEvent) -> bool) -> Vec<RootCause> {
    let mut causes: Vec<RootCause> = Vec::new();
    for event in events {
        let reason = event.reason.as_deref().unwrap_or("no reason given");
        let known = |cause: &RootCause| cause.logical_id == event.logical_id;
        if !event.is_failure()
            || !which(event)
            || is_consequence(reason)
            || causes.iter().any(known)
        {
            continue;
        }
        // A hook says why in an event of its own.
        let hook = events
            .iter()
            .filter(|other| other.logical_id == event.logical_id)
            .find_map(|other| other.hook.as_ref());
        causes.push(RootCause {
            logical_id: event.logical_id.clone(),
            resource_type: event.resource_type.clone(),
            status: event.status.clone(),
            message: match hook {
                Some(hook) => format!("{reason} ({hook})"),
                None => reason.to_owned(),
            },
            findings: Vec::new(),
        });
    }
    causes
}

fn since(first: &StackEvent, last: &StackEvent) -> Option<Duration> {
    let (first, last) = (first.time?, last.time?);
    let seconds = last.as_secs_f64() - first.as_secs_f64();
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests;
