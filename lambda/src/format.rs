//! The image formats. Which one a file has is told by its first bytes: extensions and `Content-Type` are
//! claims.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A format that is taken and resized. In JSON it is its media type.
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
    /// BMP. Read, not written.
    #[serde(rename = "image/bmp")]
    Bmp,
    /// ICO, of which the best picture. Read, not written.
    #[serde(rename = "image/vnd.microsoft.icon")]
    Ico,
    /// QOI. Read, not written.
    #[serde(rename = "image/qoi")]
    Qoi,
    /// TIFF, of which the first page. Read, not written.
    #[serde(rename = "image/tiff")]
    Tiff,
    /// AVIF; of a sequence the picture that stands for it. Read, not written.
    #[serde(rename = "image/avif")]
    Avif,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Gif,
        Self::Bmp,
        Self::Ico,
        Self::Qoi,
        Self::Tiff,
        Self::Avif,
    ];

    /// The formats that results can have.
    pub const WRITTEN: [Self; 4] = [Self::Jpeg, Self::Png, Self::WebP, Self::Gif];

    /// The format a file starts like, or `None` if it starts like none of them.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
            Some(Self::Tiff)
        } else if bytes.starts_with(b"qoif") {
            Some(Self::Qoi)
        } else if is_bmp(bytes) {
            Some(Self::Bmp)
        } else if is_ico(bytes) {
            Some(Self::Ico)
        } else if is_avif(bytes) {
            Some(Self::Avif)
        } else {
            None
        }
    }

    /// The name in requests and results, such as `jpeg`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Ico => "ico",
            Self::Qoi => "qoi",
            Self::Tiff => "tiff",
            Self::Avif => "avif",
        }
    }

    /// What names of such files end in, without the dot; the first is the usual one.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Gif => &["gif"],
            Self::Bmp => &["bmp", "dib"],
            Self::Ico => &["ico"],
            Self::Qoi => &["qoi"],
            Self::Tiff => &["tiff", "tif"],
            Self::Avif => &["avif", "avifs"],
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
            Self::Bmp => "image/bmp",
            Self::Ico => "image/vnd.microsoft.icon",
            Self::Qoi => "image/qoi",
            Self::Tiff => "image/tiff",
            Self::Avif => "image/avif",
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
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::Qoi => "QOI",
            Self::Tiff => "TIFF",
            Self::Avif => "AVIF",
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

/// A format that may be missing, by its [name](Format::name) in place of its media type: for serde's `with`.
pub(crate) mod by_name {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    use super::Format;

    #[expect(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    pub(crate) fn serialize<S: Serializer>(
        format: &Option<Format>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        format.map(Format::name).serialize(to)
    }

    /// Only formats that can be written.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Format>, D::Error> {
        let Some(name) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        let format = Format::WRITTEN.into_iter().find(|it| it.name() == name);
        format.map(Some).ok_or_else(|| {
            let known = Format::WRITTEN.map(Format::name).join(", ");
            de::Error::custom(format!(
                "{name:?} is no format of results; those are {known}"
            ))
        })
    }
}

/// Two letters begin many texts; the header's length behind them is one of a few.
///
/// Source: <https://learn.microsoft.com/windows/win32/gdi/bitmap-header-types>
fn is_bmp(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM")
        && matches!(
            bytes.get(14..18),
            Some([12 | 16 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0])
        )
}

/// An icon has some pictures, and a zero in the description of the first.
///
/// Source: <https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)>
fn is_ico(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0, 0, 1, 0])
        && bytes.get(4..6).is_some_and(|count| count != [0, 0])
        && bytes.get(9) == Some(&0)
}

/// The first box says of which kinds the file is, and what is `mif1` may be HEIF of another codec.
///
/// Source: <https://aomediacodec.github.io/av1-avif/#brands>
fn is_avif(bytes: &[u8]) -> bool {
    let Some((&[l0, l1, l2, l3, b'f', b't', b'y', b'p', ref major @ ..], rest)) =
        bytes.split_first_chunk::<12>()
    else {
        return false;
    };
    // Behind the first brand is its version, and then are the others, to the end of the box.
    let length = u32::from_be_bytes([l0, l1, l2, l3]).saturating_sub(16) as usize;
    let others = rest.get(4..).unwrap_or_default();
    let others = others[..others.len().min(length)].as_chunks::<4>().0;
    let is_avif = |brand: &[u8; 4]| matches!(brand, b"avif" | b"avis");
    is_avif(major) || matches!(major, b"mif1" | b"msf1") && others.iter().any(is_avif)
}

