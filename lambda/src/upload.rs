//! How images get into the source bucket: what the two upload functions take and give.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Format;

/// Largest image that can be uploaded by a pre-signed URL, in bytes: what `resize-image` takes. A stack may
/// allow less.
pub const MAX_UPLOAD_BYTES: u64 = 64 << 20;

/// Largest image that can come in the body of a request to a function, in bytes. Lambda takes 6 MB an
/// invocation, API Gateway writes a binary body in base64 (a third more), and the rest of the event needs
/// some room.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const MAX_BODY_IMAGE_BYTES: u64 = 4_500_000;

/// Headers besides `content-length` that a page must send with an upload and that the bucket's CORS rule must
/// therefore allow.
pub const UPLOAD_HEADERS: [&str; 2] = ["content-type", "if-none-match"];

/// Which upload to sign: the body of `POST /uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UploadRequest {
    /// Name of the file; a readable form of it becomes part of the key: 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub filename: String,
    /// Media type of the image.
    pub content_type: Format,
    /// Size of the image in bytes.
    #[schemars(range(min = 1, max = MAX_UPLOAD_BYTES))]
    pub content_length: u64,
}

/// A signed upload: the answer to `POST /uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UploadGrant {
    /// Where to send the image.
    pub url: String,
    /// With which method: PUT.
    pub method: String,
    /// Headers to send with it, exactly as they are here. A browser sets content-length by itself.
    pub headers: BTreeMap<String, String>,
    /// Bucket that the image will be in.
    pub bucket: String,
    /// Key that the image will have.
    pub key: String,
    /// For how many seconds the URL is valid.
    #[schemars(range(min = 1))]
    pub expires_in: u64,
}

/// A signed download of a result: the answer to `GET /results`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResultLink {
    /// Where to get the resized image.
    pub url: String,
    /// Bucket that it is in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    #[schemars(range(min = 1))]
    pub content_length: u64,
    /// For how many seconds the URL is valid.
    #[schemars(range(min = 1))]
    pub expires_in: u64,
}

/// An image in JSON: the body of `POST /images` with `Content-Type: application/json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ImageUpload {
    /// Name of the file; a readable form of it becomes part of the key: 1 to 255 characters.
    #[schemars(length(min = 1, max = 255))]
    pub filename: String,
    /// Media type of the image.
    pub content_type: Format,
    /// The image in base64.
    #[schemars(length(min = 4, max = 6_000_000))]
    pub data: String,
}

/// An image that was taken: the answer to `POST /images`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageAccepted {
    /// Id to ask for its metadata with.
    pub id: String,
    /// Bucket that it is in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// How far it is: accepted.
    pub status: String,
}
