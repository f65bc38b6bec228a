//! What `resize-image` answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of one resize; the output of the execution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResizeResult {
    /// Always [`Status::Success`]: a failure is an error with a [name](crate::FailureName).
    pub status: Status,
    /// Bucket that holds the resized image.
    pub bucket: String,
    /// Key of the resized image in that bucket.
    pub image_key: String,
    /// Format of the resized image: `jpeg`, `png`, `webp` or `gif`.
    pub format: String,
    /// `Content-Type` of the resized image.
    pub content_type: String,
    /// Width of the resized image in pixels.
    pub width: u32,
    /// Height of the resized image in pixels.
    pub height: u32,
    /// Size of the resized image in bytes.
    pub bytes: u64,
    /// Whether it was made now. Otherwise it was there already, made from the same original in the same
    /// way, and was left as it is.
    pub computed: bool,
    /// Format of the original: a [`Format::name`](crate::Format::name).
    pub source_format: String,
    /// Width of the original in pixels, orientation applied.
    pub source_width: u32,
    /// Height of the original in pixels, orientation applied.
    pub source_height: u32,
    /// Size of the original in bytes.
    pub source_bytes: u64,
    /// Whether the original has more pictures than the one that was resized, which is the first.
    pub animated: bool,
    /// How much of the original's picture was there, 0 to 1 and rounded down: 1 unless the request allows
    /// one that breaks off.
    pub share: f64,
}

/// The results of a request for several [sizes](crate::ResizeRequest::sizes).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResizeResults {
    /// Always [`Status::Success`]: a failure of one is a failure of all.
    pub status: Status,
    /// Format of the original.
    pub source_format: String,
    /// Width of the original in pixels, orientation applied.
    pub source_width: u32,
    /// Height of the original in pixels, orientation applied.
    pub source_height: u32,
    /// Size of the original in bytes.
    pub source_bytes: u64,
    /// Whether the original has more pictures than the one that was resized.
    pub animated: bool,
    /// How much of the original's picture was there, 0 to 1.
    pub share: f64,
    /// The results, in the order of the request.
    pub results: Vec<SizeResult>,
}

/// One of several results; each field is [`ResizeResult`]'s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SizeResult {
    /// Bucket that holds it.
    pub bucket: String,
    /// Its key.
    pub image_key: String,
    /// Its format.
    pub format: String,
    /// Its `Content-Type`.
    pub content_type: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it was made now.
    pub computed: bool,
}

impl ResizeResults {
    /// The results of one original in one answer; `None` if there are none.
    pub fn of(results: Vec<ResizeResult>) -> Option<Self> {
        let source = results.first()?;
        Some(Self {
            status: Status::Success,
            source_format: source.source_format.clone(),
            source_width: source.source_width,
            source_height: source.source_height,
            source_bytes: source.source_bytes,
            animated: source.animated,
            share: source.share,
            results: results.into_iter().map(SizeResult::from).collect(),
        })
    }
}

impl From<ResizeResult> for SizeResult {
    fn from(result: ResizeResult) -> Self {
        Self {
            bucket: result.bucket,
            image_key: result.image_key,
            format: result.format,
            content_type: result.content_type,
            width: result.width,
            height: result.height,
            bytes: result.bytes,
            computed: result.computed,
        }
    }
}

/// How a resize ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The resized image is in its bucket.
    Success,
}
