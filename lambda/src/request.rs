//! What `resize-image` is asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fit::{Fit, MAX_RESULT_SIDE};
use crate::format::{Format, by_name};

/// Most results of one request.
pub const MAX_SIZES: usize = 16;

/// Which image to resize, and how. Only the bucket and the key must be given.
///
/// The API's model is made from this type, so that the API refuses most of what the function would. The
/// function checks what a schema cannot say: bytes instead of characters, the one bucket allowed, and what
/// fields say together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ResizeRequest {
    /// Name of the bucket that holds the original: 3 to 63 characters, lowercase letters, digits,
    /// dots and hyphens.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    #[schemars(
        length(min = 3, max = 63),
        regex(pattern = "^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
    )]
    pub bucket: String,
    /// Key of the original, as it is in the bucket (not URL-encoded): 1 to 1,024 bytes of UTF-8.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
    #[schemars(length(min = 1, max = 1024))]
    pub key: String,
    /// Width of the box in pixels. With the height alone it is free; with neither the box is the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = MAX_RESULT_SIDE))]
    pub width: Option<u32>,
    /// Height of the box in pixels. With the width alone it is free; with neither the box is the stack's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = MAX_RESULT_SIDE))]
    pub height: Option<u32>,
    /// How the picture goes into the box; inside unless given. The others need both sides, or neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Fit")]
    pub fit: Option<Fit>,
    /// Format of the result; the original's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "by_name")]
    #[schemars(with = "String", extend("enum" = Format::WRITTEN.map(Format::name)))]
    pub format: Option<Format>,
    /// Quality of a JPEG or of a lossy WebP; 80 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u8", range(min = 1, max = 100))]
    pub quality: Option<u8>,
    /// Whether a JPEG is written from coarse to fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub progressive: Option<bool>,
    /// Key of the result: 1 to 1,024 bytes of UTF-8 that start with the stack's prefix of results. Not
    /// together with sizes, which have their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 1024))]
    pub output_key: Option<String>,
    /// Several results, made from one reading of the original. What one does not say is as the request
    /// says beside them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<SizeRequest>", length(min = 1, max = MAX_SIZES))]
    pub sizes: Option<Vec<SizeRequest>>,
    /// Whether a JPEG, PNG or WebP that breaks off is resized as far as it goes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub allow_truncated: bool,
    /// Whether a result is made anew that is there already.
    #[serde(default, skip_serializing_if = "is_false")]
    pub force: bool,
}

/// One of several results. What is not given is as the request says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SizeRequest {
    /// Width of the box in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = MAX_RESULT_SIDE))]
    pub width: Option<u32>,
    /// Height of the box in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u32", range(min = 1, max = MAX_RESULT_SIDE))]
    pub height: Option<u32>,
    /// How the picture goes into the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Fit")]
    pub fit: Option<Fit>,
    /// Format of the result.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "by_name")]
    #[schemars(with = "String", extend("enum" = Format::WRITTEN.map(Format::name)))]
    pub format: Option<Format>,
    /// Quality of a JPEG or of a lossy WebP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u8", range(min = 1, max = 100))]
    pub quality: Option<u8>,
    /// Whether a JPEG is written from coarse to fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "bool")]
    pub progressive: Option<bool>,
    /// Key of the result; unless given it has the box in it, such as `thumbs/300x200/KEY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", length(min = 1, max = 1024))]
    pub output_key: Option<String>,
}

impl ResizeRequest {
    /// A request for one result, as the stack makes them.
    pub fn new(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            key: key.into(),
            width: None,
            height: None,
            fit: None,
            format: None,
            quality: None,
            progressive: None,
            output_key: None,
            sizes: None,
            allow_truncated: false,
            force: false,
        }
    }

    /// What the request says beside its [sizes](Self::sizes): the one result, or what holds for each.
    pub fn size(&self) -> SizeRequest {
        SizeRequest {
            width: self.width,
            height: self.height,
            fit: self.fit,
            format: self.format,
            quality: self.quality,
            progressive: self.progressive,
            output_key: self.output_key.clone(),
        }
    }
}

impl SizeRequest {
    /// The same, with what another one says where this one says nothing; the key is this one's own.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            width: self.width.or(other.width),
            height: self.height.or(other.height),
            fit: self.fit.or(other.fit),
            format: self.format.or(other.format),
            quality: self.quality.or(other.quality),
            progressive: self.progressive.or(other.progressive),
            output_key: self.output_key.clone(),
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}
