//! Names of buckets that are known before the bucket is there.

use super::{Bucket, Object};
use crate::cfn::{Arn, Id, Value, pseudo};
use crate::iam::Grantable;
use crate::sub;

/// The name of a bucket that tells a function of its objects: `<stack>-<suffix>-<account>-<region>`.
///
/// Such a bucket waits for the permission to tell, the permission for the function, the function for its
/// role, and the role names the bucket: a circle, unless the name is known before. With a name of 63
/// characters at most, a stack with such a bucket has a name in lowercase of at most 28.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
#[derive(Debug, Clone)]
pub struct BucketName(Value<String>);

impl BucketName {
    /// A name of the stack's own. The suffix says in a word what is in the bucket.
    #[must_use]
    pub fn of_stack(suffix: &str) -> Self {
        Self(sub![
            pseudo::stack_name(),
            "-",
            suffix,
            "-",
            pseudo::account_id(),
            "-",
            pseudo::region(),
        ])
    }

    /// The name, where the bucket is made.
    pub(super) fn value(&self) -> Value<String> {
        self.0.clone()
    }

    /// The bucket's name.
    #[must_use]
    pub fn name(&self) -> Value<Id<Bucket>> {
        Value::new(self.0.expression.clone())
    }

    /// The bucket's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Bucket>> {
        Value::new(sub!["arn:", pseudo::partition(), ":s3:::", &self.0].expression)
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

impl Grantable<Bucket> for BucketName {
    fn granted(&self) -> Value<Arn<Bucket>> {
        self.arn()
    }
}
