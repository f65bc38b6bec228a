//! Amazon CloudWatch.

use serde::Serialize;

use crate::cfn::{Handle, Literal, Resource, Value};
use crate::resources::sqs::Queue;

/// An alarm.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields bear CloudFormation's names"
)]
pub struct Alarm {
    alarm_description: Value<String>,
    alarm_actions: Value<AlarmActions>,
    namespace: &'static str,
    metric_name: &'static str,
    dimensions: [Dimension; 1],
    statistic: &'static str,
    period: u32,
    evaluation_periods: u32,
    threshold: u32,
    comparison_operator: &'static str,
    treat_missing_data: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension {
    name: &'static str,
    value: Value<String>,
}

/// Who hears of an alarm: the ARN of a topic.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct AlarmActions([Value<String>; 1]);

impl AlarmActions {
    /// A topic.
    #[must_use]
    pub fn topic(arn: Value<String>) -> Value<Self> {
        Self([arn]).into()
    }
}

impl Literal for AlarmActions {}

impl Alarm {
    /// Rings while there is a message in a queue. A queue without a metric has been empty for hours.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html>
    #[must_use]
    pub fn not_empty(
        queue: &Handle<Queue>,
        description: impl Into<Value<String>>,
        actions: Value<AlarmActions>,
    ) -> Self {
        Self {
            alarm_description: description.into(),
            alarm_actions: actions,
            namespace: "AWS/SQS",
            metric_name: "ApproximateNumberOfMessagesVisible",
            dimensions: [Dimension {
                name: "QueueName",
                value: queue.name(),
            }],
            statistic: "Maximum",
            period: 60,
            evaluation_periods: 1,
            threshold: 0,
            comparison_operator: "GreaterThanThreshold",
            treat_missing_data: "notBreaching",
        }
    }
}

impl Resource for Alarm {
    const TYPE: &'static str = "AWS::CloudWatch::Alarm";
}