/// What a file is that is none of the formats, with an article, if that can be told. For people: they hear
/// that an SVG is not resized rather than that it is nothing known.
pub fn name_of_another(bytes: &[u8]) -> Option<&'static str> {
    let brand = || {
        bytes
            .get(4..8)
            .filter(|kind| *kind == b"ftyp")
            .and(bytes.get(8..12))
    };
    let starts = |start: &[u8]| bytes.starts_with(start);
    Some(match brand() {
        Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
            "a HEIF"
        }
        Some(b"crx ") => "a raw photo of a Canon camera",
        Some(_) => "a video",
        None if starts(b"%PDF-") => "a PDF",
        None if starts(b"8BPS") => "a Photoshop file",
        None if starts(b"II+\0") || starts(b"MM\0+") => "a BigTIFF",
        None if starts(b"\xFF\x0A") || starts(b"\0\0\0\x0CJXL \r\n\x87\n") => "a JPEG XL",
        None if starts(b"\xFF\x4F\xFF\x51") || starts(b"\0\0\0\x0CjP  \r\n\x87\n") => "a JPEG 2000",
        None if starts(b"PK\x03\x04") => "a ZIP archive",
        None => return markup(bytes),
    })
}

/// SVG, HTML and other XML, behind whitespace, a declaration and comments.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096)];
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start();
    if !text.starts_with('<') {
        return None;
    }
    Some(if text.contains("<svg") {
        "an SVG"
    } else if text.contains("<html") || text.contains("<!doctype html") {
        "a page of HTML"
    } else if text.starts_with("<?xml") {
        "XML"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_what_they_start_with() {
        let bmp = |header: u8| {
            let mut file = b"BM".to_vec();
            file.resize(14, 0);
            file.extend([header, 0, 0, 0]);
            file
        };
        assert_eq!(Format::of(&bmp(40)), Some(Format::Bmp));
        assert_eq!(Format::of(&bmp(41)), None);
        assert_eq!(Format::of(b"BMW is a car, and this is a text"), None);
        assert_eq!(
            Format::of(&[0, 0, 1, 0, 1, 0, 16, 16, 0, 0]),
            Some(Format::Ico)
        );
        assert_eq!(Format::of(&[0, 0, 1, 0, 0, 0, 16, 16, 0, 0]), None);
        assert_eq!(Format::of(&[0, 0, 1, 0xBA, 1, 0, 16, 16, 0, 0]), None);
        assert_eq!(Format::of(b"MM\0*\0\0\0\x08"), Some(Format::Tiff));
        assert_eq!(Format::of(b"qoif"), Some(Format::Qoi));
        for avif in [
            b"\0\0\0\x10ftypavif\0\0\0\0".as_slice(),
            b"\0\0\0\x14ftypavis\0\0\0\0msf1",
            b"\0\0\0\x18ftypmif1\0\0\0\0miafavif",
        ] {
            assert_eq!(Format::of(avif), Some(Format::Avif));
        }
        // Behind the box, in half, and not alone.
        for other in [
            b"\0\0\0\x14ftypmif1\0\0\0\0miafavif".as_slice(),
            b"\0\0\0\x18ftypmif1\0\0\0\0miafavi",
            b"\0\0\0\x14ftypheic\0\0\0\0avif",
            b"\0\0\0\x10ftypavi",
        ] {
            assert_eq!(Format::of(other), None);
        }
        assert_eq!(Format::of(b""), None);
    }

    #[test]
    fn other_files_are_named() {
        for (file, name) in [
            (b"\0\0\0\x18ftypheic".as_slice(), "a HEIF"),
            (b"\0\0\0\x14ftypmif1\0\0\0\0heic", "a HEIF"),
            (b"\0\0\0\x18ftypisom", "a video"),
            (b"%PDF-1.7", "a PDF"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
            (
                b"\xEF\xBB\xBF \n<?xml version='1.0'?><!-- x --><SVG>",
                "an SVG",
            ),
            (b"<!DOCTYPE html><html>", "a page of HTML"),
            (b"<?xml version='1.0'?><feed>", "XML"),
        ] {
            assert_eq!(Format::of(file), None);
            assert_eq!(name_of_another(file), Some(name));
        }
        for file in [
            b"".as_slice(),
            b"text",
            b"\0\0\0\x18ftyp",
            b"<3 is a heart",
            &[0xFF; 64],
        ] {
            assert_eq!(name_of_another(file), None, "{file:?}");
        }
    }

    #[test]
    fn media_types_are_read_as_they_are_written() {
        for format in Format::ALL {
            assert_eq!(Format::of_content_type(format.content_type()), Some(format));
            let json = serde_json::to_value(format).expect("a text");
            assert_eq!(json, format.content_type());
        }
    }
}
