//! One stack in CloudFormation: what is known of it, what can be done to it, and what its events say.
//!
//! Requests, and waiting for the answers to them. Waiting for what an operation does, and telling people
//! of it, is [`follow`](super::follow)'s.

mod beginning;
mod change_set;
mod described;
mod event;
mod finding;
mod operation;
mod proposed;
mod retry;
mod situation;

pub use change_set::{ChangeSetRequest, ParameterValue, Pending};
pub use described::{Described, Drift, Output};
pub use event::{Mark, StackEvent};
pub use finding::Finding;
pub use operation::{DeleteOptions, Operation, OperationKind};
pub use proposed::{ChangeSet, Proposed};
pub use retry::{Patience, patiently};
pub use situation::{Activity, Situation};

pub(super) use beginning::begins;
pub(super) use described::is_missing;
pub(super) use event::Cursor;
pub(super) use finding::Validated;

use std::time::Duration;

use super::Account;

/// How long trouble is borne while a request is part of several. Then a person looks at it.
const PATIENCE: Duration = Duration::from_mins(1);

/// CloudFormation, for one stack by its name.
#[derive(Debug, Clone)]
pub struct StackClient {
    client: aws_sdk_cloudformation::Client,
    name: String,
    place: String,
    patience: Duration,
}

impl StackClient {
    /// Nothing is asked yet.
    pub fn new(account: &Account, name: &str) -> Self {
        Self {
            client: account.cloudformation(),
            name: name.to_owned(),
            place: account.place(),
            patience: PATIENCE,
        }
    }

    /// Changes how long it bears that nobody answers while it proposes or executes changes.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The stack's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where requests go, in words: a region, or an address in place of AWS.
    pub fn place(&self) -> &str {
        &self.place
    }
}
