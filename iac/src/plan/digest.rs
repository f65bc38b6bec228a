//! The digest of a plan: what a reviewer approves and a deployment is held to.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{Change, Plan, PlanKind, Proposal};

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
/// plans of the same thing have one digest.
#[derive(Serialize)]
struct Approved<'p> {
    stack: &'p str,
    region: &'p str,
    kind: PlanKind,
    role_arn: Option<&'p str>,
    deployed: &'p Deployed,
    changes: Vec<&'p Change>,
}

pub(super) fn digest(plan: &Plan) -> String {
    let mut changes: Vec<_> = plan.changes.iter().collect();
    changes.sort_by_key(|change| (&change.logical_id, change.action));
    let approved = Approved {
        stack: &plan.stack,
        region: &plan.region,
        kind: plan.kind,
        role_arn: plan.role_arn.as_deref(),
        deployed: &plan.deployed,
        changes,
    };
    // No map here has a key that is no text, so there is always a JSON of it.
    let canonical = serde_json::to_string(&approved).unwrap_or_default();
    let hash = Sha256::digest(canonical);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
