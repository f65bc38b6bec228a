//! The resize engine: the bytes of an image in, the bytes of a smaller one out. It opens no file and
//! no connection, reads no clock and no environment.
//!
//! What it promises:
//! - the format stays: JPEG, PNG, WebP or GIF, told by content; of an animation the first frame;
//! - the size follows [`Bounds::fit`], after EXIF orientation has been applied;
//! - gray stays gray, alpha stays alpha; 16 bits become 8, CMYK becomes RGB;
//! - an ICC profile is carried over if it fits the result's colour model; nothing else is, so no
//!   result tells where a photo was taken;
//! - an image that is small enough already is encoded anew all the same: it is checked and stripped;
//! - any input ends in a result or an [`EngineError`], within the time and memory of [`Limits`].

mod decode;
mod encode;
mod error;
mod fit;
mod limits;
mod orientation;
mod picture;
mod raster;
mod resize;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::causes::panic_text;

pub use crate::format::Format;
pub use error::EngineError;
pub use fit::Bounds;
pub use limits::{Limits, MAX_RESULT_SIDE};
pub use orientation::Orientation;

/// A resized image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// Format of source and result.
    pub format: Format,
    /// Width of the result, in pixels.
    pub width: u32,
    /// Height of the result, in pixels.
    pub height: u32,
    /// Width of the source, in pixels, upright.
    pub source_width: u32,
    /// Height of the source, in pixels, upright.
    pub source_height: u32,
    /// The result's file.
    pub bytes: Vec<u8>,
}

impl Thumbnail {
    /// Media type of the result.
    pub const fn content_type(&self) -> &'static str {
        self.format.content_type()
    }
}

/// Fits an image in a box.
///
/// # Errors
///
/// Each [`EngineError`]; also when a decoder panics. A panic runs the process's panic hook before it
/// is caught here.
pub fn thumbnail(source: &[u8], bounds: Bounds, limits: &Limits) -> Result<Thumbnail, EngineError> {
    // Nothing outlives the closure but its result, so no broken state can be seen afterwards.
    catch_unwind(AssertUnwindSafe(|| resize_file(source, bounds, limits)))
        .unwrap_or_else(|panic| Err(EngineError::Panicked(panic_text(&*panic).to_owned())))
}

fn resize_file(source: &[u8], bounds: Bounds, limits: &Limits) -> Result<Thumbnail, EngineError> {
    if source.is_empty() {
        return Err(EngineError::corrupt("the file is empty"));
    }
    if source.len() as u64 > limits.max_source_bytes {
        return Err(EngineError::TooLarge(format!(
            "the file has more than {} bytes, which is the most that is taken",
            limits.max_source_bytes
        )));
    }
    let format = Format::of(source).ok_or_else(|| {
        EngineError::Unsupported("the file does not start like a JPEG, PNG, WebP or GIF".to_owned())
    })?;
    let decoded = decode::decode(format, source, bounds, limits)?;

    let orientation = decoded.orientation;
    let stored = (decoded.stored_width, decoded.stored_height);
    let target = bounds.fit_stored(orientation, stored);
    // Turned last, when there are few pixels left to turn.
    let upright = decoded.picture.fit(target)?.turned(orientation);

    let (width, height) = upright.size();
    let (source_width, source_height) = orientation.turn(stored);
    let bytes = encode::encode(format, upright, decoded.icc, decoded.lossless)?;
    Ok(Thumbnail {
        format,
        width,
        height,
        source_width,
        source_height,
        bytes,
    })
}
