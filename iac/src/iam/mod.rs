//! Typed IAM: actions that exist, granted on things that exist.

pub mod action;
mod policy;
mod resource_policy;
mod statement;

pub use action::Action;
pub use policy::{Grantable, PolicyDocument, Service, TrustPolicy};
pub use resource_policy::{BucketPolicyDocument, QueuePolicyDocument};
pub(crate) use statement::VERSION;
