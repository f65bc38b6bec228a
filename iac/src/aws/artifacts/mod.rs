//! The bucket that code is deployed from, which is a stack of its own.

mod running;
mod stack;
mod store;

pub use running::code_of;
pub use stack::{ArtifactStack, State};
pub use store::{Found, Owner, Store};

use super::AwsError;
use super::deploy::DeployError;

fn unusable(stack: &str, problem: &str) -> AwsError {
    DeployError::Artifacts {
        stack: stack.to_owned(),
        problem: problem.to_owned(),
    }
    .into()
}
