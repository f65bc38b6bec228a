//! From a file's bytes to pictures in the sizes of their results. Every decoder here follows the same order:
//! sizes from the header, limits, then memory.

mod avif;
mod frames;
mod jpeg;
mod png;
mod tiff;
mod webp;
mod whole;

use super::color::Conversion;
use super::error::EngineError;
use super::fit::Placement;
use super::limits::Limits;
use super::orientation::Orientation;
use super::output::{Options, Output};
use super::picture::Picture;
use super::raster::Raster;
use super::shrink::Shrink;
use crate::format::Format;

/// What to decode for.
pub(super) struct Task<'a> {
    pub(super) outputs: &'a [Output],
    pub(super) options: &'a Options,
}

impl Task<'_> {
    fn limits(&self) -> &Limits {
        &self.options.limits
    }

    /// Where the picture goes in each result, as it is stored. Refuses more than the memory of results is for.
    fn placements(
        &self,
        orientation: Orientation,
        stored: (u32, u32),
    ) -> Result<Vec<Placement>, EngineError> {
        let upright = orientation.turn(stored);
        let place = |output: &Output| {
            Placement::new(output.fit, output.bounds, upright).stored(orientation)
        };
        let placements: Vec<_> = self.outputs.iter().map(place).collect();
        let area = |(width, height)| u64::from(width) * u64::from(height);
        let pixels: u64 = placements.iter().map(|it| area(it.canvas)).sum();
        let max = self.limits().max_result_pixels;
        if pixels > max {
            return Err(EngineError::TooLarge(format!(
                "what is asked for has {pixels} pixels in all; at most {max} are made: ask for less"
            )));
        }
        Ok(placements)
    }
}

/// A decoded picture in the size of each result, not yet turned upright.
pub(super) struct Decoded {
    pub(super) pictures: Vec<Picture>,
    /// Size in the file, in pixels.
    pub(super) stored: (u32, u32),
    pub(super) orientation: Orientation,
    /// Whether the file kept every pixel exactly; only WebP leaves the choice.
    pub(super) lossless: bool,
    /// Whether the file has further pictures.
    pub(super) animated: bool,
    /// How much of the picture was there, 0 to 1.
    pub(super) share: f64,
    pub(super) notes: Vec<String>,
}

/// Decodes a file of a known format.
pub(super) fn decode(
    format: Format,
    source: &[u8],
    task: &Task<'_>,
) -> Result<Decoded, EngineError> {
    match format {
        Format::Jpeg => jpeg::decode(source, task),
        Format::Png => png::decode(source, task),
        Format::WebP => webp::decode(source, task),
        Format::Avif => avif::decode(source, task),
        Format::Gif | Format::Bmp | Format::Ico | Format::Qoi | Format::Tiff => {
            whole::decode(format, source, task)
        }
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

/// A picture that is whole in memory, in the size of each result.
fn shrunk(raster: &Raster, placements: &[Placement]) -> Result<Vec<Raster>, EngineError> {
    let row = raster.width as usize * raster.layout.channels();
    let shrink = |placement| {
        let size = (raster.width, raster.height);
        let mut shrink = Shrink::of_picture(raster.layout, size, placement);
        shrink.take(raster.pixels.chunks(row))?;
        shrink.finish(0)
    };
    placements.iter().map(shrink).collect()
}

/// Pictures in sRGB, and a note if their profile is of no use.
fn in_srgb(icc: Option<&[u8]>, rasters: Vec<Raster>, notes: &mut Vec<String>) -> Vec<Picture> {
    let model = rasters.first().map(|raster| raster.layout.into());
    let conversion = icc
        .zip(model)
        .and_then(|(icc, model)| noted(Conversion::of(icc, model), notes));
    let convert = |raster| match &conversion {
        Some(conversion) => conversion.apply(raster),
        None => raster,
    };
    rasters
        .into_iter()
        .map(convert)
        .map(Picture::Raster)
        .collect()
}

/// The conversion, or a note why there is none.
fn noted(
    conversion: Result<Option<Conversion>, String>,
    notes: &mut Vec<String>,
) -> Option<Conversion> {
    conversion.unwrap_or_else(|reason| {
        notes.push(format!("the ICC profile is left out: {reason}"));
        None
    })
}
