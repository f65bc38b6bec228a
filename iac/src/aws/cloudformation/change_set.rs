//! Change sets: made, read, withdrawn.

use std::collections::BTreeMap;

use super::StackClient;
use crate::aws::AwsError;
use crate::plan;

/// What a stack shall become.
#[derive(Debug, Clone)]
pub struct ChangeSetRequest {
    /// The template, at most 51,200 bytes.
    pub template: String,
    /// Parameters; those that are not named take the template's default.
    pub parameters: Vec<(String, ParameterValue)>,
    /// The stack's tags, all of them.
    pub tags: BTreeMap<String, String>,
    /// The role that CloudFormation takes; `None` keeps the stack's.
    pub role_arn: Option<String>,
    /// A sentence for whoever looks at the change set.
    pub description: String,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// This one.
    Value(String),
    /// The deployed stack's.
    Previous,
}

/// What came of a proposal.
#[derive(Debug, Clone)]
pub enum Proposed {
    /// A change set that can be executed.
    Changes(ChangeSet),
    /// The stack is already what was asked for; no change set is left.
    Nothing,
}

/// A change set that can be executed.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// Its ARN.
    pub arn: String,
    /// The ARN of its stack.
    pub stack_id: String,
    /// Whether it creates the stack.
    pub kind: plan::PlanKind,
    /// In CloudFormation's order.
    pub changes: Vec<plan::ProposedChange>,
    /// Effective values of the parameters; those that are secret as `****`.
    pub parameters: BTreeMap<String, String>,
}

impl StackClient {
    /// Makes a change set and waits until CloudFormation has looked at it. A change set that fails is
    /// deleted again, and a stack that exists for its sake only.
    ///
    /// # Errors
    /// CloudFormation refuses the template, the parameters or the changes; with the findings of its early
    /// validation if there are any.
    pub async fn propose(&self, request: &ChangeSetRequest) -> Result<Proposed, AwsError> {
        let _ = request;
        unimplemented!()
    }

    /// Deletes a change set that is not executed, and the stack if it is `REVIEW_IN_PROGRESS` and has no
    /// other change set.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn withdraw(&self, change_set: &ChangeSet) -> Result<(), AwsError> {
        let _ = change_set;
        unimplemented!()
    }
}
