//! JPEG, decoded into the size of its result.
//!
//! The picture stays in the planes that the file has, and is never whole in memory at a larger size than
//! the result's: each plane is decoded at as few eighths of its size as still show every detail, and
//! [shrunk](shrink) while its rows arrive.

mod axis;
mod light;
mod shrink;

use ::jpeg::{Color, Decoder, Eighths, Error, Options, Shape};

use super::{Bounds, Decoded, EngineError, Format, Limits, Orientation, check_memory, check_size};
use crate::engine::picture::{Picture, YCbCr};
use crate::engine::raster::Raster;
use axis::{Axis, Target};
use shrink::{Plane, Shrinking};

/// Segments in a file, of which a photo with a large profile and previews has some hundreds. 64 MB hold
/// sixteen million empty ones, each of which would be read.
const MAX_SEGMENTS: u32 = 10_000;

pub(super) fn decode(
    source: &[u8],
    bounds: Bounds,
    limits: &Limits,
) -> Result<Decoded, EngineError> {
    let decoder = Decoder::new(source, &decoder_limits(limits)).map_err(of_decoder)?;
    let header = decoder.header();
    let stored = (header.frame.width, header.frame.height);
    check_size(stored.0, stored.1, limits)?;
    let orientation = header
        .exif
        .map_or(Orientation::Upright, Orientation::of_exif);
    let target = bounds.fit_stored(orientation, stored);

    let mut eighths = Vec::new();
    let mut axes = Vec::new();
    for index in 0..header.frame.components.len() {
        let half = header.color == Color::YCbCr && index > 0;
        let size = decoded_size(&decoder, index, target, half);
        let Some(shape) = decoder.shape(index, size) else {
            return Err(EngineError::corrupt("the JPEG lacks a component"));
        };
        eighths.push(size);
        axes.push(axes_of(shape, target, half, orientation));
    }
    let bytes = axes.iter().map(|(across, down)| Plane::bytes(across, down));
    check_memory(bytes.sum(), limits)?;

    let planes = axes
        .into_iter()
        .map(|(across, down)| Plane::new(across, down));
    let mut shrinking = Shrinking(planes.collect());
    decoder
        .decode(&eighths, Options::default(), &mut shrinking)
        .map_err(of_decoder)?;
    let planes: Vec<Raster> = shrinking
        .0
        .into_iter()
        .map(Plane::finish)
        .collect::<Result<_, _>>()?;
    Ok(Decoded {
        picture: picture(header.color, planes)?,
        stored_width: stored.0,
        stored_height: stored.1,
        orientation,
        icc: header.icc.clone(),
        lossless: false,
    })
}

/// The size of a plane in the result. The result has half as much chroma as luma in each direction.
fn plane_target((width, height): (u32, u32), half: bool) -> (u32, u32) {
    if half {
        (width.div_ceil(2), height.div_ceil(2))
    } else {
        (width, height)
    }
}

/// At how many eighths a plane is decoded for a result of the size `target`.
fn decoded_size(decoder: &Decoder<'_>, index: usize, target: (u32, u32), half: bool) -> Eighths {
    let components = &decoder.header().frame.components;
    components.get(index).map_or(Eighths::ALL, |component| {
        Eighths::for_target(component.size, plane_target(target, half))
    })
}

fn axes_of(shape: Shape, target: (u32, u32), half: bool, orientation: Orientation) -> (Axis, Axis) {
    let (width, height) = plane_target(target, half);
    let (across, down) = orientation.reverses();
    let axis = |samples, covered, whole: u32, plane: u32, reversed| {
        let target = Target {
            samples: plane as usize,
            overhangs: half && whole % 2 == 1,
            reversed,
        };
        Axis::new(samples, covered, target)
    };
    (
        axis(shape.width, shape.covered.0, target.0, width, across),
        axis(shape.height, shape.covered.1, target.1, height, down),
    )
}

/// What the planes are a picture of.
fn picture(color: Color, planes: Vec<Raster>) -> Result<Picture, EngineError> {
    let lacking = |_| EngineError::corrupt("the JPEG lacks a component");
    Ok(match color {
        Color::Gray => {
            let [gray] = planes.try_into().map_err(lacking)?;
            Picture::Raster(gray)
        }
        Color::YCbCr => {
            let [luma, blue, red] = planes.try_into().map_err(lacking)?;
            Picture::YCbCr(YCbCr {
                luma,
                chroma: [blue, red],
            })
        }
        Color::Rgb => Picture::Raster(light::of_rgb(&planes.try_into().map_err(lacking)?)?),
        Color::Cmyk => Picture::Raster(light::of_cmyk(&planes.try_into().map_err(lacking)?)?),
        Color::Ycck => Picture::Raster(light::of_ycck(&planes.try_into().map_err(lacking)?)?),
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
