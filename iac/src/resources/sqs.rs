//! Amazon SQS.

use serde::Serialize;

use crate::cfn::{Arn, Handle, Id, Resource, Value};
use crate::iam::{Grantable, QueuePolicyDocument};

/// A queue, encrypted with SQS's own keys.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Queue {
    message_retention_period: Value<u32>,
    sqs_managed_sse_enabled: bool,
}

/// The longest that SQS keeps a message, in seconds: 14 days.
///
/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>
const LONGEST_RETENTION: u32 = 14 * 24 * 60 * 60;

impl Queue {
    /// A queue for what could not be done, which keeps it as long as SQS can.
    #[must_use]
    pub fn dead_letters() -> Self {
        Self {
            message_retention_period: LONGEST_RETENTION.into(),
            sqs_managed_sse_enabled: true,
        }
    }
}

impl Resource for Queue {
    const TYPE: &'static str = "AWS::SQS::Queue";
}

impl Handle<Queue> {
    /// The queue's URL (`Ref`).
    #[must_use]
    pub fn url(&self) -> Value<Id<Queue>> {
        self.reference()
    }

    /// The queue's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Queue>> {
        self.attribute("Arn")
    }

    /// The queue's name, as its metrics bear it.
    #[must_use]
    pub fn name(&self) -> Value<String> {
        self.attribute("QueueName")
    }
}

impl Grantable<Queue> for Handle<Queue> {
    fn granted(&self) -> Value<Arn<Queue>> {
        self.arn()
    }
}

/// A queue's own policy.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueuePolicy {
    /// The queue.
    pub queues: [Value<Id<Queue>>; 1],
    /// The policy.
    pub policy_document: QueuePolicyDocument,
}

impl Resource for QueuePolicy {
    const TYPE: &'static str = "AWS::SQS::QueuePolicy";
}
