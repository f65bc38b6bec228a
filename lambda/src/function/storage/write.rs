//! Writing objects.

use std::collections::HashMap;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use super::{CALL_TIMEOUT, PUT, Storage, StorageError, in_time, location};

/// Under which condition an object is written.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When<'a> {
    /// Whatever is there.
    Always,
    /// If there is nothing yet.
    Absent,
    /// If what is there has this entity tag. S3 wants `s3:GetObject` for it too.
    Matches(&'a str),
}

/// An object to write.
#[derive(Debug)]
pub struct Put<'a> {
    /// Bucket to write to.
    pub bucket: &'a str,
    /// Key to write to.
    pub key: &'a str,
    /// Its media type.
    pub content_type: &'a str,
    /// How long caches may keep it: its `Cache-Control`.
    pub cache_control: Option<&'a str>,
    /// What to note with it, as `x-amz-meta-` headers: ASCII.
    pub metadata: HashMap<String, String>,
    /// The condition.
    pub when: When<'a>,
}

impl Storage {
    /// Writes an object.
    ///
    /// # Errors
    ///
    /// [`StorageError`] of the kinds changed, write denied, unavailable and rejected (also when there is no
    /// such bucket: the stack names it, not the caller).
    pub async fn put(&self, put: Put<'_>, bytes: Vec<u8>) -> Result<(), StorageError> {
        let Put {
            bucket,
            key,
            content_type,
            cache_control,
            metadata,
            when,
        } = put;
        let mut call = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(content_type)
            .set_cache_control(cache_control.map(str::to_owned))
            .set_metadata(Some(metadata).filter(|metadata| !metadata.is_empty()))
            .body(ByteStream::from(bytes));
        match when {
            When::Always => {}
            When::Absent => call = call.if_none_match("*"),
            When::Matches(etag) => call = call.if_match(format!("\"{etag}\"")),
        }
        let call = call.send();
        let write = Box::pin(async {
            let Err(error) = call.await else {
                return Ok(());
            };
            let object = location(bucket, key);
            Err(if matches!(when, When::Matches(_)) && is_gone(&error) {
                StorageError::Changed {
                    operation: PUT,
                    object,
                    cause: error.into(),
                }
            } else {
                StorageError::of(PUT, object, error)
            })
        });
        in_time(CALL_TIMEOUT, PUT, bucket, key, write).await
    }
}

/// Whether what was to be replaced is not there any more.
fn is_gone<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("NoSuchKey")
}
