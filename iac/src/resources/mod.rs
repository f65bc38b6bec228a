//! The resources that the stacks use, a module a service. Properties bear CloudFormation's names
//! and hold what the stacks set.

pub mod apigateway;
pub mod iam;
pub mod lambda;
pub mod logs;
pub mod s3;
pub mod stepfunctions;
