//! WebP by libwebp: `image` writes lossless WebP only, which is for drawings and not for photos.

use webp::{Encoder, PixelLayout};

use super::{EngineError, Layout, Raster};

pub(super) fn encode(raster: Raster, quality: u8, lossless: bool) -> Result<Vec<u8>, EngineError> {
    let raster = raster.into_color();
    let layout = if raster.layout == Layout::Rgba {
        PixelLayout::Rgba
    } else {
        PixelLayout::Rgb
    };
    let file = Encoder::new(&raster.pixels, layout, raster.width, raster.height)
        .encode_simple(lossless, f32::from(quality))
        .map_err(|error| EngineError::encode(format!("libwebp: {error:?}")))?;
    Ok(file.to_vec())
}
