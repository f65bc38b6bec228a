//! What is known of an image: the item of the metadata table, and its form in the API.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The value of [`attribute::KIND`] in every item: the partition of the index.
pub const KIND: &str = "image";

/// The index by upload time: partition [`attribute::KIND`], sort key [`attribute::UPLOAD_TIME`].
pub const INDEX: &str = "ByUploadTime";

/// Most images a page.
pub const MAX_PAGE: u32 = 100;

/// Images a page unless the request says otherwise.
pub const DEFAULT_PAGE: u32 = 20;

/// Names of an item's attributes.
pub mod attribute {
    /// Partition key (S): [`image_id`](super::image_id) of the source's key.
    pub const IMAGE_ID: &str = "ImageID";
    /// S: [`KIND`](super::KIND).
    pub const KIND: &str = "Kind";
    /// S: `processed` or `failed`.
    pub const STATUS: &str = "Status";
    /// S: the last part of the source's key.
    pub const FILE_NAME: &str = "FileName";
    /// S: bucket of the source.
    pub const BUCKET: &str = "Bucket";
    /// S: key of the source.
    pub const KEY: &str = "Key";
    /// S: `s3://bucket/key` of the result, of the source if there is no result.
    pub const URL: &str = "URL";
    /// S: when the source was written; ISO 8601, UTC, whole seconds.
    pub const UPLOAD_TIME: &str = "UploadTime";
    /// S: when the function was done with it; ISO 8601, UTC, whole seconds.
    pub const PROCESSED_TIME: &str = "ProcessedTime";
    /// S: the source's `ETag`, without quotes.
    pub const SOURCE_ETAG: &str = "SourceETag";
    /// S: the source's version, in a versioned bucket.
    pub const SOURCE_VERSION: &str = "SourceVersion";
    /// S: orders the events of one key; only after an event.
    pub const SEQUENCER: &str = "Sequencer";
    /// N: size of the source in bytes.
    pub const SOURCE_SIZE: &str = "SourceSize";
    /// N: width of the source in pixels, upright.
    pub const SOURCE_WIDTH: &str = "SourceWidth";
    /// N: height of the source in pixels, upright.
    pub const SOURCE_HEIGHT: &str = "SourceHeight";
    /// S: `jpeg`, `png`, `webp` or `gif`.
    pub const FORMAT: &str = "Format";
    /// S: media type of the result.
    pub const CONTENT_TYPE: &str = "ContentType";
    /// S: bucket of the result.
    pub const RESULT_BUCKET: &str = "ResultBucket";
    /// S: key of the result.
    pub const RESULT_KEY: &str = "ResultKey";
    /// N: size of the result in bytes.
    pub const SIZE: &str = "Size";
    /// N: width of the result in pixels.
    pub const WIDTH: &str = "Width";
    /// N: height of the result in pixels.
    pub const HEIGHT: &str = "Height";
    /// S: width and height of the result, such as `500x375`.
    pub const DIMENSIONS: &str = "Dimensions";
    /// S: name of the failure.
    pub const ERROR: &str = "Error";
    /// S: the failure in a sentence.
    pub const MESSAGE: &str = "Message";
}

/// The id of the image with this key: the first 32 hexadecimal digits of the SHA-256 of the key's UTF-8.
///
/// Made from the key, so that whoever uploads knows the id at once, and every event about the same key meets
/// the same item.
pub fn image_id(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(16).fold(String::new(), |mut id, byte| {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// How far an image is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(with = "String", extend("enum" = ["processed", "failed"]))]
pub enum ImageStatus {
    /// The result is in its bucket.
    Processed,
    /// There is no result; the record says why.
    Failed,
}

impl ImageStatus {
    /// The status as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Failed => "failed",
        }
    }
}

/// What the API says of an image. Sizes are in bytes, widths and heights in pixels, upright.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageRecord {
    /// Id of the image.
    pub id: String,
    /// How far it is.
    pub status: ImageStatus,
    /// Name of the file.
    pub file_name: String,
    /// The original.
    pub source: SourceImage,
    /// The resized image, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ResultImage")]
    pub result: Option<ResultImage>,
    /// Format of both: jpeg, png, webp or gif.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub format: Option<String>,
    /// When the original was written: ISO 8601, UTC.
    pub upload_time: String,
    /// When the function was done with it: ISO 8601, UTC.
    pub processed_time: String,
    /// Why there is no result, if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "ImageFailure")]
    pub error: Option<ImageFailure>,
}

/// An original. What is not known of a failed one is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceImage {
    /// Bucket that it is in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub size: Option<u64>,
    /// Width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub width: Option<u32>,
    /// Height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32")]
    pub height: Option<u32>,
    /// Its `ETag`, without quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub etag: Option<String>,
    /// Its version, in a versioned bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub version: Option<String>,
}

/// A resized image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultImage {
    /// Bucket that it is in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Media type.
    pub content_type: String,
}

/// Why an image was not resized.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImageFailure {
    /// A [`FailureName`](crate::FailureName).
    #[schemars(description = "Name of the failure")]
    pub name: String,
    /// What happened and what to do next.
    pub message: String,
}

/// Images, newest first: the answer to `GET /images`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImagePage {
    /// The images of this page.
    pub images: Vec<ImageRecord>,
    /// What to ask for the next page with; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cursor: Option<String>,
}
