//! JPEG, decoded into the sizes of its results.
//!
//! The picture stays in the planes that the file has, and is never whole in memory at a larger size than
//! the results': each plane is decoded at as few eighths of its size as still show every detail, and
//! [shrunk](crate::engine::shrink) while its rows arrive.

mod light;
mod planes;

use ::jpeg::{Color, Decoder, Error};

use super::{
    Decoded, EngineError, Format, Limits, Orientation, Task, check_memory, check_size, noted,
};
use crate::engine::color::{Conversion, Model};
use crate::engine::picture::Picture;
use crate::engine::raster::Raster;
use planes::{All, Finished, Planes, eighths};

/// Segments in a file, of which a photo with a large profile and previews has some hundreds. 64 MB hold
/// sixteen million empty ones, each of which would be read.
const MAX_SEGMENTS: u32 = 10_000;

pub(super) fn decode(source: &[u8], task: &Task<'_>) -> Result<Decoded, EngineError> {
    let limits = task.limits();
    let decoder = Decoder::new(source, &decoder_limits(limits)).map_err(of_decoder)?;
    let header = decoder.header();
    let stored = (header.frame.width, header.frame.height);
    check_size(stored.0, stored.1, limits)?;
    let orientation = header
        .exif
        .map_or(Orientation::Upright, Orientation::of_exif);
    let mut notes = Vec::new();
    let model = match header.color {
        Color::Gray => Model::Gray,
        Color::YCbCr | Color::Rgb => Model::Rgb,
        Color::Cmyk | Color::Ycck => Model::Cmyk,
    };
    let icc = header.icc.as_deref();
    let conversion = icc.and_then(|icc| noted(Conversion::of(icc, model), &mut notes));

    let placements = task.placements(orientation, stored)?;
    let mut wanted: Vec<_> = task
        .outputs
        .iter()
        .zip(placements)
        .map(|(output, placement)| {
            // From a JPEG to a JPEG planes stay planes if no pixel has to be looked at.
            let written = output.format.unwrap_or(Format::Jpeg) == Format::Jpeg
                && matches!(header.color, Color::Gray | Color::YCbCr)
                && conversion.is_none()
                && placement.size == placement.canvas;
            Planes::new(placement, written)
        })
        .collect();
    let eighths = eighths(&decoder, &wanted);
    for planes in &mut wanted {
        planes.begin(&decoder, &eighths, orientation)?;
    }
    check_memory(wanted.iter().map(Planes::bytes).sum(), limits)?;

    let options = ::jpeg::Options {
        allow_truncated: task.options.allow_truncated,
    };
    let mut all = All::new(&mut wanted);
    let outcome = decoder
        .decode(&eighths, options, &mut all)
        .map_err(of_decoder)?;
    all.done()?;
    let pictures = wanted.into_iter().map(|planes| match planes.finish()? {
        Finished::Written(planes) => Ok(Picture::YCbCr(planes)),
        Finished::Planes(planes) => {
            picture(header.color, planes, conversion.as_ref()).map(Picture::Raster)
        }
    });
    Ok(Decoded {
        pictures: pictures.collect::<Result<_, _>>()?,
        stored,
        orientation,
        lossless: false,
        animated: false,
        share: outcome.share,
        notes,
    })
}

/// What the planes are a picture of.
fn picture(
    color: Color,
    planes: Vec<Raster>,
    conversion: Option<&Conversion>,
) -> Result<Raster, EngineError> {
    fn exactly<const N: usize>(planes: Vec<Raster>) -> Result<[Raster; N], EngineError> {
        planes
            .try_into()
            .map_err(|_| EngineError::corrupt("the JPEG lacks a component"))
    }
    Ok(match color {
        Color::Cmyk => light::of_cmyk(&exactly(planes)?, conversion)?,
        Color::Ycck => light::of_ycck(&exactly(planes)?, conversion)?,
        light => {
            let raster = match light {
                Color::Gray => {
                    let [gray] = exactly(planes)?;
                    gray
                }
                Color::Rgb => light::of_rgb(&exactly(planes)?)?,
                _ => light::of_ycbcr(&exactly(planes)?)?,
            };
            match conversion {
                Some(conversion) => conversion.apply(raster),
                None => raster,
            }
        }
    })
}

/// Our limits in the decoder's terms.
fn decoder_limits(limits: &Limits) -> ::jpeg::Limits {
    ::jpeg::Limits {
        max_pixels: limits.max_pixels,
        max_scans: u32::try_from(limits.max_jpeg_scans).unwrap_or(u32::MAX),
        max_block_visits: limits.max_jpeg_block_visits,
        max_segments: MAX_SEGMENTS,
        max_coefficient_bytes: limits.max_decoded_bytes,
        max_icc_bytes: limits.max_icc_bytes,
    }
}

/// An error of the decoder under our names.
fn of_decoder(error: Error) -> EngineError {
    match error {
        Error::Unsupported { .. } => EngineError::Unsupported(error.to_string()),
        Error::TooLarge { .. } => EngineError::TooLarge(error.to_string()),
        Error::Truncated { .. } => {
            EngineError::corrupt_by(format!("the {} is not whole", Format::Jpeg), error)
        }
        broken => EngineError::corrupt_by(
            format!("the {} breaks off or contradicts itself", Format::Jpeg),
            broken,
        ),
    }
}
