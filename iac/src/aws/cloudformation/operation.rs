//! Operations on a stack: started here, followed elsewhere.

use super::{ChangeSet, Mark, StackClient};
use crate::aws::AwsError;

/// An operation that CloudFormation was asked for, or that was found running.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The stack's ARN.
    pub stack_id: String,
    /// What it shall do.
    pub kind: OperationKind,
    /// The place in the stack's events where it begins.
    pub mark: Mark,
}

/// What an operation shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Create the stack.
    Create,
    /// Update it.
    Update,
    /// Delete it.
    Delete,
    /// Roll a creation or an update back, for someone asked for that.
    Rollback,
    /// Continue a rollback that failed.
    ContinueRollback,
    /// Take resources into it.
    Import,
}

/// How a stack is deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Resources that stay, by logical id; for a stack in `DELETE_FAILED` only.
    pub retain: Vec<String>,
    /// The role that CloudFormation takes; `None` is the stack's.
    pub role_arn: Option<String>,
}

impl StackClient {
    /// Executes a change set. A failure is rolled back.
    ///
    /// # Errors
    /// CloudFormation refuses. If it does not answer, the message says that it may have begun.
    pub async fn execute(&self, change_set: &ChangeSet) -> Result<Operation, AwsError> {
        let _ = change_set;
        unimplemented!()
    }

    /// Deletes the stack.
    ///
    /// # Errors
    /// There is no such stack, it is protected, or CloudFormation refuses or does not answer.
    pub async fn delete(&self, options: &DeleteOptions) -> Result<Operation, AwsError> {
        let _ = options;
        unimplemented!()
    }

    /// Cancels the update that runs; it is rolled back, as part of the same operation.
    ///
    /// # Errors
    /// No update runs, or CloudFormation refuses or does not answer.
    pub async fn cancel_update(&self) -> Result<(), AwsError> {
        unimplemented!()
    }

    /// Continues the rollback of an update that failed, without the resources to skip.
    ///
    /// # Errors
    /// The stack is not in `UPDATE_ROLLBACK_FAILED`, or CloudFormation refuses or does not answer.
    pub async fn continue_rollback(&self, skip: &[String]) -> Result<Operation, AwsError> {
        let _ = skip;
        unimplemented!()
    }

    /// Sets what an update may do to which resource: a JSON document.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn set_policy(&self, policy: &str) -> Result<(), AwsError> {
        let _ = policy;
        unimplemented!()
    }

    /// The policy that is set.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn policy(&self) -> Result<Option<String>, AwsError> {
        unimplemented!()
    }

    /// Switches on or off that a deletion is refused.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn set_termination_protection(&self, on: bool) -> Result<(), AwsError> {
        let _ = on;
        unimplemented!()
    }

    /// The operation that runs or, if none does, the last one: from its beginning.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn last_operation(&self) -> Result<Operation, AwsError> {
        unimplemented!()
    }
}
