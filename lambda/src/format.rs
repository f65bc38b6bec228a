//! The image formats. Which one a file has is told by its first bytes: extensions and `Content-Type` are
//! claims.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A format that is taken, resized and given back. In JSON it is its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG, baseline or progressive, Huffman-coded, 8 bits a sample.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG; of an APNG the default image.
    #[serde(rename = "image/png")]
    Png,
    /// WebP, lossy or lossless; of an animation the first frame.
    #[serde(rename = "image/webp")]
    WebP,
    /// GIF, 87a or 89a; of an animation the first frame.
    #[serde(rename = "image/gif")]
    Gif,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::WebP, Self::Gif];

    /// The format a file starts like, or `None` if it starts like none of the four.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    /// The name in results: `jpeg`, `png`, `webp` or `gif`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
        }
    }

    /// What names of such files end in, without the dot; the first is the usual one.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Gif => &["gif"],
        }
    }

    /// The format of a `Content-Type`, whatever its case and parameters.
    pub fn of_content_type(header: &str) -> Option<Self> {
        let media_type = header.split(';').next().unwrap_or_default().trim();
        Self::ALL
            .into_iter()
            .find(|format| format.content_type().eq_ignore_ascii_case(media_type))
    }

    /// The media type.
    ///
    /// Source: <https://www.iana.org/assignments/media-types/media-types.xhtml#image>
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
        })
    }
}

/// Written by hand: a derived schema says each variant's documentation in a `oneOf`, which a model of API
/// Gateway cannot.
impl JsonSchema for Format {
    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "enum": Self::ALL.map(Self::content_type),
        })
    }
}
