//! Amazon S3.

mod bucket;
mod cors;
mod lifecycle;
mod name;
mod notification;
mod prefix;

pub use bucket::{Bucket, BucketPolicy};
pub use cors::{CorsMethod, CorsRule};
pub use lifecycle::{Aging, Rule, StorageClass};
pub use name::BucketName;
pub use notification::ObjectCreated;
pub use prefix::Prefix;

/// Objects of a bucket: what `s3:GetObject` and `s3:PutObject` act on.
#[derive(Debug)]
pub enum Object {}
