//! Actions, each with the kind of resource it acts on.
//!
//! A permission is granted by one of these constants, so an action that IAM does not know cannot be
//! written and `s3:PutObject` cannot be granted on a log group.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::fmt;
use std::marker::PhantomData;

/// An IAM action on an `R`.
pub struct Action<R> {
    name: &'static str,
    kind: PhantomData<fn() -> R>,
}

impl<R> Action<R> {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            kind: PhantomData,
        }
    }

    /// The name in a policy, such as `s3:GetObject`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<R> Clone for Action<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Action<R> {}

impl<R> fmt::Debug for Action<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Amazon S3.
pub mod s3 {
    use super::Action;
    use crate::resources::s3::{Bucket, Object};

    /// Reads an object.
    pub const GET_OBJECT: Action<Object> = Action::new("s3:GetObject");
    /// Writes an object.
    pub const PUT_OBJECT: Action<Object> = Action::new("s3:PutObject");
    /// Lists the parts of an upload in parts that has not ended.
    pub const LIST_MULTIPART_UPLOAD_PARTS: Action<Object> =
        Action::new("s3:ListMultipartUploadParts");
    /// Gives up an upload in parts.
    pub const ABORT_MULTIPART_UPLOAD: Action<Object> = Action::new("s3:AbortMultipartUpload");
    /// Lists the keys of the bucket.
    pub const LIST_BUCKET: Action<Bucket> = Action::new("s3:ListBucket");

    /// The four that Step Functions wants to export results with.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
    pub const WRITE_IN_PARTS: [Action<Object>; 4] = [
        PUT_OBJECT,
        GET_OBJECT,
        LIST_MULTIPART_UPLOAD_PARTS,
        ABORT_MULTIPART_UPLOAD,
    ];
}

/// Amazon DynamoDB.
pub mod dynamodb {
    use super::Action;
    use crate::resources::dynamodb::{Index, Table};

    /// Reads an item by its key.
    pub const GET_ITEM: Action<Table> = Action::new("dynamodb:GetItem");
    /// Writes an item, in place of one with its key.
    pub const PUT_ITEM: Action<Table> = Action::new("dynamodb:PutItem");
    /// Reads the items of a partition of an index, in order.
    pub const QUERY: Action<Index> = Action::new("dynamodb:Query");
}

/// Amazon SQS.
pub mod sqs {
    use super::Action;
    use crate::resources::sqs::Queue;

    /// Puts a message into the queue.
    pub const SEND_MESSAGE: Action<Queue> = Action::new("sqs:SendMessage");
}

/// Amazon CloudWatch Logs.
pub mod logs {
    use super::Action;
    use crate::resources::logs::LogGroup;

    /// Creates the log group, where it is not there.
    pub const CREATE_LOG_GROUP: Action<LogGroup> = Action::new("logs:CreateLogGroup");
    /// Creates a stream in the group.
    pub const CREATE_LOG_STREAM: Action<LogGroup> = Action::new("logs:CreateLogStream");
    /// Writes events into a stream of the group.
    pub const PUT_LOG_EVENTS: Action<LogGroup> = Action::new("logs:PutLogEvents");

    /// The three that a writer of logs holds.
    pub const WRITE: [Action<LogGroup>; 3] = [CREATE_LOG_GROUP, CREATE_LOG_STREAM, PUT_LOG_EVENTS];
}

/// AWS Lambda.
pub mod lambda {
    use super::Action;
    use crate::resources::lambda::Function;

    /// Invokes the function.
    pub const INVOKE_FUNCTION: Action<Function> = Action::new("lambda:InvokeFunction");
}

/// AWS Step Functions.
pub mod states {
    use super::Action;
    use crate::resources::stepfunctions::{Execution, StateMachine};

    /// Starts an execution of the state machine.
    pub const START_EXECUTION: Action<StateMachine> = Action::new("states:StartExecution");
    /// Tells how an execution fares.
    pub const DESCRIBE_EXECUTION: Action<Execution> = Action::new("states:DescribeExecution");
    /// Ends an execution early.
    pub const STOP_EXECUTION: Action<Execution> = Action::new("states:StopExecution");
}
