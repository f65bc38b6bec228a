//! The digest of a plan: what a reviewer approves and a deployment is held to.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Action, Change, Difference, Fate, Plan, PlanKind, Proposal, Replacement, ValueChange};

/// What is deployed beside the changes. It is printed nowhere: the account is nobody's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Deployed {
    account: String,
    template_sha256: String,
    parameters: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
}

impl Deployed {
    pub(super) fn of(proposal: &Proposal) -> Self {
        Self {
            account: proposal.account.clone(),
            template_sha256: proposal.proposed.template_text_sha256.clone(),
            parameters: proposal.proposed.parameters.clone(),
            tags: proposal.tags_after.clone(),
        }
    }
}

/// Everything that makes a difference to what is deployed. No times and no ids of change sets: two
/// plans of the same thing have one digest. No words either: better words are no other plan.
#[derive(Serialize)]
struct Approved<'p> {
    stack: &'p str,
    region: &'p str,
    kind: PlanKind,
    role_arn: Option<&'p str>,
    parameters: &'p [ValueChange],
    tags: &'p [ValueChange],
    deployed: &'p Deployed,
    changes: Vec<ApprovedChange<'p>>,
    outputs: &'p [Difference],
}

#[derive(Serialize)]
struct ApprovedChange<'p> {
    logical_id: &'p str,
    physical_id: Option<&'p str>,
    resource_type: &'p str,
    action: Action,
    replacement: Replacement,
    fate: Option<Fate>,
    differences: &'p [Difference],
}

impl<'p> From<&'p Change> for ApprovedChange<'p> {
    fn from(change: &'p Change) -> Self {
        Self {
            logical_id: &change.logical_id,
            physical_id: change.physical_id.as_deref(),
            resource_type: &change.resource_type,
            action: change.action,
            replacement: change.replacement,
            fate: change.data.as_ref().map(|data| data.fate),
            differences: &change.differences,
        }
    }
}

pub(super) fn digest(plan: &Plan) -> String {
    let mut changes: Vec<_> = plan.changes.iter().map(ApprovedChange::from).collect();
    changes.sort_by_key(|change| (change.logical_id, change.action));
    let approved = Approved {
        stack: &plan.stack,
        region: &plan.region,
        kind: plan.kind,
        role_arn: plan.role_arn.as_deref(),
        parameters: &plan.parameters,
        tags: &plan.tags,
        deployed: &plan.deployed,
        changes,
        outputs: &plan.outputs,
    };
    // Every key here is a text, so there is always a JSON of it.
    let canonical = serde_json::to_string(&approved).unwrap_or_default();
    let hash = Sha256::digest(canonical);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
