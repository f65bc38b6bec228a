//! The resources that the stacks use, a module a service. Properties bear CloudFormation's names
//! and hold what the stacks set.

pub mod apigateway;
pub mod cloudfront;
pub mod cloudwatch;
pub mod dynamodb;
pub mod iam;
pub mod lambda;
pub mod logs;
pub mod s3;
pub mod sqs;
pub mod stepfunctions;
