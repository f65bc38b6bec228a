//! WebP by libwebp: `image` writes lossless WebP only, which is for drawings and not for photos.

use libwebp::{Coding, Layout as Pixels};

use super::{EngineError, Layout, Raster};

pub(super) fn encode(raster: Raster, quality: u8, lossless: bool) -> Result<Vec<u8>, EngineError> {
    let raster = raster.into_color();
    let layout = if raster.layout == Layout::Rgba {
        Pixels::Rgba
    } else {
        Pixels::Rgb
    };
    let quality = f32::from(quality);
    let coding = if lossless {
        Coding::Lossless { effort: quality }
    } else {
        Coding::Lossy { quality }
    };
    let size = (raster.width, raster.height);
    libwebp::encode(&raster.pixels, layout, size, coding).map_err(EngineError::encode)
}
