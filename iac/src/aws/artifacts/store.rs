//! The artifact bucket: what is in it, and what is put there.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, MetadataDirective};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::aws::{Account, AwsError};
use crate::stacks::Bootstrap;

/// A zip of some megabytes, over a slow line.
const UPLOAD_TIMEOUT: Duration = Duration::from_mins(10);
const DAY: Duration = Duration::from_hours(24);
const ZIP: &str = "application/zip";

/// The artifact bucket. Every request names the account that has to own it: a bucket of this name may belong
/// to someone who waits for code.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html>
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    bucket: String,
    owner: String,
    stack: String,
    place: String,
}

/// What is in the bucket under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// Something else than the key says, or nobody knows what.
    Another,
    /// What the key says.
    There {
        /// Whether it came so long ago that it has to be put there again.
        old: bool,
    },
}

impl Store {
    /// The bucket of an artifact stack. `owner` is the account.
    pub fn new(account: &Account, stack: &str, bucket: &str, owner: &str) -> Self {
        Self {
            client: account.s3(),
            bucket: bucket.to_owned(),
            owner: owner.to_owned(),
            stack: stack.to_owned(),
            place: account.place(),
        }
    }

    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Looks for a zip. With its SHA-256, what is there is compared with it.
    ///
    /// # Errors
    /// S3 refuses or does not answer.
    pub async fn find(&self, key: &str, sha256: Option<&[u8; 32]>) -> Result<Found, AwsError> {
        let found = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .expected_bucket_owner(&self.owner)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        let found = match found {
            Ok(found) => found,
            Err(error) if status(&error) == Some(404) => return Ok(Found::Nothing),
            Err(error) => return Err(self.failed("look into", &error)),
        };
        let expected = sha256.map(|sha256| BASE64_STANDARD.encode(sha256));
        if expected.is_some() && found.checksum_sha256() != expected.as_deref() {
            return Ok(Found::Another);
        }
        let since = found
            .last_modified()
            .map(aws_sdk_s3::primitives::DateTime::secs);
        Ok(Found::There {
            old: since.is_some_and(|since| is_old(since, SystemTime::now())),
        })
    }

    /// Puts a zip there. `instead` of something else that is there; otherwise only if nothing is, so that two
    /// deployments at once upload it once.
    ///
    /// # Errors
    /// S3 refuses or does not answer.
    pub async fn put(
        &self,
        key: &str,
        bytes: Vec<u8>,
        sha256: &[u8; 32],
        instead: bool,
    ) -> Result<(), AwsError> {
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(UPLOAD_TIMEOUT)
            .build();
        let put = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .expected_bucket_owner(&self.owner)
            .content_type(ZIP)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(BASE64_STANDARD.encode(sha256))
            .set_if_none_match((!instead).then(|| "*".to_owned()))
            .body(ByteStream::from(bytes))
            .customize()
            .config_override(aws_sdk_s3::config::Builder::new().timeout_config(timeouts))
            .send()
            .await;
        match put {
            Ok(_) => Ok(()),
            // Somebody else put it there at the same moment; the name says what it is.
            Err(error) if matches!(status(&error), Some(409 | 412)) && !instead => Ok(()),
            Err(error) => Err(self.failed("upload to", &error)),
        }
    }

    /// Puts what is there in its own place, so that it counts as new.
    ///
    /// # Errors
    /// S3 refuses or does not answer.
    pub async fn refresh(&self, key: &str) -> Result<(), AwsError> {
        let copied = self
            .client
            .copy_object()
            .bucket(&self.bucket)
            .key(key)
            .copy_source(format!("{}/{key}", self.bucket))
            .expected_bucket_owner(&self.owner)
            .expected_source_bucket_owner(&self.owner)
            // S3 copies nothing onto itself without a change.
            .metadata_directive(MetadataDirective::Replace)
            .content_type(ZIP)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .send()
            .await;
        copied.map_err(|error| self.failed("renew what is in", &error))?;
        Ok(())
    }

    /// Whether a bucket of this name is there already, whoever owns it.
    ///
    /// # Errors
    /// S3 does not answer.
    pub async fn owner(&self) -> Result<Option<Owner>, AwsError> {
        let head = self.client.head_bucket().bucket(&self.bucket);
        let head = head.expected_bucket_owner(&self.owner).send().await;
        match head {
            Ok(_) => Ok(Some(Owner::We)),
            Err(error) => match status(&error) {
                Some(404) => Ok(None),
                // 400 and 301: in another region.
                Some(400 | 301 | 403) => Ok(Some(Owner::Somebody)),
                _ => Err(self.failed("look for", &error)),
            },
        }
    }

    fn failed<E>(&self, action: &str, error: &SdkError<E>) -> AwsError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if status(error) == Some(403) && error.code().is_none_or(|code| code == "AccessDenied") {
            return super::unusable(
                &self.stack,
                "S3 refuses access: whoever deploys needs s3:GetObject, s3:PutObject and s3:ListBucket on it, and \
                 it has to belong to this account",
            );
        }
        let action = format!("{action} the artifact bucket of `{}`", self.stack);
        AwsError::of(action, &self.place, error)
    }
}

/// Whose a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// This account's.
    We,
    /// Somebody else's, as far as one may know.
    Somebody,
}

fn status<E>(error: &SdkError<E>) -> Option<u16> {
    let answer = error.raw_response()?;
    Some(answer.status().as_u16())
}

/// Whether what came then, in seconds since 1970, has to be put there again. A clock that is wrong by days
/// makes no difference that matters.
fn is_old(since: i64, now: SystemTime) -> bool {
    let since = SystemTime::UNIX_EPOCH + Duration::from_secs(since.try_into().unwrap_or_default());
    let age = now.duration_since(since).unwrap_or_default();
    age >= DAY * Bootstrap::ZIPS_RENEWED_AFTER_DAYS
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{DAY, is_old};
    use crate::stacks::Bootstrap;

    #[test]
    fn what_is_old_is_renewed_long_before_it_goes() {
        const { assert!(Bootstrap::ZIPS_RENEWED_AFTER_DAYS * 4 < Bootstrap::ZIPS_STAY_DAYS) };
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let days = i64::from(Bootstrap::ZIPS_RENEWED_AFTER_DAYS) * 86_400;
        assert!(is_old(2_000_000_000 - days, now));
        assert!(!is_old(2_000_000_000 - days + 1, now));
        assert!(!is_old(2_000_000_000 + 60, now), "a clock that is slow");
        assert_eq!(DAY.as_secs(), 86_400);
    }
}
