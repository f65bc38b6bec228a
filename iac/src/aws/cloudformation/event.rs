//! What a stack's events say.

use aws_sdk_cloudformation::primitives::DateTime;

use super::StackClient;
use crate::aws::AwsError;

/// An event of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEvent {
    /// Its id, which tells events apart.
    pub id: String,
    /// When it happened, by AWS's clock: good for differences to other events only.
    pub time: Option<DateTime>,
    /// The resource; for the stack itself, its name.
    pub logical_id: String,
    /// The resource's id, once it has one; for the stack itself, its ARN.
    pub physical_id: Option<String>,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_IN_PROGRESS`.
    pub status: String,
    /// Why.
    pub reason: Option<String>,
    /// The token of the request that started the operation.
    pub token: Option<String>,
    /// The stack.
    pub stack_id: String,
}

/// A place in a stack's events: after the newest one at some moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark(pub(super) Option<String>);

impl StackClient {
    /// The place after the newest event there is.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer. A stack that is not there has no events.
    pub async fn mark(&self) -> Result<Mark, AwsError> {
        unimplemented!()
    }

    /// The events after a mark, each once, the oldest first.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn events_after(&self, mark: &Mark) -> Result<Vec<StackEvent>, AwsError> {
        let _ = mark;
        unimplemented!()
    }
}
