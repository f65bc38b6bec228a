//! Where an operation begins in a stack's events.

use aws_sdk_cloudformation::types::StackStatus;

use super::{Mark, Operation, OperationKind, Situation, StackClient, StackEvent};
use crate::aws::AwsError;

impl StackClient {
    /// The operation that runs or, if none does, the last one: from its beginning. `None`, if nothing was
    /// ever done to the stack, or nothing is known of it any more (events are kept for 90 days).
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn last_operation(&self) -> Result<Option<Operation>, AwsError> {
        let mut newest_first: Vec<StackEvent> = Vec::new();
        let mut token = None;
        loop {
            let (events, next) = self.page(&self.name, token).await?;
            newest_first.extend(events);
            let operation = beginning(&newest_first, next.is_none());
            if operation.is_some() || next.is_none() {
                return Ok(operation);
            }
            token = next;
        }
    }
}

/// The last operation in a list of events, the newest first; `whole` if there are no older ones.
fn beginning(newest_first: &[StackEvent], whole: bool) -> Option<Operation> {
    let of_stack: Vec<_> = newest_first
        .iter()
        .enumerate()
        .filter_map(|(at, event)| Some((at, event, event.stack_status()?)))
        .collect();
    for (index, (at, event, status)) in of_stack.iter().enumerate() {
        let before = of_stack.get(index + 1).map(|(_, _, status)| status);
        if before.is_none() && !whole {
            return None;
        }
        if let Some(kind) = begins(before, status, event.reason.as_deref()) {
            return Some(Operation {
                stack_id: event.stack_id.clone(),
                kind,
                mark: Mark(newest_first.get(at + 1).map(|event| event.id.clone())),
            });
        }
    }
    None
}

/// Whether a status of a stack, after the one before, is the first of an operation that someone asked
/// for, and of which.
pub(in crate::aws) fn begins(
    before: Option<&StackStatus>,
    status: &StackStatus,
    reason: Option<&str>,
) -> Option<OperationKind> {
    if before == Some(status) {
        return None;
    }
    let rests = before.is_some_and(|before| !Situation::of(before).is_busy());
    let asked_for = reason.is_some_and(|reason| reason.starts_with("User Initiated"));
    match status {
        StackStatus::CreateInProgress => Some(OperationKind::Create),
        StackStatus::UpdateInProgress => Some(OperationKind::Update),
        StackStatus::DeleteInProgress => Some(OperationKind::Delete),
        StackStatus::ImportInProgress => Some(OperationKind::Import),
        StackStatus::UpdateRollbackInProgress
            if before == Some(&StackStatus::UpdateRollbackFailed) =>
        {
            Some(OperationKind::ContinueRollback)
        }
        // A rollback that CloudFormation began by itself belongs to what failed.
        StackStatus::RollbackInProgress | StackStatus::UpdateRollbackInProgress
            if rests && asked_for =>
        {
            Some(OperationKind::Rollback)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
