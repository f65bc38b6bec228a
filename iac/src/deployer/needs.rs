//! What CloudFormation does on behalf of whoever deploys, type by type: the permissions that the type's own
//! schema names for creating, reading, updating and deleting it, as far as these stacks use the type.
//!
//! Source: `handlers` in <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>

/// What deploying a type takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// The type.
    pub(super) kind: &'static str,
    /// Actions.
    pub(super) actions: &'static [&'static str],
    /// ARNs; `{name}` is the stack's name, `{artifacts}` the artifact stack's.
    pub(super) on: &'static [&'static str],
}

const BUCKETS: &[&str] = &["arn:aws:s3:::{name}-*", "arn:aws:s3:::{artifacts}-*"];
const FUNCTIONS: &[&str] = &["arn:aws:lambda:*:*:function:{name}-*"];
const QUEUES: &[&str] = &["arn:aws:sqs:*:*:{name}-*"];
const REST: &[&str] = &[
    "apigateway:DELETE",
    "apigateway:GET",
    "apigateway:PATCH",
    "apigateway:POST",
    "apigateway:PUT",
];
const APIS: &[&str] = &[
    "arn:aws:apigateway:*::/restapis*",
    "arn:aws:apigateway:*::/tags/*",
];
const PLANS: &[&str] = &[
    "arn:aws:apigateway:*::/usageplans",
    "arn:aws:apigateway:*::/usageplans/*",
];

