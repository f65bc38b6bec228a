//! From pixels to a file of the source's format, with the ICC profile and no other metadata.

mod gif;
mod jpeg;
mod webp;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::error::EngineError;
use super::picture::Picture;
use super::raster::{Layout, Raster};
use crate::format::Format;

/// JPEG and lossy WebP quality: where files get larger faster than pictures get better.
const QUALITY: u8 = 80;

/// Encodes a picture.
pub(super) fn encode(
    format: Format,
    picture: Picture,
    icc: Option<Vec<u8>>,
    lossless: bool,
) -> Result<Vec<u8>, EngineError> {
    let icc = icc.filter(|icc| describes(icc, picture.layout()));
    match (format, picture) {
        (Format::Jpeg, picture) => jpeg::encode(&picture, icc.as_deref()),
        (Format::Png, Picture::Raster(raster)) => png(&raster, icc),
        (Format::WebP, Picture::Raster(raster)) => webp::encode(raster, icc, lossless),
        (Format::Gif, Picture::Raster(raster)) => gif::encode(raster),
        (_, Picture::YCbCr(_)) => Err(EngineError::encode("only a JPEG is made of planes")),
    }
}

/// Whether a profile is for this colour model. One for inks says nothing about the RGB made of them.
///
/// Source: <https://www.color.org/specification/ICC.1-2022-05.pdf> (7.2.6, 7.2.9)
fn describes(icc: &[u8], layout: Layout) -> bool {
    let model = if layout.is_gray() { b"GRAY" } else { b"RGB " };
    icc.len() >= 128 && icc.get(16..20) == Some(model) && icc.get(36..40) == Some(b"acsp")
}

fn png(raster: &Raster, icc: Option<Vec<u8>>) -> Result<Vec<u8>, EngineError> {
    let color = match raster.layout {
        Layout::Gray => ExtendedColorType::L8,
        Layout::GrayAlpha => ExtendedColorType::La8,
        Layout::Rgb => ExtendedColorType::Rgb8,
        Layout::Rgba => ExtendedColorType::Rgba8,
    };
    let mut file = Vec::new();
    let mut encoder =
        PngEncoder::new_with_quality(&mut file, CompressionType::Default, FilterType::Adaptive);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).map_err(EngineError::encode)?;
    }
    encoder
        .write_image(&raster.pixels, raster.width, raster.height, color)
        .map_err(EngineError::encode)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_goes_with_its_colour_model_only() {
        let mut icc = vec![0; 128];
        icc[16..20].copy_from_slice(b"CMYK");
        icc[36..40].copy_from_slice(b"acsp");
        assert!(!describes(&icc, Layout::Rgb));
        icc[16..20].copy_from_slice(b"RGB ");
        assert!(describes(&icc, Layout::Rgba));
        assert!(!describes(&icc, Layout::Gray));
        icc[16..20].copy_from_slice(b"GRAY");
        assert!(describes(&icc, Layout::GrayAlpha));
        assert!(!describes(&icc[..127], Layout::Gray));
        icc[36] = 0;
        assert!(!describes(&icc, Layout::Gray));
    }
}
