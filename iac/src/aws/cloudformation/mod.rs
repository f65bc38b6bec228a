//! One stack in CloudFormation: what is known of it, what can be done to it, and what its events say.
//!
//! Requests only; no words for people, no waiting for operations. [`follow`](super::follow) does that.

mod change_set;
mod described;
mod event;
mod operation;
mod situation;

pub use change_set::{ChangeSet, ChangeSetRequest, ParameterValue, Proposed};
pub use described::{Described, Drift, Output};
pub use event::{Mark, StackEvent};
pub use operation::{DeleteOptions, Operation, OperationKind};
pub use situation::{Activity, Situation};

use std::collections::BTreeMap;

use super::{Account, AwsError, stack::DeployedResource};

/// CloudFormation, for one stack by its name.
#[derive(Debug, Clone)]
pub struct StackClient {
    client: aws_sdk_cloudformation::Client,
    name: String,
    place: String,
}

impl StackClient {
    /// Nothing is asked yet.
    pub fn new(account: &Account, name: &str) -> Self {
        Self {
            client: account.cloudformation(),
            name: name.to_owned(),
            place: account.place(),
        }
    }

    /// The stack's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where requests go, in words: a region, or an address in place of AWS.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What CloudFormation knows of the stack; `None` if there is none of this name.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn describe(&self) -> Result<Option<Described>, AwsError> {
        unimplemented!()
    }

    /// The template, as it was sent.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn template(&self) -> Result<String, AwsError> {
        unimplemented!()
    }

    /// The resources by logical id, those without a physical id left out.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn resources(&self) -> Result<BTreeMap<String, DeployedResource>, AwsError> {
        unimplemented!()
    }
}
