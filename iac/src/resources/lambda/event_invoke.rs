//! What becomes of events that a function fails on.

use serde::Serialize;

use super::Function;
use crate::cfn::{Arn, Handle, Id, Resource, Value};
use crate::resources::sqs::Queue;

/// How often an event is tried again, and where it goes when that was in vain.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventInvokeConfig {
    /// The function.
    pub function_name: Value<Id<Function>>,
    /// Of this version or alias.
    pub qualifier: Value<String>,
    /// Tries after the first; 0 to 2.
    pub maximum_retry_attempts: Value<u32>,
    /// How long an event may wait for a try, in seconds.
    pub maximum_event_age_in_seconds: Value<u32>,
    /// Where it goes then.
    pub destination_config: OnFailure,
}

impl Resource for EventInvokeConfig {
    const TYPE: &'static str = "AWS::Lambda::EventInvokeConfig";
}

/// Where an event goes that a function failed on, with the error beside it. The function's role must hold
/// `sqs:SendMessage` on it: Lambda sends in its name.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OnFailure {
    on_failure: Destination,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    destination: Value<Arn<Queue>>,
}

impl OnFailure {
    /// Into a queue.
    #[must_use]
    pub fn queue(queue: &Handle<Queue>) -> Self {
        Self {
            on_failure: Destination {
                destination: queue.arn(),
            },
        }
    }
}
