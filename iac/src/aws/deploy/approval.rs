//! Whether a plan is carried out.

use std::collections::BTreeSet;

use crate::plan::Plan;

/// Who approves a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approval {
    /// A person at the terminal, who is asked.
    Ask,
    /// Whoever typed the command, whatever the plan is. Losses are no part of it.
    Yes,
    /// Whoever reviewed the plan with this digest.
    Digest(String),
}

/// Why a plan is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The person said no.
    Person,
    /// Nobody can be asked.
    NobodyToAsk {
        /// The plan's digest.
        digest: String,
    },
    /// Data would be lost or left behind that was not named.
    Losses {
        /// Logical ids that were not allowed.
        resources: Vec<String>,
        /// The plan's digest.
        digest: String,
    },
    /// There is a question, and nobody to ask.
    Question(String),
    /// Another plan was approved.
    OtherPlan {
        /// The digest that was approved.
        approved: String,
        /// The plan's digest.
        digest: String,
    },
}

/// What to do with a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// Carry it out.
    Go,
    /// Ask the person.
    Ask,
    /// Leave it.
    Refuse(Refusal),
}

/// Decides, with the losses that were allowed by name.
pub(super) fn decide(
    plan: &Plan,
    approval: &Approval,
    allowed_losses: &BTreeSet<String>,
    can_ask: bool,
) -> Decision {
    let digest = plan.digest();
    if let Approval::Digest(approved) = approval {
        // A reviewer who approved exactly this has seen what is lost.
        return if approved.trim().eq_ignore_ascii_case(&digest) {
            Decision::Go
        } else {
            Decision::Refuse(Refusal::OtherPlan {
                approved: approved.clone(),
                digest,
            })
        };
    }
    let losses = plan.losses().map(|change| change.logical_id.clone());
    let resources: Vec<_> = losses.filter(|id| !allowed_losses.contains(id)).collect();
    if !resources.is_empty() {
        return Decision::Refuse(Refusal::Losses { resources, digest });
    }
    match approval {
        Approval::Yes => Decision::Go,
        _ if can_ask => Decision::Ask,
        _ => Decision::Refuse(Refusal::NobodyToAsk { digest }),
    }
}
