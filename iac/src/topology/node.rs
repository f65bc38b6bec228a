//! What a stack is made of, as a person would draw it: log groups, policies, permissions and deployments
//! are left out.

use lambda::environment::URL_EXPIRES_SECONDS;

use super::text::Text;
use super::workflow::Step;

/// A thing of the stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its logical id.
    pub id: String,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A REST API.
    Api(Api),
    /// A Lambda function.
    Function(Function),
    /// A Step Functions state machine.
    StateMachine(StateMachine),
    /// An S3 bucket.
    Bucket(Bucket),
    /// A DynamoDB table.
    Table(Table),
    /// An SQS queue.
    Queue,
    /// A CloudWatch alarm.
    Alarm(Alarm),
    /// A CloudFront distribution.
    Distribution,
}

/// A REST API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// The title of its contract.
    pub title: String,
    /// The name of its stage, the first part of each path; empty where it has none.
    pub stage: String,
    /// Its methods, without those that API Gateway answers by itself.
    pub methods: Vec<Method>,
}

/// A method of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// The HTTP method, in capitals.
    pub verb: String,
    /// The path, without the stage.
    pub path: String,
    /// What is called behind it: `states:StartExecution`, `lambda:InvokeFunction`, `s3:PutObject`.
    pub action: String,
    /// What it is called on, with what stands behind its ARN; several where the method's role allows several.
    pub targets: Vec<Target>,
}

/// A node and a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The node's logical id.
    pub id: String,
    /// What stands behind its name: the key of objects (without the slash before it), `index/ByUploadTime`.
    pub part: Text,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name without the stack's: `resize-image`.
    pub name: String,
    /// Memory in MB.
    pub memory_size: u32,
    /// The processor.
    pub architecture: Architecture,
    /// Longest run in seconds.
    pub timeout: u32,
    /// How many may run at once at most.
    pub reserved_concurrency: Option<u32>,
    /// How often an asynchronous call is tried again.
    pub retries: u32,
    /// The names of its environment variables.
    pub environment: Vec<String>,
}

impl Function {
    /// Whether it signs URLs: it lends what it may do with objects to whom it gives them.
    #[must_use]
    pub fn signs_urls(&self) -> bool {
        self.environment
            .iter()
            .any(|name| name == URL_EXPIRES_SECONDS)
    }
}

/// A processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// AWS Graviton.
    Arm64,
    /// Intel or AMD.
    X86_64,
}

/// A state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateMachine {
    /// How its executions run.
    pub workflow: Workflow,
    /// The states that an execution goes through when nothing fails.
    pub steps: Vec<Step>,
}

/// How executions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workflow {
    /// Exactly once, with a history, paid by the transition.
    Standard,
    /// At least once, without a history, paid by the request, the time and the memory.
    Express,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Whether pages of other origins may put objects: a browser uploads with a URL that was signed for it.
    pub browser_uploads: bool,
    /// Whom it notifies of what.
    pub notifications: Vec<Notification>,
}

/// What a bucket notifies of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The event: `s3:ObjectCreated:*`.
    pub event: String,
    /// What keys start with; empty is every key.
    pub prefix: Text,
    /// What keys end with; empty is every key.
    pub suffix: Text,
    /// The logical id of whom it notifies, where the template has it.
    pub target: Option<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The number of global secondary indexes: each write to the table is one to each of them.
    pub indexes: usize,
}

/// When an alarm goes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmCondition {
    /// The metric.
    pub metric: String,
    /// How it compares with the threshold: `>`.
    pub comparison: &'static str,
    /// The threshold.
    pub threshold: String,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What it waits for: `ApproximateNumberOfMessagesVisible > 0`.
    pub condition: AlarmCondition,
}
