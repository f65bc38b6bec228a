//! The engine's stages one by one, for `cargo bench`. Nothing else may use them: how they are cut is the
//! engine's own affair.

use super::decode::{self, Decoded};
use super::encode;
use super::error::EngineError;
use super::fit::Bounds;
use super::limits::Limits;
use super::raster::Raster;
use super::resize;
use crate::format::Format;

/// A decoded picture.
pub struct Picture(Decoded);

/// A resized picture, turned upright.
#[derive(Clone)]
pub struct Small(Raster);

/// The first stage.
///
/// # Errors
///
/// What [`thumbnail`](super::thumbnail) refuses.
pub fn decode(source: &[u8], format: Format, bounds: Bounds) -> Result<Picture, EngineError> {
    decode::decode(format, source, bounds, &Limits::default()).map(Picture)
}

/// The second stage.
///
/// # Errors
///
/// None that a decoded picture gives.
pub fn resize(picture: Picture, bounds: Bounds) -> Result<Small, EngineError> {
    let Picture(decoded) = picture;
    let stored = (decoded.stored_width, decoded.stored_height);
    let target = bounds.fit_stored(decoded.orientation, stored);
    let small = resize::resize(decoded.raster, decoded.extent, target)?;
    Ok(Small(decoded.orientation.apply(small)))
}

/// The last stage.
///
/// # Errors
///
/// None that a resized picture gives.
pub fn encode(small: Small, format: Format) -> Result<Vec<u8>, EngineError> {
    encode::encode(format, small.0, None, false)
}
