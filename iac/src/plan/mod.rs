//! The plan of a deployment: what a change set does, in the order of risk, with values and in words.
//!
//! Everything here is pure: a [`Proposal`] (the change set, both templates) becomes a [`Plan`], which
//! becomes text, Markdown, JSON and a digest. Nothing asks AWS or a clock, so the plan that a reviewer
//! approved and the plan that is carried out can be told apart by their digests alone.

mod access;
mod assemble;
mod change;
mod compare;
mod comparison;
mod data;
mod differences;
mod digest;
mod proposal;
#[cfg(any(feature = "aws", feature = "local"))]
mod read;
mod redact;
mod render;
mod values;

use serde::Serialize;

pub use access::{Access, Effect, Grant, Verdict};
pub use change::{Change, Difference, Risk};
pub use comparison::{Comparison, Place};
pub use data::{Data, Fate, Holds};
pub use proposal::{
    Action, Evaluation, PolicyAction, Proposal, ProposedChange, ProposedDetail, Recreation,
    Replacement, Side, named,
};

#[cfg(any(feature = "aws", feature = "local"))]
pub use read::TemplateError;

/// What a deployment will do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Name of the deployed stack.
    pub stack: String,
    /// Name of the stack in this project.
    pub model: String,
    /// Region.
    pub region: String,
    /// Whether there is a stack already.
    pub kind: PlanKind,
    /// Parameters whose values change; all of them where the stack is new.
    pub parameters: Vec<ValueChange>,
    /// Tags of the stack that change.
    pub tags: Vec<ValueChange>,
    /// Role that CloudFormation takes on, the account left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// What becomes of permissions in the stack as a whole; `None` if no resource allows anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// What happens to each resource: data first, then permissions, then the rest.
    pub changes: Vec<Change>,
    /// What changes in the outputs of a stack that is there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Difference>,
    /// What a reviewer should know of the whole, a sentence each.
    pub notes: Vec<String>,
    #[serde(skip)]
    deployed: digest::Deployed,
}

/// Whether a deployment makes a stack or changes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PlanKind {
    /// There is no such stack yet.
    Create,
    /// There is one.
    Update,
}

/// A parameter or a tag that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueChange {
    /// Its name.
    pub name: String,
    /// The value as it is; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value as it will be; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Plan {
    /// Joins what CloudFormation says with what the two templates say.
    #[must_use]
    pub fn new(proposal: Proposal) -> Self {
        assemble::plan(proposal)
    }

    /// What a reviewer approves: lower-case hex of a SHA-256 over everything that is deployed (names,
    /// region, account, the template's bytes, values of parameters, tags, role, changes with their values)
    /// and over nothing that differs between two plans of the same thing.
    #[must_use]
    pub fn digest(&self) -> String {
        digest::digest(self)
    }

    /// What holds data and is replaced or deleted, kept by a policy or not: each needs an approval of its
    /// own. [`Change::data`] says what becomes of it. Logs are not among them.
    pub fn losses(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| {
            let data = change.data.as_ref();
            data.is_some_and(|data| data.holds == Holds::Data)
        })
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.parameters.is_empty()
            && self.tags.is_empty()
            && self.outputs.is_empty()
    }

    /// For a terminal: a table in the order of risk, with values before and after.
    #[must_use]
    pub fn text(&self, color: bool) -> String {
        render::text::plan(self, color)
    }

    /// For a comment on a pull request: always fits in 65,536 characters.
    #[must_use]
    pub fn markdown(&self) -> String {
        render::markdown::plan(self)
    }

    /// For programs: the plan with its digest and the logical ids of its losses.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        let mut json = serde_json::to_value(self).unwrap_or_default();
        json["digest"] = self.digest().into();
        let losses = self.losses().map(|change| change.logical_id.as_str());
        json["losses"] = losses.collect();
        json
    }
}
