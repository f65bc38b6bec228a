//! Buckets and their policies.

use serde::Serialize;

use super::cors::{CorsConfiguration, CorsRule};
use super::lifecycle::LifecycleConfiguration;
use super::notification::{NotificationConfiguration, ObjectCreated};
use super::{Aging, BucketName, Object, Rule};
use crate::cfn::{Arn, Handle, Id, Literal, Resource, Value};
use crate::iam::{BucketPolicyDocument, Grantable};
use crate::sub;

/// A bucket. However it is made, it is private, encrypted and the account's own.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields bear CloudFormation's names"
)]
pub struct Bucket {
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_name: Option<Value<String>>,
    bucket_encryption: BucketEncryption,
    #[serde(skip_serializing_if = "Option::is_none")]
    cors_configuration: Option<CorsConfiguration>,
    lifecycle_configuration: LifecycleConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_configuration: Option<NotificationConfiguration>,
    ownership_controls: OwnershipControls,
    public_access_block_configuration: PublicAccessBlockConfiguration,
    #[serde(skip_serializing_if = "Option::is_none")]
    versioning_configuration: Option<VersioningConfiguration>,
}

impl Bucket {
    /// A private bucket: public access blocked, owned by the account, encrypted with S3's keys, and
    /// incomplete uploads removed after this many days.
    #[must_use]
    pub fn private(abort_incomplete_uploads_after_days: u32) -> Self {
        Self {
            bucket_name: None,
            bucket_encryption: BucketEncryption {
                server_side_encryption_configuration: [ServerSideEncryptionRule {
                    server_side_encryption_by_default: ServerSideEncryptionByDefault {
                        sse_algorithm: SseAlgorithm::Aes256.into(),
                    },
                }],
            },
            cors_configuration: None,
            lifecycle_configuration: LifecycleConfiguration(vec![Rule::abort_incomplete_uploads(
                abort_incomplete_uploads_after_days,
            )]),
            notification_configuration: None,
            ownership_controls: OwnershipControls {
                rules: [OwnershipControlsRule {
                    object_ownership: ObjectOwnership::BucketOwnerEnforced.into(),
                }],
            },
            public_access_block_configuration: PublicAccessBlockConfiguration {
                block_public_acls: true.into(),
                block_public_policy: true.into(),
                ignore_public_acls: true.into(),
                restrict_public_buckets: true.into(),
            },
            versioning_configuration: None,
        }
    }

    /// Under a name that is known before. Two stacks of one name in an account and region would want the
    /// same bucket, and so would the stack after itself, as buckets are kept.
    #[must_use]
    pub fn named(mut self, name: &BucketName) -> Self {
        self.bucket_name = Some(name.value());
        self
    }

    /// Adds a lifecycle rule.
    #[must_use]
    pub fn with_rule(mut self, rule: Rule) -> Self {
        self.lifecycle_configuration.0.push(rule);
        self
    }

    /// Keeps what is written over or deleted, and says for how long: kept for ever, it costs for ever.
    #[must_use]
    pub fn versioned(mut self, old_versions: Aging) -> Self {
        self.versioning_configuration = Some(VersioningConfiguration { status: "Enabled" });
        self.with_rule(Rule::old_versions(old_versions))
    }

    /// Lets pages in browsers in.
    #[must_use]
    pub fn with_cors(mut self, rule: CorsRule) -> Self {
        self.cors_configuration = Some(CorsConfiguration {
            cors_rules: vec![rule],
        });
        self
    }

    /// Tells of new objects. Whoever is told must permit it before the bucket is made.
    #[must_use]
    pub fn notifying(mut self, notification: ObjectCreated) -> Self {
        self.notification_configuration = Some(NotificationConfiguration {
            lambda_configurations: vec![notification],
        });
        self
    }
}

impl Resource for Bucket {
    const TYPE: &'static str = "AWS::S3::Bucket";
}

impl Handle<Bucket> {
    /// The bucket's name (`Ref`).
    #[must_use]
    pub fn name(&self) -> Value<Id<Bucket>> {
        self.reference()
    }

    /// The bucket's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Bucket>> {
        self.attribute("Arn")
    }

    /// Where the bucket is reached in its region: what a distribution reads from.
    #[must_use]
    pub fn regional_domain_name(&self) -> Value<String> {
        self.attribute("RegionalDomainName")
    }

    /// Every object of the bucket, to grant on.
    #[must_use]
    pub fn objects(&self) -> Value<Arn<Object>> {
        Value::new(sub![self.arn(), "/*"].expression)
    }

    /// The objects whose keys start with a prefix (which ends in `/`), to grant on.
    #[must_use]
    pub fn objects_under(&self, prefix: &Value<String>) -> Value<Arn<Object>> {
        Value::new(sub![self.arn(), "/", prefix, "*"].expression)
    }
}

impl Grantable<Bucket> for Handle<Bucket> {
    fn granted(&self) -> Value<Arn<Bucket>> {
        self.arn()
    }
}

/// A bucket's own policy.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketPolicy {
    /// The bucket.
    pub bucket: Value<Id<Bucket>>,
    /// The policy.
    pub policy_document: BucketPolicyDocument,
}

impl Resource for BucketPolicy {
    const TYPE: &'static str = "AWS::S3::BucketPolicy";
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketEncryption {
    server_side_encryption_configuration: [ServerSideEncryptionRule; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServerSideEncryptionRule {
    server_side_encryption_by_default: ServerSideEncryptionByDefault,
}

#[derive(Debug, Clone, Serialize)]
struct ServerSideEncryptionByDefault {
    #[serde(rename = "SSEAlgorithm")]
    sse_algorithm: Value<SseAlgorithm>,
}

/// An encryption algorithm.
#[derive(Debug, Clone, Copy, Serialize)]
enum SseAlgorithm {
    /// With keys that S3 manages.
    #[serde(rename = "AES256")]
    Aes256,
}

impl Literal for SseAlgorithm {}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OwnershipControls {
    rules: [OwnershipControlsRule; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OwnershipControlsRule {
    object_ownership: Value<ObjectOwnership>,
}

/// The owner of objects.
#[derive(Debug, Clone, Copy, Serialize)]
enum ObjectOwnership {
    /// The bucket's owner, always; access control lists are off.
    BucketOwnerEnforced,
}

impl Literal for ObjectOwnership {}

/// What is refused however a policy reads: to set public access control lists and to obey them, to set
/// a public bucket policy and to let other accounts in by one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PublicAccessBlockConfiguration {
    block_public_acls: Value<bool>,
    block_public_policy: Value<bool>,
    ignore_public_acls: Value<bool>,
    restrict_public_buckets: Value<bool>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersioningConfiguration {
    status: &'static str,
}
