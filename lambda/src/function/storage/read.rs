//! Reading objects.

use std::collections::HashMap;

use aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder;
use aws_sdk_s3::primitives::DateTime;

use super::{CALL_TIMEOUT, GET, HEAD_TIMEOUT, Storage, StorageError, in_time, location, unquoted};
use crate::function::account::READ_TIMEOUT;

/// An object that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its entity tag, without quotes.
    pub etag: Option<String>,
    /// Its version, in a versioned bucket.
    pub version: Option<String>,
    /// When it was written.
    pub last_modified: Option<DateTime>,
}

/// What is known of an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Its entity tag, without quotes.
    pub etag: Option<String>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// Its media type.
    pub content_type: Option<String>,
    /// What the writer noted: `x-amz-meta-` headers, without that.
    pub metadata: HashMap<String, String>,
}

impl Storage {
    /// An object of at most `max` bytes; with `if_match`, only if that is its entity tag.
    ///
    /// # Errors
    ///
    /// [`StorageError`] of the kinds not found, read denied, changed, too large, unavailable and rejected.
    pub async fn get(
        &self,
        bucket: &str,
        key: &str,
        if_match: Option<&str>,
        max: u64,
    ) -> Result<Object, StorageError> {
        let call = self.client.get_object().set_if_match(if_match.map(quoted));
        let read = Box::pin(read(call, bucket, key, max));
        in_time(CALL_TIMEOUT, GET, bucket, key, read).await
    }

    /// An object of at most `max` bytes, or nothing if this is its entity tag.
    ///
    /// # Errors
    ///
    /// As of [`get`](Self::get).
    pub async fn get_other(
        &self,
        bucket: &str,
        key: &str,
        if_none_match: &str,
        max: u64,
    ) -> Result<Option<Object>, StorageError> {
        let call = self
            .client
            .get_object()
            .if_none_match(quoted(if_none_match));
        let read = Box::pin(read(call, bucket, key, max));
        match in_time(CALL_TIMEOUT, GET, bucket, key, read).await {
            Ok(object) => Ok(Some(object)),
            Err(StorageError::Unchanged { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is known of an object, or nothing if there is none. A role that may not list the bucket is
    /// answered 403 for a missing object, so that counts as none.
    ///
    /// # Errors
    ///
    /// [`StorageError`] of the kinds unavailable and rejected.
    pub async fn head(&self, bucket: &str, key: &str) -> Result<Option<Head>, StorageError> {
        let call = self.client.head_object().bucket(bucket).key(key).send();
        let head = Box::pin(async {
            match call.await {
                Ok(answer) => Ok(Some(Head {
                    etag: answer.e_tag().map(unquoted),
                    bytes: answer.content_length().and_then(|n| u64::try_from(n).ok()),
                    content_type: answer.content_type().map(str::to_owned),
                    metadata: answer.metadata.unwrap_or_default(),
                })),
                Err(error) => match StorageError::of(GET, location(bucket, key), error) {
                    StorageError::NotFound { .. } | StorageError::ReadDenied { .. } => Ok(None),
                    error => Err(error),
                },
            }
        });
        in_time(HEAD_TIMEOUT, GET, bucket, key, head).await
    }
}

async fn read(
    call: GetObjectFluentBuilder,
    bucket: &str,
    key: &str,
    max: u64,
) -> Result<Object, StorageError> {
    let object = location(bucket, key);
    let answer = call
        .bucket(bucket)
        .key(key)
        .send()
        .await
        .map_err(|error| StorageError::of(GET, object.clone(), error))?;
    let too_large = |bytes| StorageError::TooLarge {
        object: object.clone(),
        bytes,
        max,
    };

    let declared = answer
        .content_length()
        .and_then(|bytes| u64::try_from(bytes).ok());
    if let Some(bytes) = declared.filter(|&bytes| bytes > max) {
        return Err(too_large(bytes));
    }
    let etag = answer.e_tag().map(unquoted);
    let version = answer.version_id().map(str::to_owned);
    let last_modified = answer.last_modified().copied();
    let mut bytes = Vec::with_capacity(declared.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
    let mut body = answer.body;
    let broken_off = |cause| StorageError::Unavailable {
        operation: GET,
        object: object.clone(),
        cause,
    };
    let silence = || format!("nothing came for {} s", READ_TIMEOUT.as_secs());
    loop {
        let chunk = tokio::time::timeout(READ_TIMEOUT, body.try_next())
            .await
            .map_err(|_| broken_off(silence().into()))?
            .map_err(|error| broken_off(error.into()))?;
        let Some(chunk) = chunk else { break };
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > max {
            return Err(too_large(bytes.len() as u64));
        }
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(broken_off(
            format!("{} of {declared} bytes came", bytes.len()).into(),
        )),
        _ => Ok(Object {
            bytes,
            etag,
            version,
            last_modified,
        }),
    }
}

/// An entity tag as headers have it.
fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}
