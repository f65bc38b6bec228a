//! URLs that let whoever holds them make one call, for some minutes. Signing needs no network.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};

use super::{GET, PUT, Storage, StorageError, location};

/// An upload to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload<'a> {
    /// Bucket it goes to.
    pub bucket: &'a str,
    /// Its key.
    pub key: &'a str,
    /// Its media type.
    pub content_type: &'a str,
    /// Its size in bytes.
    pub content_length: u64,
}

/// A signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUrl {
    /// Where to send it.
    pub url: String,
    /// Headers that are signed, and must be sent as they are.
    pub headers: BTreeMap<String, String>,
}

impl Storage {
    /// Signs the upload of one new object: another key, type or length, or a key that is taken, and S3
    /// refuses it.
    ///
    /// # Errors
    ///
    /// [`StorageError`] of the kind rejected: what cannot be signed.
    pub async fn sign_put(
        &self,
        upload: Upload<'_>,
        valid: Duration,
    ) -> Result<SignedUrl, StorageError> {
        let Upload { bucket, key, .. } = upload;
        let call = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(upload.content_type)
            .content_length(upload.content_length.try_into().unwrap_or(i64::MAX))
            .if_none_match("*");
        let rejected = |cause| StorageError::Rejected {
            operation: PUT,
            object: location(bucket, key),
            cause,
        };
        let config = PresigningConfig::expires_in(valid).map_err(|error| rejected(error.into()))?;
        let signed = Box::pin(call.presigned(config)).await;
        signed
            .map(SignedUrl::from)
            .map_err(|error| rejected(cause(error)))
    }

    /// Signs the download of one object.
    ///
    /// # Errors
    ///
    /// [`StorageError`] of the kind rejected: what cannot be signed.
    pub async fn sign_get(
        &self,
        bucket: &str,
        key: &str,
        valid: Duration,
    ) -> Result<SignedUrl, StorageError> {
        let rejected = |cause| StorageError::Rejected {
            operation: GET,
            object: location(bucket, key),
            cause,
        };
        let config = PresigningConfig::expires_in(valid).map_err(|error| rejected(error.into()))?;
        let call = self.client.get_object().bucket(bucket).key(key);
        let signed = Box::pin(call.presigned(config)).await;
        signed
            .map(SignedUrl::from)
            .map_err(|error| rejected(cause(error)))
    }
}

fn cause<E>(error: SdkError<E>) -> Box<dyn std::error::Error + Send + Sync>
where
    E: std::error::Error + Send + Sync + 'static,
{
    error.into()
}

impl From<PresignedRequest> for SignedUrl {
    fn from(request: PresignedRequest) -> Self {
        Self {
            url: request.uri().to_owned(),
            headers: request
                .headers()
                .filter(|(name, _)| *name != "host")
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}
