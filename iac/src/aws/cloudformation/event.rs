//! What a stack's events say.

use std::collections::HashSet;

use aws_sdk_cloudformation::primitives::DateTime;
use aws_sdk_cloudformation::types::{HookStatus, StackEvent as SdkEvent, StackStatus};

use super::described::text;
use super::{Operation, StackClient};
use crate::aws::AwsError;
use crate::aws::accounts::without_account_of;

/// An event of a stack.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEvent {
    /// Its id, which tells events apart.
    pub id: String,
    /// When it happened, by AWS's clock: good for differences to other events only.
    pub time: Option<DateTime>,
    /// The resource; for the stack itself, its name.
    pub logical_id: String,
    /// The resource's id, once it has one; for the stack itself, its ARN.
    pub physical_id: Option<String>,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_IN_PROGRESS`.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// A hook that refused, with its reason.
    pub hook: Option<String>,
    /// More about the status: `CONFIGURATION_COMPLETE` or `VALIDATION_FAILED`.
    pub detailed_status: Option<String>,
    /// The token of the request that started the operation.
    pub token: Option<String>,
    /// The stack's ARN.
    pub stack_id: String,
}

/// A place in a stack's events: after the newest one at some moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark(pub(super) Option<String>);

/// What was read of an operation's events.
#[derive(Debug)]
pub(in crate::aws) struct Cursor {
    stack: String,
    mark: Mark,
    seen: HashSet<String>,
}

impl StackEvent {
    /// Whether it is about the stack itself, not one of its resources. A nested stack is a resource.
    pub fn is_of_stack(&self) -> bool {
        self.physical_id.as_ref() == Some(&self.stack_id)
    }

    /// The stack's status, if it is about the stack.
    pub fn stack_status(&self) -> Option<StackStatus> {
        self.is_of_stack()
            .then(|| StackStatus::from(self.status.as_str()))
    }

    /// Whether something failed.
    pub fn is_failure(&self) -> bool {
        self.status.ends_with("_FAILED")
    }
}

impl Cursor {
    pub(in crate::aws) fn of(operation: &Operation) -> Self {
        Self {
            stack: operation.stack_id.clone(),
            mark: operation.mark.clone(),
            seen: HashSet::new(),
        }
    }

    /// Remembers that events were read.
    pub(in crate::aws) fn pass(&mut self, events: &[StackEvent]) {
        let ids = events.iter().map(|event| event.id.clone());
        self.seen.extend(ids);
    }
}

impl StackClient {
    /// The place after the newest event there is.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn mark(&self) -> Result<Mark, AwsError> {
        self.mark_of(&self.name).await
    }

    pub(super) async fn mark_of(&self, stack: &str) -> Result<Mark, AwsError> {
        let (events, _) = self.page(stack, None).await?;
        Ok(Mark(events.into_iter().next().map(|event| event.id)))
    }

    /// The events after a mark, each once, the oldest first.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn events_after(&self, mark: &Mark) -> Result<Vec<StackEvent>, AwsError> {
        self.unseen(&self.name, mark, &HashSet::new()).await
    }

    /// The newest events, at most so many that `keep` keeps, the oldest of them first.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn newest_events(
        &self,
        limit: usize,
        keep: impl Fn(&StackEvent) -> bool,
    ) -> Result<Vec<StackEvent>, AwsError> {
        let mut kept = Vec::new();
        let mut token = None;
        loop {
            let (events, next) = self.page(&self.name, token).await?;
            kept.extend(events.into_iter().filter(&keep));
            if next.is_none() || kept.len() >= limit {
                break;
            }
            token = next;
        }
        kept.truncate(limit);
        kept.reverse();
        Ok(kept)
    }

    /// The events of an operation that were not read yet, the oldest first.
    pub(in crate::aws) async fn news(&self, cursor: &Cursor) -> Result<Vec<StackEvent>, AwsError> {
        self.unseen(&cursor.stack, &cursor.mark, &cursor.seen).await
    }

    pub(super) async fn unseen(
        &self,
        stack: &str,
        mark: &Mark,
        seen: &HashSet<String>,
    ) -> Result<Vec<StackEvent>, AwsError> {
        let mut unseen: Vec<StackEvent> = Vec::new();
        let mut ids = HashSet::new();
        let mut token = None;
        'pages: loop {
            let (events, next) = self.page(stack, token).await?;
            let mut reached = false;
            for event in events {
                if mark.0.as_ref() == Some(&event.id) {
                    break 'pages;
                }
                if seen.contains(&event.id) {
                    // The rest of this page is still looked at: resources work side by side, and an event
                    // may turn up behind one that was there before.
                    reached = true;
                } else if ids.insert(event.id.clone()) {
                    // New events between two pages push old ones onto the next page a second time.
                    unseen.push(event);
                }
            }
            if reached || next.is_none() {
                break;
            }
            token = next;
        }
        unseen.reverse();
        Ok(unseen)
    }

    /// A page of events, the newest first, and where the next one begins.
    pub(super) async fn page(
        &self,
        stack: &str,
        token: Option<String>,
    ) -> Result<(Vec<StackEvent>, Option<String>), AwsError> {
        let request = self.client.describe_stack_events().stack_name(stack);
        let page = request.set_next_token(token).send().await;
        let page = page.map_err(|error| self.failed("read the events of", &error))?;
        let events = page.stack_events.unwrap_or_default();
        Ok((events.into_iter().map(event).collect(), page.next_token))
    }
}

fn event(event: SdkEvent) -> StackEvent {
    let stack = event.stack_id.clone().unwrap_or_default();
    let refused = matches!(
        event.hook_status(),
        Some(HookStatus::HookCompleteFailed | HookStatus::HookFailed)
    );
    let hook = event.hook_type().filter(|_| refused).map(|hook| {
        let reason = event.hook_status_reason().unwrap_or("no reason given");
        format!("{hook}: {}", without_account_of(&stack, reason))
    });
    StackEvent {
        hook,
        time: event.timestamp,
        status: event
            .resource_status
            .map_or_else(String::new, |status| status.as_str().to_owned()),
        reason: text(event.resource_status_reason.as_deref())
            .map(|text| without_account_of(&stack, &text)),
        detailed_status: event
            .detailed_status
            .map(|status| status.as_str().to_owned()),
        physical_id: text(event.physical_resource_id.as_deref()),
        id: event.event_id.unwrap_or_default(),
        logical_id: event.logical_resource_id.unwrap_or_default(),
        resource_type: event.resource_type.unwrap_or_default(),
        token: event.client_request_token,
        stack_id: stack,
    }
}
