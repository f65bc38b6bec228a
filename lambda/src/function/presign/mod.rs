//! `presign-upload`: lets a client put one image into the source bucket, and get its result, without AWS
//! credentials. The images themselves go past this function.

use std::time::Duration;

use super::account::Account;
use super::api::{Answer, Endpoint, Refusal, Request};
use super::result_key::{MAX_KEY_BYTES, ResultKeys};
use super::storage::{SignedUrl, Storage, Upload};
use super::upload_key::{check_filename, new_key};
use super::variables::{ConfigError, Variables};
use crate::ApiErrorName;
use crate::environment::{
    MAX_UPLOAD_BYTES, RESIZED_BUCKET, SOURCE_BUCKET, UPLOAD_PREFIX, URL_EXPIRES_SECONDS,
};
use crate::upload::{self, ResultLink, UploadGrant, UploadRequest};

/// Longest validity of a URL: that of the longest-lived credentials of a role.
const MAX_VALID: u64 = 12 * 60 * 60;

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct PresignUpload {
    storage: Storage,
    source_bucket: String,
    resized_bucket: String,
    upload_prefix: String,
    result_keys: ResultKeys,
    max_bytes: u64,
    valid_seconds: u64,
}

impl Endpoint for PresignUpload {
    fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let account = Account::from_env(variables)?;
        let bytes = 1..=upload::MAX_UPLOAD_BYTES;
        Ok(Self {
            storage: Storage::new(&account, variables)?,
            source_bucket: variables.required(SOURCE_BUCKET)?,
            resized_bucket: variables.required(RESIZED_BUCKET)?,
            upload_prefix: variables.prefix(UPLOAD_PREFIX)?,
            result_keys: ResultKeys::from_env(variables)?,
            max_bytes: variables.number(MAX_UPLOAD_BYTES, &bytes, "bytes")?,
            valid_seconds: variables.number(URL_EXPIRES_SECONDS, &(1..=MAX_VALID), "seconds")?,
        })
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Refusal> {
        match (request.method.as_str(), request.resource.as_str()) {
            ("POST", "/uploads") => self.grant(request).await,
            ("GET", "/results") => self.link(request).await,
            (method, resource) => Err(Refusal::no_such_resource(method, resource)),
        }
    }
}

impl PresignUpload {
    async fn grant(&self, request: &Request) -> Result<Answer, Refusal> {
        let asked: UploadRequest = request.json()?;
        check_filename(&asked.filename)?;
        if asked.content_length == 0 {
            return Err(Refusal::invalid(
                "contentLength: an image has at least 1 byte",
            ));
        }
        if asked.content_length > self.max_bytes {
            return Err(Refusal::new(
                ApiErrorName::ImageTooLarge,
                format!(
                    "contentLength: {} bytes are too many; at most {} are taken: send a smaller image",
                    asked.content_length, self.max_bytes
                ),
            ));
        }
        let key = new_key(&self.upload_prefix, &asked.filename, asked.content_type);
        let upload = Upload {
            bucket: &self.source_bucket,
            key: &key,
            content_type: asked.content_type.content_type(),
            content_length: asked.content_length,
        };
        let SignedUrl { url, headers } = self.storage.sign_put(upload, self.valid()).await?;
        let grant = UploadGrant {
            url,
            method: "PUT".to_owned(),
            headers,
            bucket: self.source_bucket.clone(),
            key,
            expires_in: self.valid_seconds,
        };
        Ok(Answer::json(200, &grant, &grant.key))
    }

    async fn link(&self, request: &Request) -> Result<Answer, Refusal> {
        let key = request.query("key")?.ok_or_else(|| {
            Refusal::invalid("the query parameter key is missing: send the key of the upload")
        })?;
        let result_key = key
            .strip_prefix(self.upload_prefix.as_str())
            .and_then(|_| self.result_keys.of(key))
            .ok_or_else(|| {
                Refusal::invalid(format!(
                    "the query parameter key is no key of an upload: those start with {}",
                    self.upload_prefix
                ))
            })?;
        if result_key.len() > MAX_KEY_BYTES {
            return Err(Refusal::invalid(
                "the query parameter key is longer than that of any upload: send the key of the upload",
            ));
        }
        let bucket = self.resized_bucket.as_str();
        let Some(result) = self.storage.head(bucket, &result_key).await? else {
            return Err(Refusal::new(
                ApiErrorName::NotReady,
                "the result is not there: ask again in a moment; if it stays away, the upload did not arrive \
                 or could not be resized",
            ));
        };
        let signed = self
            .storage
            .sign_get(bucket, &result_key, self.valid())
            .await?;
        let link = ResultLink {
            url: signed.url,
            bucket: bucket.to_owned(),
            key: result_key,
            content_length: result.bytes.unwrap_or_default(),
            expires_in: self.valid_seconds,
        };
        Ok(Answer::json(200, &link, &link.key))
    }

    fn valid(&self) -> Duration {
        Duration::from_secs(self.valid_seconds)
    }
}
