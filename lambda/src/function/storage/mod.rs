//! S3 as the functions use it: `GetObject`, `HeadObject`, `PutObject` and pre-signed URLs of them.

mod error;
mod presign;
mod read;
mod write;

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::BehaviorVersion;

use super::account::{Account, S3_ENDPOINT};
use super::variables::{ConfigError, Variables};

pub use error::StorageError;
pub use presign::{SignedUrl, Upload};
pub use read::{Head, Object};
pub use write::{Put, When};

/// IAM names of what is called; `HeadObject` has none of its own.
const GET: &str = "s3:GetObject";
const PUT: &str = "s3:PutObject";

/// A call to S3 with all its attempts, the pauses between them (3 s together at most) and the body.
/// Three silent attempts fit in it. The calls for one result take 46 of the 60 s that `resize-image` has, so that a
/// slow S3 ends under its name and not as a timeout of Lambda.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// The same for a call without a body.
const HEAD_TIMEOUT: Duration = Duration::from_secs(6);

/// S3 as the functions use it. Made once and kept: it holds the open connections.
#[derive(Debug, Clone)]
pub struct Storage {
    client: Client,
}

impl Storage {
    /// A client for this account.
    ///
    /// # Errors
    ///
    /// `AWS_ENDPOINT_URL_S3` is not UTF-8.
    pub fn new(account: &Account, variables: &Variables) -> Result<Self, ConfigError> {
        let mut config = aws_sdk_s3::config::Builder::from(&account.sdk)
            .behavior_version(BehaviorVersion::latest());
        if let Some(url) = account.endpoint(variables, S3_ENDPOINT)? {
            // 127.0.0.1 has no virtual hosts.
            config = config.endpoint_url(url).force_path_style(true);
        }
        Ok(Self {
            client: Client::from_conf(config.build()),
        })
    }
}

/// The outcome of a call, or unavailable if it takes too long. Calls come boxed: those of the SDK have
/// tens of kilobytes, and each function they pass through would copy them.
async fn in_time<T>(
    limit: Duration,
    operation: &'static str,
    bucket: &str,
    key: &str,
    call: impl Future<Output = Result<T, StorageError>>,
) -> Result<T, StorageError> {
    tokio::time::timeout(limit, call).await.unwrap_or_else(|_| {
        Err(StorageError::Unavailable {
            operation,
            object: location(bucket, key),
            cause: format!("it was not done after {} s", limit.as_secs()).into(),
        })
    })
}

/// How people write an object's address. The key is as it is in the bucket.
pub fn location(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// An entity tag without its quotes, as S3's events have it.
fn unquoted(etag: &str) -> String {
    etag.trim_matches('"').to_owned()
}
