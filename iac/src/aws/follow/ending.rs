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
    /// The stack is deleted.
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
    pub root_cause: Option<RootCause>,
    /// Logical ids of the resources that were rolled back.
    pub rolled_back: Vec<String>,
    /// What to do, in sentences.
    pub advice: String,
}

/// The first resource that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RootCause {
    /// The resource.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Its status, such as `CREATE_FAILED`.
    pub status: String,
    /// Its own message.
    pub message: String,
    /// What CloudFormation's early validation found.
    pub findings: Vec<Finding>,
}
