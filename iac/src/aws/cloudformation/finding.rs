//! What CloudFormation's early validation found.

use std::fmt;

use aws_sdk_cloudformation::types::{
    EventFilter, EventType, HookFailureMode, OperationEvent, ValidationStatus,
};
use serde::Serialize;

use super::StackClient;
use crate::aws::accounts::without_account_of;

/// A finding of CloudFormation's early validation, made before any resource is touched.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The resource.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// The validation, such as `NAME_CONFLICT_VALIDATION`.
    pub validation: String,
    /// `FAILED` or `SKIPPED`.
    pub status: String,
    /// Whether the finding stops the deployment (`FAIL`) or not (`WARN`).
    pub mode: String,
    /// What is wrong.
    pub reason: String,
    /// Where in the template, such as `/Resources/Bucket/Properties/BucketName`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            validation,
            status,
            reason,
            logical_id,
            ..
        } = self;
        let place = self.path.as_deref().unwrap_or(logical_id);
        write!(f, "{place}: {reason} ({validation} {status})")
    }
}

/// Whose findings.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Validated<'a> {
    /// A change set's, by its ARN. Its name does not do:
    /// <https://github.com/aws-cloudformation/cloudformation-cli/issues/1116>
    ChangeSet(&'a str),
    /// Those of a stack's newest operation that has any, by the stack's ARN.
    Stack(&'a str),
}

impl StackClient {
    /// What the early validation found. Nothing, if whoever runs this may not know or the engine has no
    /// such request: it is told beside a failure, and must not hide it.
    pub(crate) async fn findings(&self, validated: Validated<'_>) -> Vec<Finding> {
        let request = self
            .client
            .describe_events()
            .filters(EventFilter::builder().failed_events(true).build());
        let request = match validated {
            Validated::ChangeSet(arn) => request.change_set_name(arn),
            Validated::Stack(arn) => request.stack_name(arn),
        };
        let mut pages = request.into_paginator().items().send();
        let mut findings = Vec::new();
        let mut operation = None;
        while let Some(Ok(event)) = pages.next().await {
            if event.event_type() != Some(&EventType::ValidationError) {
                continue;
            }
            // The newest comes first: what follows of other operations is history.
            let of = event.operation_id().map(str::to_owned);
            if *operation.get_or_insert_with(|| of.clone()) != of {
                break;
            }
            findings.push(finding(&event));
        }
        findings
    }
}

fn finding(event: &OperationEvent) -> Finding {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Finding {
        logical_id: text(event.logical_resource_id()),
        resource_type: text(event.resource_type()),
        validation: text(event.validation_name()),
        status: text(event.validation_status().map(ValidationStatus::as_str)),
        mode: text(event.validation_failure_mode().map(HookFailureMode::as_str)),
        reason: without_account_of(
            event.stack_id().unwrap_or_default(),
            event.validation_status_reason().unwrap_or_default(),
        ),
        path: event.validation_path().map(str::to_owned),
    }
}
