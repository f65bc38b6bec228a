//! Operations on a stack: started here, followed elsewhere.

use super::{ChangeSet, Mark, Patience, StackClient};
use crate::aws::AwsError;
use crate::plan::PlanKind;

/// An operation that CloudFormation was asked for, or that was found running.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Roll back what failed and was left as it was.
    Rollback,
    /// Continue a rollback that failed.
    ContinueRollback,
    /// Take resources into the stack.
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

impl OperationKind {
    /// For a sentence: "the update".
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Create => "creation",
            Self::Update => "update",
            Self::Delete => "deletion",
            Self::Rollback | Self::ContinueRollback => "rollback",
            Self::Import => "import",
        }
    }
}

impl StackClient {
    /// Executes a change set. A failure is rolled back.
    ///
    /// # Errors
    /// CloudFormation refuses. If it does not answer for long, the message says that the execution may
    /// have begun.
    pub async fn execute(&self, change_set: &ChangeSet) -> Result<Operation, AwsError> {
        let mark = self.mark_of(&change_set.stack_id).await?;
        let token = token();
        let mut patience = Patience::new(self.patience);
        loop {
            // The token makes all attempts one request. What the default of DisableRollback is, the API's
            // reference says in two ways: it is named.
            let executed = self
                .client
                .execute_change_set()
                .change_set_name(&change_set.arn)
                .stack_name(&change_set.stack_id)
                .client_request_token(&token)
                .disable_rollback(false)
                .send()
                .await;
            let Err(error) = executed else { break };
            let error = self.failed("execute the change set of", &error);
            // An answer that was lost on its way: the next attempt is refused, because it has begun.
            if self.has_begun(&change_set.stack_id, &mark, &token).await {
                break;
            }
            let transient = error.is_transient();
            if let Err(error) = patience.bear(error).await {
                return Err(if transient {
                    self.unknown(error)
                } else {
                    error
                });
            }
        }
        Ok(Operation {
            stack_id: change_set.stack_id.clone(),
            kind: match change_set.kind {
                PlanKind::Create => OperationKind::Create,
                PlanKind::Update => OperationKind::Update,
            },
            mark,
        })
    }

    async fn has_begun(&self, stack: &str, mark: &Mark, token: &str) -> bool {
        let none = std::collections::HashSet::new();
        let events = self.unseen(stack, mark, &none).await;
        events.is_ok_and(|events| {
            let mut tokens = events.iter().map(|event| event.token.as_deref());
            tokens.any(|of| of == Some(token))
        })
    }

    fn unknown(&self, source: AwsError) -> AwsError {
        AwsError::Lost {
            stack: self.name.clone(),
            goes_on: format!(
                "whether it has begun is not known. `iac status {}` tells",
                self.name
            ),
            source: Box::new(source),
        }
    }

    /// Deletes the stack.
    ///
    /// # Errors
    /// There is no such stack, it is protected, or CloudFormation refuses or does not answer.
    pub async fn delete(&self, options: &DeleteOptions) -> Result<Operation, AwsError> {
        let stack_id = self.described().await?.id;
        let mark = self.mark_of(&stack_id).await?;
        let retain = (!options.retain.is_empty()).then(|| options.retain.clone());
        self.client
            .delete_stack()
            .stack_name(&stack_id)
            .set_retain_resources(retain)
            .set_role_arn(options.role_arn.clone())
            .client_request_token(token())
            .send()
            .await
            .map_err(|error| self.failed("delete", &error))?;
        Ok(Operation {
            stack_id,
            kind: OperationKind::Delete,
            mark,
        })
    }

    /// Cancels the update that runs; it is rolled back, as part of the same operation.
    ///
    /// # Errors
    /// No update runs, or CloudFormation refuses or does not answer.
    pub async fn cancel_update(&self) -> Result<(), AwsError> {
        self.client
            .cancel_update_stack()
            .stack_name(&self.name)
            .client_request_token(token())
            .send()
            .await
            .map_err(|error| self.failed("cancel the update of", &error))?;
        Ok(())
    }

    /// Continues the rollback of an update that failed, without the resources to skip.
    ///
    /// # Errors
    /// The stack is not in `UPDATE_ROLLBACK_FAILED`, or CloudFormation refuses or does not answer.
    pub async fn continue_rollback(&self, skip: &[String]) -> Result<Operation, AwsError> {
        let stack_id = self.described().await?.id;
        let mark = self.mark_of(&stack_id).await?;
        let skip = (!skip.is_empty()).then(|| skip.to_vec());
        self.client
            .continue_update_rollback()
            .stack_name(&stack_id)
            .set_resources_to_skip(skip)
            .client_request_token(token())
            .send()
            .await
            .map_err(|error| self.failed("continue the rollback of", &error))?;
        Ok(Operation {
            stack_id,
            kind: OperationKind::ContinueRollback,
            mark,
        })
    }

    /// Sets what an update may do to which resource: a JSON document.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn set_policy(&self, policy: &str) -> Result<(), AwsError> {
        self.client
            .set_stack_policy()
            .stack_name(&self.name)
            .stack_policy_body(policy)
            .send()
            .await
            .map_err(|error| self.failed("set the policy of", &error))?;
        Ok(())
    }

    /// The policy that is set.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn policy(&self) -> Result<Option<String>, AwsError> {
        let policy = self.client.get_stack_policy().stack_name(&self.name);
        let policy = policy.send().await;
        let policy = policy.map_err(|error| self.failed("read the policy of", &error))?;
        Ok(policy.stack_policy_body.filter(|body| !body.is_empty()))
    }

    /// Switches on or off that a deletion is refused.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn set_termination_protection(&self, on: bool) -> Result<(), AwsError> {
        self.client
            .update_termination_protection()
            .stack_name(&self.name)
            .enable_termination_protection(on)
            .send()
            .await
            .map_err(|error| self.failed("change the protection of", &error))?;
        Ok(())
    }
}

/// A token that makes repeated requests one.
pub(super) fn token() -> String {
    format!("iac-{}", uuid::Uuid::now_v7().simple())
}
