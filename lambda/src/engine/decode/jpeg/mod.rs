//! JPEG.
//!
//! `image` decodes JPEG leniently without a switch: of a file cut to a quarter it makes a picture that
//! is mostly gray. So this module reads the file's [structure](structure) itself, judges it, and hands
//! `jpeg-decoder` a copy in which missing data is an error. That decoder can also stop at an eighth, a
//! quarter or a half of the size, which is most of the time saved on a photo.

mod cmyk;
mod structure;

use jpeg_decoder::{Decoder, PixelFormat};

use super::{Bounds, Decoded, EngineError, Format, Limits, Orientation, check_memory, check_size};
use crate::engine::raster::{Layout, Raster};
use structure::Structure;

/// A photo is decoded at the smallest fraction that leaves this many pixels for each pixel of the
/// result. Below 1.35 the result loses detail that can be measured; above, it only takes longer.
const OVERSAMPLING: f64 = 1.35;

pub(super) fn decode(
    source: &[u8],
    bounds: Bounds,
    limits: &Limits,
) -> Result<Decoded, EngineError> {
    let structure = Structure::read(source, limits)?;
    let (width, height) = (u32::from(structure.width), u32::from(structure.height));
    check_size(width, height, limits)?;
    check_work(&structure, limits)?;

    let orientation = structure
        .exif
        .map_or(Orientation::Upright, Orientation::of_exif);
    let (target_width, target_height) = bounds.fit_stored(orientation, (width, height));

    let entropy = structure.for_decoder(source);
    let mut decoder = Decoder::new(entropy.as_slice());
    let limit = usize::try_from(limits.max_decoded_bytes).unwrap_or(usize::MAX);
    decoder.set_max_decoding_buffer_size(limit);
    let (raster_width, raster_height) = decoder
        .scale(oversampled(target_width), oversampled(target_height))
        .map_err(of_decoder)?;
    check_memory(memory(&structure, (raster_width, raster_height)), limits)?;
    let layout = decoder.info().map(|info| info.pixel_format);
    let pixels = decoder.decode().map_err(of_decoder)?;
    let (layout, pixels) = match layout {
        Some(PixelFormat::L8) => (Layout::Gray, pixels),
        Some(PixelFormat::RGB24) => (Layout::Rgb, pixels),
        Some(PixelFormat::CMYK32) => (Layout::Rgb, cmyk::into_rgb(pixels)),
        Some(PixelFormat::L16) | None => {
            return Err(EngineError::Unsupported(
                "a JPEG of 16 bits a sample".to_owned(),
            ));
        }
    };
    let raster = Raster {
        width: u32::from(raster_width),
        height: u32::from(raster_height),
        layout,
        pixels,
    };
    Ok(Decoded {
        extent: (extent(width, raster.width), extent(height, raster.height)),
        raster,
        stored_width: width,
        stored_height: height,
        orientation,
        icc: structure.icc,
        lossless: false,
    })
}

/// How much of the raster's side the picture covers: a width of 1001 decoded at a quarter is 251
/// columns for 250.25.
fn extent(stored: u32, decoded: u32) -> f64 {
    [1.0, 2.0, 4.0, 8.0]
        .into_iter()
        .find(|eighths| (f64::from(stored) * eighths / 8.0).ceil() >= f64::from(decoded))
        .map_or(f64::from(decoded), |eighths| {
            (f64::from(stored) * eighths / 8.0).min(f64::from(decoded))
        })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes an integer by saturation, and a request above 65,535 means full size"
)]
fn oversampled(target: u32) -> u16 {
    (f64::from(target) * OVERSAMPLING).ceil() as u16
}

/// Refuses what would take too much time, by the frame header and the number of scans, each of which may pass over all blocks.
fn check_work(structure: &Structure, limits: &Limits) -> Result<(), EngineError> {
    let scans = structure.scan_ends.len();
    let visits = structure.blocks().saturating_mul(scans as u64);
    if visits > limits.max_jpeg_block_visits {
        return Err(EngineError::TooLarge(format!(
            "the JPEG's {scans} scans visit {visits} blocks; at most {} are taken",
            limits.max_jpeg_block_visits
        )));
    }
    Ok(())
}

/// What decoding takes: the planes and the picture at the decoded size, and of a progressive JPEG every
/// coefficient at full size.
fn memory(structure: &Structure, (width, height): (u16, u16)) -> u64 {
    let picture = u64::from(width) * u64::from(height) * structure.components.len() as u64;
    let coefficients = if structure.progressive {
        structure.blocks().saturating_mul(128)
    } else {
        0
    };
    picture.saturating_mul(2).saturating_add(coefficients)
}

fn of_decoder(error: jpeg_decoder::Error) -> EngineError {
    match error {
        jpeg_decoder::Error::Unsupported(what) => EngineError::Unsupported(format!(
            "the {} uses a part of its format that is not supported: {what:?}",
            Format::Jpeg
        )),
        cause => EngineError::corrupt_by(
            "the JPEG breaks off or contradicts itself; part of the picture is missing",
            cause,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extent_is_the_exact_fraction() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(extent(1001, 251), 250.25));
        assert!(close(extent(1001, 501), 500.5));
        assert!(close(extent(1001, 126), 125.125));
        assert!(close(extent(1001, 1001), 1001.0));
        assert!(close(extent(4032, 1008), 1008.0));
        assert!(close(extent(1, 1), 0.125));
    }
}
