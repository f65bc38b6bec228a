//! A private bucket.

use crate::cfn::{Attributes, Handle, Stack};
use crate::iam::BucketPolicyDocument;
use crate::resources::s3::{Bucket, BucketPolicy};

/// Days after which an upload that was begun and not finished is removed.
const ABORT_INCOMPLETE_UPLOADS_AFTER_DAYS: u32 = 7;

/// A bucket that nobody reaches from outside the account or without TLS. It is kept when the stack
/// goes: images cannot be deployed again.
pub fn private_bucket(stack: &mut Stack, logical_id: &str) -> Handle<Bucket> {
    let bucket = stack.add_with(
        logical_id,
        Attributes::retain(),
        Bucket::private(ABORT_INCOMPLETE_UPLOADS_AFTER_DAYS),
    );
    // Kept as well, or the bucket would be open to requests without TLS from then on.
    stack.add_with(
        &format!("{logical_id}Policy"),
        Attributes::retain(),
        BucketPolicy {
            bucket: bucket.name(),
            policy_document: BucketPolicyDocument::tls_only(&bucket),
        },
    );
    bucket
}
