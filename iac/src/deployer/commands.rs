//! What the commands themselves ask of AWS, beside what CloudFormation does for them.

/// What a command takes, where the template has a type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Command {
    /// The statement's id: what it is for.
    pub(super) sid: &'static str,
    /// The type without which it is of no use.
    pub(super) with: &'static str,
    /// Actions.
    pub(super) actions: &'static [&'static str],
    /// ARNs, as those of [`NEEDS`](super::needs::NEEDS).
    pub(super) on: &'static [&'static str],
}

const STACKS: &[&str] = &[
    "arn:aws:cloudformation:*:*:stack/{name}/*",
    "arn:aws:cloudformation:*:*:stack/{artifacts}/*",
];
const BUCKET: &str = "AWS::S3::Bucket";
const MACHINE: &str = "AWS::StepFunctions::StateMachine";
const QUEUE: &str = "AWS::SQS::Queue";

/// What `iac plan` and `iac deploy` take, and looking at a stack.
pub(super) const DEPLOY: &[Command] = &[
    Command {
        sid: "Stacks",
        with: BUCKET,
        actions: &[
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DescribeStackResources",
            "cloudformation:DescribeStacks",
            "cloudformation:DetectStackDrift",
            "cloudformation:DetectStackResourceDrift",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:GetStackPolicy",
            "cloudformation:GetTemplate",
            "cloudformation:ListChangeSets",
            "cloudformation:ListStackResources",
            "cloudformation:RollbackStack",
            "cloudformation:SetStackPolicy",
            "cloudformation:TagResource",
            "cloudformation:UntagResource",
            "cloudformation:UpdateTerminationProtection",
        ],
        on: STACKS,
    },
    Command {
        sid: "StackReports",
        with: BUCKET,
        actions: &[
            "cloudformation:DescribeEvents",
            "cloudformation:DescribeStackDriftDetectionStatus",
        ],
        on: &["*"],
    },
    Command {
        sid: "LogGroupReports",
        with: "AWS::Logs::LogGroup",
        actions: &[
            "logs:DescribeIndexPolicies",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
        ],
        on: &["*"],
    },
    Command {
        // It has no ARN before it is made.
        sid: "NewOriginAccessControl",
        with: "AWS::CloudFront::OriginAccessControl",
        actions: &["cloudfront:CreateOriginAccessControl"],
        on: &["*"],
    },
    Command {
        sid: "UploadCode",
        with: BUCKET,
        actions: &["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
        on: &["arn:aws:s3:::{artifacts}-*/*"],
    },
];

/// What `iac destroy --empty`, `iac resize`, `iac backfill` and `iac redrive` take beside looking at a stack:
/// they act on people's data.
pub(super) const OPERATE: &[Command] = &[
    Command {
        sid: "DestroyLook",
        with: BUCKET,
        actions: &["s3:ListBucketVersions"],
        on: &["arn:aws:s3:::{name}-*", "arn:aws:s3:::{artifacts}-*"],
    },
    Command {
        sid: "DestroyEmpty",
        with: BUCKET,
        actions: &["s3:DeleteObject", "s3:DeleteObjectVersion"],
        on: &["arn:aws:s3:::{name}-*/*", "arn:aws:s3:::{artifacts}-*/*"],
    },
    Command {
        sid: "ResizeAndBackfillObjects",
        with: BUCKET,
        actions: &["s3:GetObject", "s3:PutObject"],
        on: &["arn:aws:s3:::{name}-*/*"],
    },
    Command {
        sid: "ResizeFunction",
        with: "AWS::Lambda::Function",
        actions: &["lambda:GetFunctionConfiguration"],
        on: &["arn:aws:lambda:*:*:function:{name}-*"],
    },
    Command {
        sid: "ResizeApi",
        with: "AWS::ApiGateway::RestApi",
        actions: &["execute-api:Invoke"],
        on: &["arn:aws:execute-api:*:*:*/prod/*/*"],
    },
    Command {
        sid: "ResizeAndBackfillMachines",
        with: MACHINE,
        actions: &["states:ListExecutions", "states:StartExecution"],
        on: &[
            "arn:aws:states:*:*:stateMachine:{name}-*",
            "arn:aws:states:*:*:mapRun:{name}-*/*:*",
        ],
    },
    Command {
        sid: "ResizeAndBackfillExecutions",
        with: MACHINE,
        actions: &[
            "states:DescribeExecution",
            "states:DescribeStateMachineForExecution",
            "states:ListMapRuns",
            "states:StopExecution",
        ],
        on: &[
            "arn:aws:states:*:*:execution:{name}-*:*",
            "arn:aws:states:*:*:express:{name}-*:*:*",
        ],
    },
    Command {
        sid: "BackfillRuns",
        with: MACHINE,
        actions: &["states:DescribeMapRun", "states:UpdateMapRun"],
        on: &["arn:aws:states:*:*:mapRun:{name}-*/*:*"],
    },
    Command {
        sid: "RedriveQueue",
        with: QUEUE,
        actions: &[
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:ReceiveMessage",
        ],
        on: &["arn:aws:sqs:*:*:{name}-*"],
    },
    Command {
        sid: "RedriveFunction",
        with: QUEUE,
        actions: &["lambda:InvokeFunction"],
        on: &["arn:aws:lambda:*:*:function:{name}-*"],
    },
];
