//! What becomes of permissions.

use serde::Serialize;

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