/// Every type that a stack of this project can have, with every option.
pub(super) const NEEDS: &[Needs] = &[
    Needs {
        kind: "AWS::ApiGateway::ApiKey",
        actions: REST,
        on: &[
            "arn:aws:apigateway:*::/apikeys",
            "arn:aws:apigateway:*::/apikeys/*",
        ],
    },
    Needs {
        kind: "AWS::ApiGateway::Deployment",
        actions: REST,
        on: &["arn:aws:apigateway:*::/restapis/*"],
    },
    Needs {
        kind: "AWS::ApiGateway::RestApi",
        actions: REST,
        on: APIS,
    },
    Needs {
        kind: "AWS::ApiGateway::Stage",
        actions: REST,
        on: APIS,
    },
    Needs {
        kind: "AWS::ApiGateway::UsagePlan",
        actions: REST,
        on: PLANS,
    },
    Needs {
        kind: "AWS::ApiGateway::UsagePlanKey",
        actions: REST,
        on: PLANS,
    },
    Needs {
        kind: "AWS::CloudFront::Distribution",
        actions: &[
            "cloudfront:CreateDistribution",
            "cloudfront:DeleteDistribution",
            "cloudfront:GetDistribution",
            "cloudfront:GetDistributionConfig",
            "cloudfront:ListTagsForResource",
            "cloudfront:TagResource",
            "cloudfront:UntagResource",
            "cloudfront:UpdateDistribution",
        ],
        on: &["arn:aws:cloudfront::*:distribution/*"],
    },
    Needs {
        kind: "AWS::CloudFront::OriginAccessControl",
        actions: &[
            "cloudfront:DeleteOriginAccessControl",
            "cloudfront:GetOriginAccessControl",
            "cloudfront:UpdateOriginAccessControl",
        ],
        on: &["arn:aws:cloudfront::*:origin-access-control/*"],
    },
    Needs {
        kind: "AWS::CloudFront::ResponseHeadersPolicy",
        actions: &[
            "cloudfront:CreateResponseHeadersPolicy",
            "cloudfront:DeleteResponseHeadersPolicy",
            "cloudfront:GetResponseHeadersPolicy",
            "cloudfront:UpdateResponseHeadersPolicy",
        ],
        on: &["arn:aws:cloudfront::*:response-headers-policy/*"],
    },
    Needs {
        kind: "AWS::CloudWatch::Alarm",
        actions: &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:ListTagsForResource",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ],
        on: &["arn:aws:cloudwatch:*:*:alarm:{name}-*"],
    },
    Needs {
        kind: "AWS::DynamoDB::Table",
        actions: &[
            "dynamodb:CreateTable",
            "dynamodb:DeleteTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeContributorInsights",
            "dynamodb:DescribeKinesisStreamingDestination",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:GetResourcePolicy",
            "dynamodb:ListTagsOfResource",
            "dynamodb:TagResource",
            "dynamodb:UntagResource",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateTable",
            "dynamodb:UpdateTimeToLive",
        ],
        on: &["arn:aws:dynamodb:*:*:table/{name}-*"],
    },
    Needs {
        kind: "AWS::IAM::Role",
        actions: &[
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        ],
        on: &["arn:aws:iam::*:role/{name}-*"],
    },
    Needs {
        kind: "AWS::Lambda::EventInvokeConfig",
        actions: &["lambda:*FunctionEventInvokeConfig"],
        on: FUNCTIONS,
    },
    Needs {
        kind: "AWS::Lambda::Function",
        actions: &[
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:DeleteFunctionConcurrency",
            "lambda:GetFunction",
            "lambda:GetFunctionCodeSigningConfig",
            "lambda:GetFunctionRecursionConfig",
            "lambda:GetFunctionScalingConfig",
            "lambda:GetRuntimeManagementConfig",
            "lambda:PutFunctionConcurrency",
            "lambda:TagResource",
            "lambda:UntagResource",
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration",
        ],
        on: FUNCTIONS,
    },
    Needs {
        kind: "AWS::Lambda::Permission",
        actions: &[
            "lambda:AddPermission",
            "lambda:GetPolicy",
            "lambda:RemovePermission",
        ],
        on: FUNCTIONS,
    },
    Needs {
        kind: "AWS::Logs::LogGroup",
        actions: &[
            "logs:CreateLogGroup",
            "logs:DeleteLogGroup",
            "logs:DeleteRetentionPolicy",
            "logs:GetDataProtectionPolicy",
            "logs:ListTagsForResource",
            "logs:PutRetentionPolicy",
            "logs:TagResource",
            "logs:UntagResource",
        ],
        on: &[
            "arn:aws:logs:*:*:log-group:/aws/apigateway/{name}*",
            "arn:aws:logs:*:*:log-group:/aws/lambda/{name}-*",
        ],
    },
    Needs {
        kind: "AWS::S3::Bucket",
        actions: &[
            "s3:CreateBucket",
            "s3:DeleteBucket",
            "s3:GetA*Configuration",
            "s3:GetBucket*",
            "s3:GetEncryptionConfiguration",
            "s3:GetI*Configuration",
            "s3:GetLifecycleConfiguration",
            "s3:GetMetricsConfiguration",
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:ListTagsForResource",
            "s3:PutBucketCORS",
            "s3:PutBucketNotification",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketTagging",
            "s3:PutBucketVersioning",
            "s3:PutEncryptionConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:TagResource",
            "s3:UntagResource",
        ],
        on: BUCKETS,
    },
    Needs {
        kind: "AWS::S3::BucketPolicy",
        actions: &[
            "s3:DeleteBucketPolicy",
            "s3:GetBucketPolicy",
            "s3:PutBucketPolicy",
        ],
        on: BUCKETS,
    },
    Needs {
        kind: "AWS::SQS::Queue",
        actions: &[
            "sqs:CreateQueue",
            "sqs:DeleteQueue",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ListQueueTags",
            "sqs:SetQueueAttributes",
            "sqs:TagQueue",
            "sqs:UntagQueue",
        ],
        on: QUEUES,
    },
    Needs {
        kind: "AWS::SQS::QueuePolicy",
        actions: &["sqs:SetQueueAttributes"],
        on: QUEUES,
    },
    Needs {
        kind: "AWS::StepFunctions::StateMachine",
        actions: &[
            "states:CreateStateMachine",
            "states:DeleteStateMachine",
            "states:DescribeStateMachine",
            "states:ListTagsForResource",
            "states:TagResource",
            "states:UntagResource",
            "states:UpdateStateMachine",
        ],
        on: &["arn:aws:states:*:*:stateMachine:{name}-*"],
    },
];
