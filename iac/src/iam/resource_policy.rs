//! Policies of things: who may do what to a bucket or a queue, whatever the roles say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html>

use serde::Serialize;

use super::action;
use super::statement::{Condition, Effect, Principal, Source, Statement, VERSION};
use crate::cfn::{Arn, Handle, Value};
use crate::resources::cloudfront::Distribution;
use crate::resources::s3::{Bucket, Object};
use crate::resources::sqs::Queue;
use crate::sub;

/// A bucket's own policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketPolicyDocument {
    version: &'static str,
    statement: Vec<Statement>,
}

impl BucketPolicyDocument {
    /// Refuses every request that does not come over TLS. It allows nobody anything.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
    #[must_use]
    pub fn tls_only(bucket: &Handle<Bucket>) -> Self {
        Self {
            version: VERSION,
            statement: vec![Statement::tls_only(
                "s3:*",
                vec![bucket.arn().text(), sub![bucket.arn(), "/*"]],
            )],
        }
    }

    /// Lets one distribution of this account read these objects.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
    #[must_use]
    pub fn read_by(
        mut self,
        distribution: &Handle<Distribution>,
        objects: &Value<Arn<Object>>,
    ) -> Self {
        self.statement.push(Statement {
            sid: "ReadByDistribution".to_owned(),
            effect: Effect::Allow,
            principal: Some(Principal::Service("cloudfront.amazonaws.com")),
            action: vec![action::s3::GET_OBJECT.name()],
            resource: vec![objects.text()],
            condition: Some(Condition::StringEquals(Source::Arn(
                distribution.arn().text(),
            ))),
        });
        self
    }
}

/// A queue's own policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueuePolicyDocument {
    version: &'static str,
    statement: [Statement; 1],
}

impl QueuePolicyDocument {
    /// Refuses every request that does not come over TLS. It allows nobody anything.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html>
    #[must_use]
    pub fn tls_only(queue: &Handle<Queue>) -> Self {
        Self {
            version: VERSION,
            statement: [Statement::tls_only("sqs:*", vec![queue.arn().text()])],
        }
    }
}
