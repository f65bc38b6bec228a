//! Files into the engine's buckets, and out of them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Config, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use thiserror::Error;

use super::causes::{reason, with_causes};
use super::engine::{Access, REGION};

/// How long a link works; the longest there is, because the engine ends sooner.
const LINK_LIFE: Duration = Duration::from_hours(24 * 7);

/// S3 in the engine.
#[derive(Debug, Clone)]
pub struct Storage {
    client: Client,
}

/// An object that was read.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its `Content-Type`.
    pub content_type: String,
}

/// Why a file did not get into a bucket or out of it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// A local file.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A directory, a device, a pipe.
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    /// A path without a file name.
    #[error("{} has no file name that could become a key", .0.display())]
    NoName(PathBuf),
    /// S3 refused or failed.
    #[error("S3 in the engine did not {action}: {reason}")]
    S3 {
        /// What was asked.
        action: String,
        /// Its answer.
        reason: String,
    },
}

/// The key that a file is uploaded under: its name.
///
/// # Errors
/// It has none that can be a key.
pub fn key_of(path: &Path) -> Result<&str, StorageError> {
    path.file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| StorageError::NoName(path.to_owned()))
}

/// Looks whether a file can be uploaded, before anything slow happens.
///
/// # Errors
/// It is no file, or cannot be read.
pub fn check(path: &Path) -> Result<(), StorageError> {
    // Asked before it is opened: opening a pipe waits for its other end.
    let metadata = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
    if !metadata.is_file() {
        return Err(StorageError::NoFile(path.to_owned()));
    }
    std::fs::File::open(path)
        .map(drop)
        .map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: std::io::Error) -> StorageError {
    StorageError::File {
        path: path.to_owned(),
        source,
    }
}

impl Storage {
    /// Talks to the engine's S3 as root.
    pub fn new(access: &Access) -> Self {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .endpoint_url(access.endpoint())
            .credentials_provider(access.credentials.clone())
            // `bucket.127.0.0.1` is no name.
            .force_path_style(true)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            client: Client::from_conf(config),
        }
    }

    /// Makes a bucket.
    ///
    /// # Errors
    /// S3 refused.
    pub async fn create_bucket(&self, bucket: &str) -> Result<(), StorageError> {
        let sent = self.client.create_bucket().bucket(bucket).send().await;
        sent.map(drop)
            .map_err(|error| refused(format!("make the bucket {bucket}"), &error))
    }

    /// Writes an object.
    ///
    /// # Errors
    /// S3 refused.
    pub async fn put(&self, bucket: &str, key: &str, bytes: Vec<u8>) -> Result<(), StorageError> {
        let sent = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(bytes.into())
            .send()
            .await;
        sent.map(drop)
            .map_err(|error| refused(format!("store {key} in {bucket}"), &error))
    }

    /// Reads an object.
    ///
    /// # Errors
    /// S3 refused; there may be no such object.
    pub async fn get(&self, bucket: &str, key: &str) -> Result<Object, StorageError> {
        let failed = || format!("give {key} of {bucket}");
        let object = self
            .client
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| refused(failed(), &error))?;
        let content_type = object.content_type().unwrap_or_default().to_owned();
        let body = object
            .body
            .collect()
            .await
            .map_err(|error| StorageError::S3 {
                action: failed(),
                reason: with_causes(&error),
            })?;
        Ok(Object {
            bytes: body.to_vec(),
            content_type,
        })
    }

    /// Uploads a file under its own name, which it returns.
    ///
    /// # Errors
    /// The file cannot be read, or S3 refused.
    pub async fn upload(&self, bucket: &str, path: &Path) -> Result<String, StorageError> {
        let bytes = std::fs::read(path).map_err(|source| unreadable(path, source))?;
        let key = key_of(path)?;
        self.put(bucket, key, bytes).await?;
        Ok(key.to_owned())
    }

    /// A link with which anyone on this machine can put an object under a key: `curl -T FILE LINK`.
    ///
    /// # Errors
    /// The link cannot be signed.
    pub async fn upload_link(&self, bucket: &str, key: &str) -> Result<String, StorageError> {
        let request = self.client.put_object().bucket(bucket).key(key);
        link(bucket, key, async |life| request.presigned(life).await).await
    }

    /// A link with which anyone on this machine can read an object.
    ///
    /// # Errors
    /// The link cannot be signed.
    pub async fn download_link(&self, bucket: &str, key: &str) -> Result<String, StorageError> {
        let request = self.client.get_object().bucket(bucket).key(key);
        link(bucket, key, async |life| request.presigned(life).await).await
    }
}

async fn link<E: ProvideErrorMetadata + std::error::Error>(
    bucket: &str,
    key: &str,
    sign: impl AsyncFnOnce(PresigningConfig) -> Result<PresignedRequest, E>,
) -> Result<String, StorageError> {
    let failed = || format!("sign a link for {key} in {bucket}");
    let life = PresigningConfig::expires_in(LINK_LIFE).map_err(|error| StorageError::S3 {
        action: failed(),
        reason: with_causes(&error),
    })?;
    match sign(life).await {
        Ok(request) => Ok(request.uri().to_owned()),
        Err(error) => Err(refused(failed(), &error)),
    }
}

fn refused(
    action: String,
    error: &(impl ProvideErrorMetadata + std::error::Error),
) -> StorageError {
    StorageError::S3 {
        action,
        reason: reason(error),
    }
}
