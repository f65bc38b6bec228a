//! From a file's bytes to pixels. Every decoder here follows the same order: sizes from the header,
//! limits, then memory.
//!
//! The header is judged before `image` builds anything, since its `DynamicImage::from_decoder` sets no
//! limits and a failed allocation is an abort that nobody catches.

mod gif;
mod jpeg;
mod png;
mod webp;

use image::{DynamicImage, ImageDecoder, ImageError};

use super::error::EngineError;
use super::fit::Bounds;
use super::limits::Limits;
use super::orientation::Orientation;
use super::picture::Picture;
use super::raster::Raster;
use crate::format::Format;

/// A decoded picture, not yet turned upright.
pub(super) struct Decoded {
    pub(super) picture: Picture,
    /// Size in the file, in pixels. A JPEG comes out of its decoder in the size of the result, and a WebP smaller
    /// than it was.
    pub(super) stored_width: u32,
    pub(super) stored_height: u32,
    pub(super) orientation: Orientation,
    /// The ICC profile as the file has it, at most [`Limits::max_icc_bytes`].
    pub(super) icc: Option<Vec<u8>>,
    /// Whether the file kept every pixel exactly; only WebP leaves the choice.
    pub(super) lossless: bool,
}

impl Decoded {
    fn whole(raster: Raster, orientation: Orientation, icc: Option<Vec<u8>>) -> Self {
        Self {
            stored_width: raster.width,
            stored_height: raster.height,
            picture: Picture::Raster(raster),
            orientation,
            icc,
            lossless: true,
        }
    }
}

/// Decodes a file of a known format. `bounds` is what the upright result must fit in.
pub(super) fn decode(
    format: Format,
    source: &[u8],
    bounds: Bounds,
    limits: &Limits,
) -> Result<Decoded, EngineError> {
    match format {
        Format::Jpeg => jpeg::decode(source, bounds, limits),
        Format::Png => png::decode(source, limits),
        Format::WebP => webp::decode(source, bounds, limits),
        Format::Gif => gif::decode(source, limits),
    }
}

/// Refuses a picture by the size its header declares.
fn check_size(width: u32, height: u32, limits: &Limits) -> Result<(), EngineError> {
    if width == 0 || height == 0 {
        return Err(EngineError::corrupt(format!(
            "the image declares {width} x {height} pixels: there is nothing in it"
        )));
    }
    let pixels = u64::from(width) * u64::from(height);
    if width > limits.max_side || height > limits.max_side || pixels > limits.max_pixels {
        return Err(EngineError::TooLarge(format!(
            "the image has {width} x {height} pixels; at most {} a side and {} in all are taken",
            limits.max_side, limits.max_pixels
        )));
    }
    Ok(())
}

/// Refuses a picture by the memory its pixels need.
fn check_memory(bytes: u64, limits: &Limits) -> Result<(), EngineError> {
    if bytes > limits.max_decoded_bytes {
        return Err(EngineError::TooLarge(format!(
            "the image needs {bytes} bytes of memory when decoded; at most {} are taken",
            limits.max_decoded_bytes
        )));
    }
    Ok(())
}

/// The pixels behind a decoder of `image`, once its header has passed.
fn read_pixels<D: ImageDecoder>(
    mut decoder: D,
    format: Format,
    limits: &Limits,
) -> Result<Raster, EngineError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    check_memory(decoder.total_bytes(), limits)?;
    decoder
        .set_limits(image_limits(limits))
        .map_err(|error| of_image(format, error))?;
    let image = DynamicImage::from_decoder(decoder).map_err(|error| of_image(format, error))?;
    Ok(Raster::of_dynamic(image))
}

/// Our limits in `image`'s terms; its buffers beside the pixels (a GIF frame larger than its canvas) count alone.
fn image_limits(limits: &Limits) -> image::Limits {
    let mut theirs = image::Limits::default();
    theirs.max_image_width = Some(limits.max_side);
    theirs.max_image_height = Some(limits.max_side);
    theirs.max_alloc = Some(limits.max_decoded_bytes);
    theirs
}

/// An error of `image` under our names.
fn of_image(format: Format, error: ImageError) -> EngineError {
    match error {
        ImageError::Limits(cause) => EngineError::TooLarge(format!(
            "the {format} needs more memory than is taken: {cause}"
        )),
        ImageError::Unsupported(cause) => EngineError::Unsupported(format!(
            "the {format} uses a part of its format that is not supported: {cause}"
        )),
        cause => EngineError::corrupt_by(format!("the {format} cannot be decoded"), cause),
    }
}
