//! Drift: what somebody changed in a stack's resources without CloudFormation.

use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{
    PropertyDifference, StackDriftDetectionStatus, StackResourceDrift, StackResourceDriftStatus,
};
use serde::Serialize;

use super::accounts::without_accounts;
use super::cloudformation::{StackClient, patiently};
use super::{Account, AwsError};

/// How long trouble is borne while CloudFormation compares.
const PATIENCE: Duration = Duration::from_mins(2);
/// Between two looks at whether it is done: the first, and the longest.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// What CloudFormation found.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftReport {
    /// The stack.
    pub stack: String,
    /// Resources that are not what the template says.
    pub drifted: Vec<DriftedResource>,
    /// Logical ids of the resources that are.
    pub in_sync: Vec<String>,
    /// Logical ids of the resources that CloudFormation does not compare.
    pub not_checked: Vec<String>,
    /// Resources that could not be read, with the reason.
    pub unknown: Vec<UnknownResource>,
    /// Why the comparison is not whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// A resource that is not what the template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DriftedResource {
    /// Its name in the stack.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name in its service, without the account in it.
    pub physical_id: String,
    /// Whether it is gone altogether.
    pub deleted: bool,
    /// Property by property.
    pub differences: Vec<Difference>,
}

/// A property that is not what the template says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Where it is in the resource's properties: `/Tags/0/Value`.
    pub path: String,
    /// `ADD`, `REMOVE` or `NOT_EQUAL`.
    pub kind: String,
    /// The value that the template says; `None` if it says none.
    pub expected: Option<String>,
    /// The value that it has; `None` if it has none.
    pub actual: Option<String>,
}

/// A resource that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownResource {
    /// Its name in the stack.
    pub logical_id: String,
    /// Why.
    pub reason: String,
}

/// Lets CloudFormation compare a stack's resources with its template, and waits for the result.
///
/// # Errors
/// There is no such stack, an operation runs on it, or CloudFormation refuses or does not answer.
pub async fn detect(account: &Account, name: &str) -> Result<DriftReport, AwsError> {
    let stack = StackClient::new(account, name);
    let described = stack.described().await?;
    let client = account.cloudformation();
    let place = account.place();
    let action = format!("compare the resources of the stack `{name}` with its template");
    let begun = client.detect_stack_drift().stack_name(&described.id);
    let begun = begun.send().await;
    let begun = begun.map_err(|error| AwsError::of(&action, &place, &error))?;
    let detection = begun.stack_drift_detection_id.unwrap_or_default();
    let failure = patiently(PATIENCE, || ended(&client, &detection, &action, &place)).await?;
    let found = patiently(PATIENCE, async || {
        let found = client.describe_stack_resource_drifts();
        let found = found.stack_name(&described.id).into_paginator().send();
        let pages = found.collect::<Result<Vec<_>, _>>().await;
        let pages = pages.map_err(|error| AwsError::of(&action, &place, &error))?;
        let drifts = pages
            .into_iter()
            .flat_map(|page| page.stack_resource_drifts.unwrap_or_default());
        Ok(drifts.collect::<Vec<_>>())
    });
    let found = found.await?;
    let all = stack.resources().await?;
    Ok(report(name, all.into_keys(), &found, failure))
}

/// Waits for the end of a comparison; gives the reason why it is not whole.
async fn ended(
    client: &Client,
    detection: &str,
    action: &str,
    place: &str,
) -> Result<Option<String>, AwsError> {
    let mut pause = FIRST;
    loop {
        let status = client
            .describe_stack_drift_detection_status()
            .stack_drift_detection_id(detection)
            .send()
            .await
            .map_err(|error| AwsError::of(action, place, &error))?;
        match status.detection_status {
            Some(StackDriftDetectionStatus::DetectionInProgress) => {
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(LONGEST);
            }
            Some(StackDriftDetectionStatus::DetectionFailed) => {
                let reason = status.detection_status_reason.as_deref();
                return Ok(Some(without_accounts(reason.unwrap_or("no reason given"))));
            }
            _ => return Ok(None),
        }
    }
}

fn report(
    stack: &str,
    all: impl Iterator<Item = String>,
    found: &[StackResourceDrift],
    failure: Option<String>,
) -> DriftReport {
    let mut report = DriftReport {
        stack: stack.to_owned(),
        drifted: Vec::new(),
        in_sync: Vec::new(),
        not_checked: Vec::new(),
        unknown: Vec::new(),
        failure,
    };
    for logical_id in all {
        let mut found = found.iter();
        let found = found.find(|it| it.logical_resource_id() == Some(&logical_id));
        let status = found.and_then(|found| Some((found, found.stack_resource_drift_status()?)));
        let Some((found, status)) = status else {
            report.not_checked.push(logical_id);
            continue;
        };
        match status {
            StackResourceDriftStatus::InSync => report.in_sync.push(logical_id),
            StackResourceDriftStatus::Modified | StackResourceDriftStatus::Deleted => {
                report.drifted.push(drifted(logical_id, found, status));
            }
            StackResourceDriftStatus::NotChecked | StackResourceDriftStatus::Unsupported => {
                report.not_checked.push(logical_id);
            }
            other => report.unknown.push(UnknownResource {
                logical_id,
                reason: without_accounts(found.drift_status_reason().unwrap_or(other.as_str())),
            }),
        }
    }
    report
}

fn drifted(
    logical_id: String,
    found: &StackResourceDrift,
    status: &StackResourceDriftStatus,
) -> DriftedResource {
    DriftedResource {
        logical_id,
        resource_type: found.resource_type().unwrap_or_default().to_owned(),
        physical_id: without_accounts(found.physical_resource_id().unwrap_or_default()),
        deleted: *status == StackResourceDriftStatus::Deleted,
        differences: found
            .property_differences()
            .iter()
            .map(difference)
            .collect(),
    }
}

fn difference(difference: &PropertyDifference) -> Difference {
    // What is not there comes as no value, as an empty one, or as this word.
    let value = |value: Option<&str>| {
        value
            .filter(|value| !value.is_empty() && *value != "null")
            .map(without_accounts)
    };
    let kind = difference.difference_type();
    Difference {
        path: difference.property_path().unwrap_or_default().to_owned(),
        kind: kind.map_or_else(String::new, |kind| kind.as_str().to_owned()),
        expected: value(difference.expected_value()),
        actual: value(difference.actual_value()),
    }
}
