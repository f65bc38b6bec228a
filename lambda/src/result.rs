//! What `resize-image` answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of one resize; the output of the execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResizeResult {
    /// Always [`Status::Success`]: a failure is an error with a [name](crate::FailureName).
    pub status: Status,
    /// Bucket that holds the resized image.
    pub bucket: String,
    /// Key of the resized image in that bucket.
    pub image_key: String,
    /// Format of both images: `jpeg`, `png`, `webp` or `gif`.
    pub format: String,
    /// `Content-Type` of the resized image.
    pub content_type: String,
    /// Width of the resized image in pixels.
    pub width: u32,
    /// Height of the resized image in pixels.
    pub height: u32,
    /// Size of the resized image in bytes.
    pub bytes: u64,
    /// Width of the original in pixels, orientation applied.
    pub source_width: u32,
    /// Height of the original in pixels, orientation applied.
    pub source_height: u32,
    /// Size of the original in bytes.
    pub source_bytes: u64,
}

/// How a resize ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The resized image is in its bucket.
    Success,
}
