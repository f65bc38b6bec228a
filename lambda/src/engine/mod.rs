//! The resize engine: the bytes of an image in, the bytes of smaller ones out. It opens no file and
//! no connection, reads no clock and no environment.
//!
//! What it promises:
//! - the format stays unless another is asked for: JPEG, PNG, WebP or GIF, told by content; BMP, ICO, QOI,
//!   TIFF and AVIF are read and become JPEG, or PNG if they have alpha; of an animation the first frame;
//! - the size follows [`Fit`] and [`Bounds`], after EXIF orientation has been applied, and is never larger
//!   than the picture;
//! - gray stays gray, alpha stays alpha (white in a JPEG); 16 bits become 8, CMYK becomes RGB;
//! - colours are in sRGB, and nothing but pixels is in the result: no result tells where a photo was taken;
//! - an image that is small enough already is encoded anew all the same: it is checked and stripped;
//! - the same source and the same [`Output`] give the same bytes;
//! - any input ends in a result or an [`EngineError`], within the time and memory of [`Limits`]; of an AVIF only
//!   in a [worker](crate::worker).

mod color;
mod decode;
mod encode;
mod error;
mod fit;
mod limits;
mod orientation;
mod output;
mod picture;
mod raster;
mod shrink;
#[doc(hidden)]
pub mod stages;
mod tags;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::causes::panic_text;

pub use crate::format::Format;
use decode::{Decoded, Task};
pub use error::EngineError;
use fit::Placement;
pub use fit::{Bounds, Fit};
pub use limits::{Limits, MAX_RESULT_SIDE};
pub use orientation::Orientation;
pub use output::{DEFAULT_QUALITY, Options, Output};
use picture::Picture;

/// Raised whenever the same source and the same [`Output`] would give other bytes than before: what was
/// made earlier is then made again.
pub const VERSION: u32 = 1;

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resized {
    /// Format of the source.
    pub format: Format,
    /// Width of the source, in pixels, upright.
    pub width: u32,
    /// Height of the source, in pixels, upright.
    pub height: u32,
    /// Whether the source has more pictures than the one that was resized.
    pub animated: bool,
    /// How much of the source's picture was there, 0 to 1; 1 unless [`Options::allow_truncated`] is set.
    pub share: f64,
    /// What was left out and why, for a log: a profile that is broken.
    pub notes: Vec<String>,
    /// A result for each [`Output`], in that order.
    pub results: Vec<Thumbnail>,
}

/// A resized image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// Format of the result.
    pub format: Format,
    /// Width of the result, in pixels.
    pub width: u32,
    /// Height of the result, in pixels.
    pub height: u32,
    /// The result's file, which is no part of its description in JSON.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Makes smaller images of one, which is decoded once for all of them.
///
/// # Errors
///
/// Each [`EngineError`]; also when a decoder panics. A panic runs the process's panic hook before it
/// is caught here. That of AVIF is behind an interface of C, where a panic ends the process.
pub fn resize(
    source: &[u8],
    outputs: &[Output],
    options: &Options,
) -> Result<Resized, EngineError> {
    // Nothing outlives the closure but its result, so no broken state can be seen afterwards.
    catch_unwind(AssertUnwindSafe(|| resize_file(source, outputs, options)))
        .unwrap_or_else(|panic| Err(EngineError::Panicked(panic_text(&*panic).to_owned())))
}

fn resize_file(
    source: &[u8],
    outputs: &[Output],
    options: &Options,
) -> Result<Resized, EngineError> {
    let limits = &options.limits;
    if source.is_empty() {
        return Err(EngineError::corrupt("the file is empty"));
    }
    if source.len() as u64 > limits.max_source_bytes {
        return Err(EngineError::TooLarge(format!(
            "the file has more than {} bytes, which is the most that is taken",
            limits.max_source_bytes
        )));
    }
    let format = Format::of(source).ok_or_else(|| EngineError::Unsupported(unknown(source)))?;
    let decoded = decode::decode(format, source, &Task { outputs, options })?;
    let (width, height) = decoded.orientation.turn(decoded.stored);
    let Decoded {
        pictures,
        orientation,
        lossless,
        animated,
        share,
        notes,
        ..
    } = decoded;
    let results = outputs.iter().zip(pictures).map(|(output, picture)| {
        // Turned last, when there are few pixels left to turn.
        let upright = picture.turned(orientation);
        let canvas = Placement::new(output.fit, output.bounds, (width, height)).canvas;
        finish(format, output, upright, canvas, lossless)
    });
    Ok(Resized {
        format,
        width,
        height,
        animated,
        share,
        notes,
        results: results.collect::<Result<_, _>>()?,
    })
}

/// Puts a picture on its canvas and writes it.
fn finish(
    source: Format,
    output: &Output,
    picture: Picture,
    canvas: (u32, u32),
    lossless: bool,
) -> Result<Thumbnail, EngineError> {
    let format = output.format.unwrap_or_else(|| match source {
        Format::Jpeg | Format::Png | Format::WebP | Format::Gif => source,
        _ if picture.has_alpha() => Format::Png,
        _ => Format::Jpeg,
    });
    let picture = match picture {
        Picture::Raster(raster) => {
            let opaque = format == Format::Jpeg;
            let raster = if opaque { raster.flattened() } else { raster };
            Picture::Raster(raster.on_canvas(canvas, opaque))
        }
        planes @ Picture::YCbCr(_) => planes,
    };
    let (width, height) = picture.size();
    // Asked for another format, or for a quality, nobody expects every pixel to stay.
    let lossless = lossless && format == source;
    Ok(Thumbnail {
        format,
        width,
        height,
        bytes: encode::encode(format, picture, output, lossless)?,
    })
}

/// What a file is that is none of the formats.
fn unknown(source: &[u8]) -> String {
    match crate::format::name_of_another(source) {
        Some(other) => format!("the file is {other}, which is not supported"),
        None => "the file does not start like an image that is supported".to_owned(),
    }
}
