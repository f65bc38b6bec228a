//! GIF: the first frame on its canvas, the rest of the canvas transparent.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;

use super::{Decoded, EngineError, Format, Limits, Orientation, of_image, read_pixels};
use crate::engine::raster::Layout;

pub(super) fn decode(source: &[u8], limits: &Limits) -> Result<Decoded, EngineError> {
    let decoder =
        GifDecoder::new(Cursor::new(source)).map_err(|error| of_image(Format::Gif, error))?;
    let raster = read_pixels(decoder, Format::Gif, limits)?;
    debug_assert_eq!(raster.layout, Layout::Rgba);
    // GIF knows neither orientation nor, in practice, profiles.
    Ok(Decoded::whole(raster, Orientation::Upright, None))
}
