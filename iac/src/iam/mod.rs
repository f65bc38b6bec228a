//! Typed IAM: actions that exist, granted on things that exist.

pub mod action;
mod policy;

pub use action::Action;
pub use policy::{BucketPolicyDocument, Grantable, PolicyDocument, Service, TrustPolicy};
