//! GIF: at most 256 colours, each pixel opaque or not there.

use image::ExtendedColorType;
use image::codecs::gif::GifEncoder;

use super::{EngineError, Raster};

/// Colour search from 1 (best) to 30 (fastest); above 10 the loss shows.
const SPEED: i32 = 10;
/// A pixel at least half opaque stays.
const OPAQUE: u8 = 128;

pub(super) fn encode(raster: Raster) -> Result<Vec<u8>, EngineError> {
    let mut raster = raster.into_color();
    if raster.layout.has_alpha() {
        for pixel in raster.pixels.chunks_exact_mut(4) {
            if pixel[3] >= OPAQUE {
                pixel[3] = u8::MAX;
            } else {
                // One colour for all that is invisible, or each takes a place in the palette.
                pixel.fill(0);
            }
        }
    }
    let color = if raster.layout.has_alpha() {
        ExtendedColorType::Rgba8
    } else {
        ExtendedColorType::Rgb8
    };
    let mut file = Vec::new();
    GifEncoder::new_with_speed(&mut file, SPEED)
        .encode(&raster.pixels, raster.width, raster.height, color)
        .map_err(EngineError::encode)?;
    Ok(file)
}
