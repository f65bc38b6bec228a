//! Amazon S3.

use serde::Serialize;

use crate::cfn::{Arn, Handle, Id, Literal, Resource, Value};
use crate::iam::BucketPolicyDocument;
use crate::sub;

/// Objects of a bucket: what `s3:GetObject` and `s3:PutObject` act on.
#[derive(Debug)]
pub enum Object {}

/// A bucket.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Bucket {
    /// Encryption at rest.
    pub bucket_encryption: BucketEncryption,
    /// What happens to objects by age.
    pub lifecycle_configuration: LifecycleConfiguration,
    /// Who owns objects.
    pub ownership_controls: OwnershipControls,
    /// What is refused however a policy reads.
    pub public_access_block_configuration: PublicAccessBlockConfiguration,
}

impl Bucket {
    /// A private bucket: public access blocked, owned by the account, encrypted with S3's keys, and
    /// incomplete uploads removed after this many days (they cost money and nobody sees them).
    #[must_use]
    pub fn private(abort_incomplete_uploads_after_days: u32) -> Self {
        Self {
            bucket_encryption: BucketEncryption {
                server_side_encryption_configuration: vec![ServerSideEncryptionRule {
                    server_side_encryption_by_default: ServerSideEncryptionByDefault {
                        sse_algorithm: SseAlgorithm::Aes256.into(),
                    },
                }],
            },
            lifecycle_configuration: LifecycleConfiguration {
                rules: vec![Rule {
                    id: "AbortIncompleteUploads".into(),
                    status: RuleStatus::Enabled.into(),
                    abort_incomplete_multipart_upload: AbortIncompleteMultipartUpload {
                        days_after_initiation: abort_incomplete_uploads_after_days.into(),
                    },
                }],
            },
            ownership_controls: OwnershipControls {
                rules: vec![OwnershipControlsRule {
                    object_ownership: ObjectOwnership::BucketOwnerEnforced.into(),
                }],
            },
            public_access_block_configuration: PublicAccessBlockConfiguration {
                block_public_acls: true.into(),
                block_public_policy: true.into(),
                ignore_public_acls: true.into(),
                restrict_public_buckets: true.into(),
            },
        }
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

/// Encryption at rest.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketEncryption {
    /// One rule.
    pub server_side_encryption_configuration: Vec<ServerSideEncryptionRule>,
}

/// A rule of [`BucketEncryption`].
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServerSideEncryptionRule {
    /// For objects that do not say.
    pub server_side_encryption_by_default: ServerSideEncryptionByDefault,
}

/// The encryption of objects that do not say.
#[derive(Debug, Clone, Serialize)]
pub struct ServerSideEncryptionByDefault {
    /// The algorithm.
    #[serde(rename = "SSEAlgorithm")]
    pub sse_algorithm: Value<SseAlgorithm>,
}

/// An encryption algorithm.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum SseAlgorithm {
    /// With keys that S3 manages.
    #[serde(rename = "AES256")]
    Aes256,
}

impl Literal for SseAlgorithm {}

/// What happens to objects by age.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LifecycleConfiguration {
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A lifecycle rule.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// A name, unique in the bucket.
    pub id: Value<String>,
    /// Whether it is in force.
    pub status: Value<RuleStatus>,
    /// What becomes of uploads that were begun and not finished.
    pub abort_incomplete_multipart_upload: AbortIncompleteMultipartUpload,
}

/// Whether a rule is in force.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum RuleStatus {
    /// In force.
    Enabled,
}

impl Literal for RuleStatus {}

/// What becomes of uploads that were begun and not finished.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AbortIncompleteMultipartUpload {
    /// Removed after this many days.
    pub days_after_initiation: Value<u32>,
}

/// Who owns objects.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OwnershipControls {
    /// One rule.
    pub rules: Vec<OwnershipControlsRule>,
}

/// A rule of [`OwnershipControls`].
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OwnershipControlsRule {
    /// The owner.
    pub object_ownership: Value<ObjectOwnership>,
}

/// The owner of objects.
#[derive(Debug, Clone, Copy, Serialize)]
pub enum ObjectOwnership {
    /// The bucket's owner, always; access control lists are off.
    BucketOwnerEnforced,
}

impl Literal for ObjectOwnership {}

/// What is refused however a policy reads.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublicAccessBlockConfiguration {
    /// Refuse to set public access control lists.
    pub block_public_acls: Value<bool>,
    /// Refuse to set a public bucket policy.
    pub block_public_policy: Value<bool>,
    /// Act as if public access control lists were not there.
    pub ignore_public_acls: Value<bool>,
    /// Keep out other accounts even where a policy is public.
    pub restrict_public_buckets: Value<bool>,
}
