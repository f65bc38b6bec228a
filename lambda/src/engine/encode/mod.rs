//! From pixels to a file. Nothing is written but what shows the picture.

mod gif;
mod jpeg;
mod webp;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::error::EngineError;
use super::output::Output;
use super::picture::Picture;
use super::raster::{Layout, Raster};
use crate::format::Format;

/// Encodes a picture. `lossless` is for WebP, which leaves the choice.
pub(super) fn encode(
    format: Format,
    picture: Picture,
    output: &Output,
    lossless: bool,
) -> Result<Vec<u8>, EngineError> {
    match (format, picture) {
        (Format::Jpeg, picture) => jpeg::encode(&picture, output),
        (Format::Png, Picture::Raster(raster)) => png(&raster),
        (Format::WebP, Picture::Raster(raster)) => webp::encode(raster, output.quality, lossless),
        (Format::Gif, Picture::Raster(raster)) => gif::encode(raster),
        (_, Picture::YCbCr(_)) => Err(EngineError::encode("only a JPEG is made of planes")),
        (format, Picture::Raster(_)) => Err(EngineError::encode(format!(
            "{format} is read, not written"
        ))),
    }
}

fn png(raster: &Raster) -> Result<Vec<u8>, EngineError> {
    let color = match raster.layout {
        Layout::Gray => ExtendedColorType::L8,
        Layout::GrayAlpha => ExtendedColorType::La8,
        Layout::Rgb => ExtendedColorType::Rgb8,
        Layout::Rgba => ExtendedColorType::Rgba8,
    };
    let mut file = Vec::new();
    PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive)
        .write_image(&raster.pixels, raster.width, raster.height, color)
        .map_err(EngineError::encode)?;
    Ok(file)
}
