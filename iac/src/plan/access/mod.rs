//! What becomes of permissions.

mod api;
mod atom;
mod pattern;
mod resource;
mod scope;
mod verdict;

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use atom::Atom;
pub(super) use scope::Scope;

/// What a change does to who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// More, less, as much, or not to be told.
    pub verdict: Verdict,
    /// What is allowed now and was not before; of a `Deny`, what it refuses no longer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gained: Vec<Grant>,
    /// What was allowed before and is not any more; of a `Deny`, what it refuses now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Grant>,
    /// Why it cannot be told, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unsure: Vec<String>,
}

/// Whether a change allows more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Something is allowed that was not; something else may be allowed no longer.
    Broader,
    /// It depends on what cannot be compared here, such as two conditions.
    CannotTell,
    /// Something is allowed no longer, and nothing is new.
    Narrower,
    /// Written differently, and it means the same.
    Same,
}

/// One thing that one principal may, or may not, do to one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// `Allow` or `Deny`.
    pub effect: Effect,
    /// Who, such as `ResizeImageRole` or `the service lambda.amazonaws.com`.
    pub principal: String,
    /// What, such as `s3:GetObject`.
    pub action: String,
    /// To what, such as `SourceBucket.Arn/*`.
    pub resource: String,
    /// When, if not always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It refuses, whatever else allows.
    Deny,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            effect,
            principal,
            action,
            resource,
            condition,
        } = self;
        match (effect, principal.as_str()) {
            (Effect::Deny, "anyone") => f.write_str("nobody may")?,
            (Effect::Deny, who) => write!(f, "{who} may not")?,
            (Effect::Allow, who) => write!(f, "{who} may")?,
        }
        write!(f, " {action} on {resource}")?;
        match condition {
            Some(condition) => write!(f, " if {condition}"),
            None => Ok(()),
        }
    }
}

/// What the resources of a template allow and refuse.
#[derive(Default)]
pub(super) struct Allowed(Vec<Atom>);

impl Allowed {
    /// Of one resource, resolved.
    pub(super) fn by(id: &str, resource: &Json, scope: &Scope) -> Self {
        Self(resource::grants(id, resource, scope))
    }

    /// Of a whole template, resolved.
    pub(super) fn by_all(resources: &Map<String, Json>, scope: &Scope) -> Self {
        let each = resources.iter();
        Self(
            each.flat_map(|(id, resource)| resource::grants(id, resource, scope))
                .collect(),
        )
    }

    /// Without what is refused about things that are on one side only: a bucket that comes with a lock
    /// takes nothing from anybody, and the lock of one that goes opens nothing.
    pub(super) fn about(mut self, own: &Scope, other: &Scope) -> Self {
        self.0.retain(|atom| {
            atom.grant.effect == Effect::Allow || !own.differs_on(&atom.grant.resource, other)
        });
        self
    }

    /// What changes from this to another; `None` if it is the same to the letter.
    pub(super) fn becomes(&self, other: &Self) -> Option<Access> {
        let sorted = |atoms: &[Atom]| {
            let mut grants: Vec<Grant> = atoms.iter().map(|atom| atom.grant.clone()).collect();
            grants.sort();
            grants
        };
        (sorted(&self.0) != sorted(&other.0)).then(|| verdict::verdict(&self.0, &other.0))
    }
}
