//! Why an operation failed: what its events say, and what CloudFormation says when asked for more.

use super::advice::{Case, advice, taken_name};
use super::history::History;
use super::{Failure, RootCause};
use crate::aws::cloudformation::{StackClient, Validated};

/// Finds out why an operation ended with a status. What cannot be found out is left out: the failure is
/// told in any case.
pub(super) async fn diagnose(
    client: &StackClient,
    stack_id: &str,
    history: &History,
    status: &str,
    options: &str,
) -> Failure {
    let mut causes = history.causes();
    let blocked_by = history.blocks();
    if let Some(cause) = causes.first_mut()
        && is_of_validation(cause)
    {
        cause.findings = client.findings(Validated::Stack(stack_id)).await;
    }
    let taken = causes.first().and_then(|cause| {
        let findings = cause.findings.iter().map(|finding| &finding.reason);
        std::iter::once(&cause.message)
            .chain(findings)
            .find_map(|text| taken_name(text))
    });
    let owner = match taken {
        Some(name) => client.owner_of(name).await,
        None => None,
    };
    // What deletes, or undoes, is stopped by what fails; nothing comes before it.
    let blocks = if blocked_by.is_empty() && status.ends_with("_FAILED") {
        &causes
    } else {
        &blocked_by
    };
    let advice = advice(&Case {
        kind: history.kind,
        stack: client.name(),
        status,
        options,
        cause: causes.first(),
        blocked_by: blocks,
        owner: owner.as_deref(),
        cancelled: history.is_cancelled(),
    });
    let mut causes = causes.into_iter();
    Failure {
        status: status.to_owned(),
        root_cause: causes.next(),
        also_failed: causes.collect(),
        blocked_by,
        rolled_back: history.rolled_back(),
        advice,
    }
}

/// Whether CloudFormation looked at the template and did nothing: it then says how many errors there are,
/// and tells them only when asked.
fn is_of_validation(cause: &RootCause) -> bool {
    cause.resource_type == "AWS::CloudFormation::Stack"
        && (cause.message.contains("DescribeEvents") || cause.message.contains("alidation"))
}
