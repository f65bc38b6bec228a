//! How an operation ended.

use serde::Serialize;

use crate::aws::cloudformation::Finding;

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The stack is what it shall be.
    Succeeded,
    /// It failed, or was cancelled, and what it did was undone.
    RolledBack(Failure),
    /// It failed, and the stack stays in a state that needs a person.
    Stuck(Failure),
    /// The stack is deleted, as it shall be.
    Deleted,
    /// It goes on; nobody follows it from here.
    Detached,
}

/// Why an operation failed, what became of it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The stack's status at the end.
    pub status: String,
    /// What failed first; `None` if nothing did, as when it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<RootCause>,
    /// What failed for a reason of its own after that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_failed: Vec<RootCause>,
    /// What could not be undone, or deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<RootCause>,
    /// Logical ids of the resources that were rolled back.
    pub rolled_back: Vec<String>,
    /// What to do, a sentence or two each.
    pub advice: Vec<String>,
}

/// A resource that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RootCause {
    /// The resource; the stack's name if it is the stack.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its status, such as `CREATE_FAILED`.
    pub status: String,
    /// Its own message.
    pub message: String,
    /// What CloudFormation's early validation found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// A resource that stays, and belongs to no stack any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// Its name in the stack.
    pub logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name, without the account in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_id: Option<String>,
}
