//! The engine's stages one by one, for `cargo bench`. Nothing else may use them: how they are cut is the
//! engine's own affair.

use super::decode::{self, Task};
use super::encode;
use super::error::EngineError;
use super::output::{Options, Output};
use super::picture::Picture;
use crate::format::Format;

/// A picture in the size of its result, as it is stored.
#[derive(Clone)]
pub struct Small(Picture);

/// The first stage: a picture is decoded and shrunk at once.
///
/// # Errors
///
/// What [`resize`](super::resize) refuses.
pub fn decode(source: &[u8], format: Format, output: Output) -> Result<Small, EngineError> {
    let task = Task {
        outputs: &[output],
        options: &Options::default(),
    };
    let mut decoded = decode::decode(format, source, &task)?;
    Ok(Small(decoded.pictures.remove(0)))
}

/// The second stage.
///
/// # Errors
///
/// None that a resized picture gives.
pub fn encode(small: Small, format: Format) -> Result<Vec<u8>, EngineError> {
    encode::encode(format, small.0, &Output::default(), false)
}
