//! Where events go that a function failed on.

use crate::cfn::{Attributes, Handle, Parameter, Stack, Test, Value, pseudo};
use crate::iam::QueuePolicyDocument;
use crate::resources::cloudwatch::{Alarm, AlarmActions};
use crate::resources::sqs::{Queue, QueuePolicy};
use crate::sub;

/// Adds the parameter `AlarmTopicArn`: who hears of alarms.
pub fn alarm_actions(stack: &mut Stack) -> Value<AlarmActions> {
    let topic = stack.parameter(
        "AlarmTopicArn",
        Parameter::text("ARN of an SNS topic to tell of failed events; empty for none")
            .default("")
            .allowed_pattern(
                "|arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
                "is empty or the ARN of a topic",
            ),
    );
    let nobody = stack.condition("NoAlarmTopic", &Test::Equals(topic.clone(), "".into()));
    pseudo::no_value().when(&nobody, AlarmActions::topic(topic))
}

/// The logical id of the queue, by which `iac redrive` finds it in a deployed stack.
pub const DEAD_LETTER_QUEUE: &str = "DeadLetterQueue";

/// Adds a queue, which is encrypted and reached by TLS only, an alarm that rings while there is something
/// in it, and an output with its URL. It goes with the stack: nobody else can make anything of its
/// events.
pub fn dead_letter_queue(stack: &mut Stack, actions: Value<AlarmActions>) -> Handle<Queue> {
    let queue = stack.add_with(
        DEAD_LETTER_QUEUE,
        Attributes::delete(),
        Queue::dead_letters(),
    );
    stack.add(
        "DeadLetterQueuePolicy",
        QueuePolicy {
            queues: [queue.url()],
            policy_document: QueuePolicyDocument::tls_only(&queue),
        },
    );
    stack.add(
        "DeadLetterAlarm",
        Alarm::not_empty(
            &queue,
            sub![
                "Images could not be resized: see the messages in ",
                queue.name(),
                ", mend it, and put them back: iac redrive --stack ",
                pseudo::stack_name(),
            ],
            actions,
        ),
    );
    stack.output(
        "DeadLetterQueueUrl",
        "Queue of the events that could not be handled",
        &queue.url(),
    );
    queue
}
