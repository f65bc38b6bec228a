//! What CloudFormation answers to a proposal.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{ResourceChange, ResourceChangeDetail};

use super::described::text;
use super::{Finding, Pending};
use crate::plan::{Action, PlanKind, ProposedChange, ProposedDetail, named};

/// What came of a proposal.
#[derive(Debug, Clone)]
pub enum Proposed {
    /// A change set that can be executed.
    Changes(ChangeSet),
    /// The stack is already what was asked for; no change set is left.
    Nothing,
}

/// A change set that can be executed.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// Its ARN.
    pub arn: String,
    /// The ARN of its stack.
    pub stack_id: String,
    /// Whether it creates the stack.
    pub kind: PlanKind,
    /// In CloudFormation's order.
    pub changes: Vec<ProposedChange>,
    /// Effective values of the parameters; those that are secret as `****`.
    pub parameters: BTreeMap<String, String>,
    /// What CloudFormation's early validation warns of, such as a bucket to be deleted that is not empty.
    pub warnings: Vec<Finding>,
}

/// The change set of a first page.
pub(super) fn change_set(pending: &Pending, page: &DescribeChangeSetOutput) -> ChangeSet {
    let parameters = page.parameters().iter().filter_map(|parameter| {
        let value = parameter.resolved_value().or(parameter.parameter_value());
        Some((parameter.parameter_key()?.to_owned(), value?.to_owned()))
    });
    ChangeSet {
        arn: pending.arn.clone(),
        stack_id: pending.stack_id.clone(),
        kind: pending.kind,
        changes: changes(page).collect(),
        parameters: parameters.collect(),
        warnings: Vec::new(),
    }
}

/// The changes of a page.
pub(super) fn changes(page: &DescribeChangeSetOutput) -> impl Iterator<Item = ProposedChange> {
    let changes = page.changes().iter();
    changes.filter_map(|change| change.resource_change().map(proposed))
}

fn proposed(change: &ResourceChange) -> ProposedChange {
    let word = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let action = change.action().map_or("", |action| action.as_str());
    let replacement = change.replacement().map_or("", |value| value.as_str());
    let policy = change.policy_action().map_or("", |value| value.as_str());
    let scope = change.scope().iter();
    ProposedChange {
        // What this program cannot name, it cannot tell before the deployment.
        action: named(action).unwrap_or(Action::Dynamic),
        logical_id: word(change.logical_resource_id()),
        physical_id: text(change.physical_resource_id()),
        resource_type: word(change.resource_type()),
        replacement: named(replacement).unwrap_or_default(),
        policy_action: named(policy),
        scope: scope
            .map(|attribute| attribute.as_str().to_owned())
            .collect(),
        details: change.details().iter().map(detail).collect(),
        before_context: text(change.before_context()),
        after_context: text(change.after_context()),
    }
}

fn detail(detail: &ResourceChangeDetail) -> ProposedDetail {
    let target = detail.target();
    let source = detail.change_source();
    ProposedDetail {
        attribute: target
            .and_then(|target| target.attribute())
            .map_or_else(String::new, |attribute| attribute.as_str().to_owned()),
        name: text(target.and_then(|target| target.name())),
        path: text(target.and_then(|target| target.path())),
        before: target.and_then(|target| target.before_value().map(str::to_owned)),
        after: target.and_then(|target| target.after_value().map(str::to_owned)),
        requires_recreation: target
            .and_then(|target| named(target.requires_recreation()?.as_str())),
        causing_entity: text(detail.causing_entity()),
        change_source: source.map(|source| source.as_str().to_owned()),
        evaluation: detail.evaluation().and_then(|value| named(value.as_str())),
    }
}
