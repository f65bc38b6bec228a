//! PNG, row by row into the sizes of the results.
//!
//! Only the chunks that make the picture reach the decoder. The others are text, profiles and
//! animations, some compressed: 261 KB of `iCCP` can inflate to 256 MB.

mod chunks;
mod row;

use png::{
    ColorType, Decoder, DecodingError, Info, Reader, Transformations, expand_interlaced_row,
};

use super::{
    Decoded, EngineError, Format, Placement, Raster, Task, check_memory, check_size, in_srgb,
    shrunk,
};
use crate::engine::raster::Layout;
use crate::engine::shrink::Shrink;
use chunks::{Chunks, Picture};
use row::Row;

/// What stands in for pixels that are missing: gray, as a JPEG has it, or nothing.
const fn missing(layout: Layout) -> u8 {
    if layout.has_alpha() { 0 } else { 128 }
}

pub(super) fn decode(source: &[u8], task: &Task<'_>) -> Result<Decoded, EngineError> {
    let limits = task.limits();
    let chunks = Chunks::read(source, limits)?;
    let memory = png::Limits {
        bytes: usize::try_from(limits.max_decoded_bytes).unwrap_or(usize::MAX),
    };
    let mut decoder = Decoder::new_with_limits(chunks.picture, memory);
    // Palettes and fewer than 8 bits become samples of 8 bits, and a transparent colour becomes alpha.
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(broken)?;
    let stored = (header.width, header.height);
    check_size(stored.0, stored.1, limits)?;
    let mut reader = decoder.read_info().map_err(broken)?;
    check_palette(reader.info())?;
    let placements = task.placements(chunks.orientation, stored)?;
    let row = Row::new(reader.output_color_type())?;

    let allow_truncated = task.options.allow_truncated;
    let (rasters, share) = if reader.info().interlaced {
        let (raster, share) = interlaced(&mut reader, row, task)?;
        (shrunk(&raster, &placements)?, share)
    } else {
        let shrinks = placements
            .iter()
            .map(|placement: &Placement| Shrink::of_picture(row.layout(), stored, placement))
            .collect::<Vec<_>>();
        check_memory(shrinks.iter().map(Shrink::bytes).sum(), limits)?;
        straight(&mut reader, row, shrinks, allow_truncated)?
    };
    let mut notes = Vec::new();
    Ok(Decoded {
        pictures: in_srgb(chunks.icc.as_deref(), rasters, &mut notes),
        stored,
        orientation: chunks.orientation,
        lossless: true,
        animated: chunks.animated,
        share,
        notes,
    })
}

/// Refuses a palette that the decoder panics at.
///
/// Source: <https://www.w3.org/TR/png-3/#11PLTE>
fn check_palette(info: &Info<'_>) -> Result<(), EngineError> {
    let bytes = info.palette.as_ref().map_or(0, |palette| palette.len());
    if info.color_type == ColorType::Indexed && (!bytes.is_multiple_of(3) || bytes > 256 * 3) {
        return Err(EngineError::corrupt(format!(
            "the PNG has a palette of {bytes} bytes: it has three for each of at most 256 colours"
        )));
    }
    Ok(())
}

/// Reads row after row, each into the results at once.
fn straight(
    reader: &mut Reader<Picture<'_>>,
    mut row: Row,
    mut shrinks: Vec<Shrink>,
    allow_truncated: bool,
) -> Result<(Vec<Raster>, f64), EngineError> {
    let height = reader.info().height;
    let mut came = 0;
    let share = loop {
        match reader.next_row() {
            Ok(Some(line)) => {
                let pixels = row.in_bytes(line.data());
                for shrink in &mut shrinks {
                    shrink.take(std::iter::once(pixels))?;
                }
                came += 1;
            }
            Ok(None) => break 1.0,
            Err(_) if allow_truncated && came > 0 => break f64::from(came) / f64::from(height),
            Err(error) => return Err(broken(error)),
        }
    };
    let missing = missing(row.layout());
    let rasters = shrinks.into_iter().map(|shrink| shrink.finish(missing));
    Ok((rasters.collect::<Result<_, _>>()?, share))
}

/// Reads seven pictures that make one, which has to be whole in memory for that.
fn interlaced(
    reader: &mut Reader<Picture<'_>>,
    mut row: Row,
    task: &Task<'_>,
) -> Result<(Raster, f64), EngineError> {
    let (width, height) = (reader.info().width, reader.info().height);
    let layout = row.layout();
    let stride = width as usize * layout.channels();
    let bytes = u64::from(width) * u64::from(height) * layout.channels() as u64;
    check_memory(bytes, task.limits())?;
    let mut pixels = vec![missing(layout); stride * height as usize];
    let mut came = 0_u64;
    let share = loop {
        match reader.next_interlaced_row() {
            Ok(Some(line)) => {
                let samples = row.in_bytes(line.data());
                came += samples.len() as u64;
                if let png::InterlaceInfo::Adam7(info) = line.interlace() {
                    let bits = 8 * u8::try_from(layout.channels()).unwrap_or(u8::MAX);
                    expand_interlaced_row(&mut pixels, stride, samples, info, bits);
                }
            }
            Ok(None) => break 1.0,
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            Err(_) if task.options.allow_truncated && came > 0 => break came as f64 / bytes as f64,
            Err(error) => return Err(broken(error)),
        }
    };
    let raster = Raster {
        width,
        height,
        layout,
        pixels,
    };
    Ok((raster, share))
}

/// An error of the decoder under our names.
fn broken(error: DecodingError) -> EngineError {
    match error {
        DecodingError::LimitsExceeded => EngineError::TooLarge(format!(
            "the {} needs more memory than is taken",
            Format::Png
        )),
        cause => EngineError::corrupt_by(format!("the {} cannot be decoded", Format::Png), cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;

    #[test]
    fn palettes_are_of_whole_colors() {
        for (bytes, taken) in [(3, true), (768, true), (1, false), (4, false), (771, false)] {
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, 1, 1);
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(vec![7; bytes]);
            let mut writer = encoder.write_header().expect("in memory");
            writer.write_image_data(&[0]).expect("in memory");
            writer.finish().expect("in memory");
            let task = Task {
                outputs: &[],
                options: &Options::default(),
            };
            let decoded = decode(&file, &task);
            assert_eq!(decoded.is_ok(), taken, "{bytes} bytes");
        }
    }
}
