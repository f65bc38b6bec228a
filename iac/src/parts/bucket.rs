//! Private buckets.

use crate::cfn::{Attributes, Handle, Stack, Value};
use crate::iam::BucketPolicyDocument;
use crate::parts::{Cdn, ResizeOnUpload, distribution};
use crate::resources::s3::{Aging, Bucket, BucketPolicy, ObjectCreated, Rule, StorageClass};

/// Days after which an upload that was begun and not finished is removed.
const ABORT_INCOMPLETE_UPLOADS_AFTER_DAYS: u32 = 7;

/// How long a bucket keeps what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifecycle {
    /// Days after which what is there of an upload that was begun and not finished is removed.
    pub abort_incomplete_uploads_after_days: u32,
    /// What becomes of objects as they grow old; `None` leaves them as they are.
    pub objects: Option<Aging>,
    /// What becomes of versions that were written over or deleted; `None` keeps no such versions.
    pub old_versions: Option<Aging>,
}

impl Lifecycle {
    /// For originals, which are seldom read once they are resized: they are kept for good, after 30 days
    /// in a class that is cheaper to keep them in.
    #[must_use]
    pub const fn originals() -> Self {
        Self {
            objects: Some(Aging::Transition {
                to: StorageClass::StandardIa,
                after_days: 30,
            }),
            ..Self::results()
        }
    }

    /// For results, which are what people look at: they stay as they are.
    #[must_use]
    pub const fn results() -> Self {
        Self {
            abort_incomplete_uploads_after_days: ABORT_INCOMPLETE_UPLOADS_AFTER_DAYS,
            objects: None,
            old_versions: None,
        }
    }

    /// A bucket that keeps things so.
    #[must_use]
    pub fn bucket(self) -> Bucket {
        let mut bucket = Bucket::private(self.abort_incomplete_uploads_after_days);
        if let Some(aging) = self.objects {
            bucket = bucket.with_rule(Rule::objects(aging));
        }
        match self.old_versions {
            Some(aging) => bucket.versioned(aging),
            None => bucket,
        }
    }
}

/// A bucket that nobody reaches from outside the account or without TLS. It is kept when the stack
/// goes: images cannot be deployed again.
pub fn private_bucket(stack: &mut Stack, logical_id: &str) -> Handle<Bucket> {
    let bucket = stack.add_with(
        logical_id,
        Attributes::retain(),
        Bucket::private(ABORT_INCOMPLETE_UPLOADS_AFTER_DAYS),
    );
    let policy = BucketPolicyDocument::tls_only(&bucket);
    bucket_policy(stack, &bucket, Attributes::retain(), policy);
    bucket
}

/// A private bucket of results, with a distribution in front of it if there is to be one.
pub fn result_bucket(
    stack: &mut Stack,
    logical_id: &str,
    lifecycle: Lifecycle,
    results: &Value<String>,
    cdn: Option<&Cdn>,
) -> Handle<Bucket> {
    let bucket = stack.add_with(logical_id, Attributes::retain(), lifecycle.bucket());
    let mut policy = BucketPolicyDocument::tls_only(&bucket);
    if let Some(cdn) = cdn {
        let distribution = distribution(stack, *cdn, &bucket);
        policy = policy.read_by(&distribution, &bucket.objects_under(results));
    }
    bucket_policy(stack, &bucket, Attributes::retain(), policy);
    bucket
}

/// A private bucket whose new objects are resized. It waits for the permission to tell the function,
/// without which S3 refuses to make it.
pub fn notifying_bucket(
    stack: &mut Stack,
    logical_id: &str,
    bucket: Bucket,
    resize: &ResizeOnUpload<'_>,
) -> Handle<Bucket> {
    let mut notification = ObjectCreated::tells(resize.function.arn());
    if let Some(prefix) = resize.input_prefix {
        notification = notification.under(prefix);
    }
    let bucket = bucket.named(resize.source).notifying(notification);
    let attributes = Attributes::retain_named().after(&resize.permission);
    guarded(stack, logical_id, attributes, bucket)
}

/// A bucket under a fixed name, which is kept when the stack goes, unless the stack was never there.
pub fn named_bucket(stack: &mut Stack, logical_id: &str, bucket: Bucket) -> Handle<Bucket> {
    guarded(stack, logical_id, Attributes::retain_named(), bucket)
}

/// A bucket under a fixed name, with its policy.
fn guarded(
    stack: &mut Stack,
    logical_id: &str,
    attributes: Attributes,
    bucket: Bucket,
) -> Handle<Bucket> {
    let bucket = stack.add_with(logical_id, attributes, bucket);
    let policy = BucketPolicyDocument::tls_only(&bucket);
    bucket_policy(stack, &bucket, Attributes::retain_named(), policy);
    bucket
}

/// Kept as the bucket is, or that would be open to requests without TLS from then on.
fn bucket_policy(
    stack: &mut Stack,
    bucket: &Handle<Bucket>,
    attributes: Attributes,
    policy: BucketPolicyDocument,
) {
    stack.add_with(
        &format!("{}Policy", bucket.logical_id()),
        attributes,
        BucketPolicy {
            bucket: bucket.name(),
            policy_document: policy,
        },
    );
}
