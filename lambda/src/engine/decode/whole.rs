//! GIF, BMP, ICO, QOI and TIFF: what `image` reads, which holds the picture whole.
//!
//! The header is judged before `image` builds anything, since its `DynamicImage::from_decoder` sets no
//! limits and a failed allocation is an abort that nobody catches.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::ico::IcoDecoder;
use image::codecs::qoi::QoiDecoder;
use image::codecs::tiff::TiffDecoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult};

use super::{
    Decoded, EngineError, Format, Limits, Orientation, Raster, Task, check_memory, check_size,
    frames, in_srgb, shrunk, tiff,
};

pub(super) fn decode(
    format: Format,
    source: &[u8],
    task: &Task<'_>,
) -> Result<Decoded, EngineError> {
    let limits = task.limits();
    match format {
        Format::Bmp => check_bmp(source, limits)?,
        Format::Tiff => tiff::check(source)?,
        _ => {}
    }
    let file = Cursor::new(source);
    let opened = match format {
        Format::Gif => boxed(GifDecoder::new(file)),
        Format::Bmp => boxed(BmpDecoder::new(file)),
        Format::Ico => boxed(IcoDecoder::new(file)),
        Format::Qoi => boxed(QoiDecoder::new(file)),
        _ => boxed(TiffDecoder::new(file)),
    };
    let mut decoder = opened.map_err(|error| of_image(format, error))?;
    let icc = icc(decoder.as_mut(), limits);
    let mut raster = read(decoder, format, limits)?;
    if format == Format::Tiff {
        raster = tiff::separate_alpha(source, raster);
    }
    let orientation = match format {
        // The whole file is the structure that EXIF has borrowed.
        Format::Tiff => Orientation::of_exif(source),
        _ => Orientation::Upright,
    };
    let stored = (raster.width, raster.height);
    let rasters = shrunk(&raster, &task.placements(orientation, stored)?)?;
    drop(raster);
    let mut notes = Vec::new();
    Ok(Decoded {
        pictures: in_srgb(icc.as_deref(), rasters, &mut notes),
        stored,
        orientation,
        lossless: true,
        animated: format == Format::Gif && frames::more_than_one(source),
        share: 1.0,
        notes,
    })
}

fn boxed<'a>(
    decoder: ImageResult<impl ImageDecoder + 'a>,
) -> ImageResult<Box<dyn ImageDecoder + 'a>> {
    decoder.map(|decoder| Box::new(decoder) as _)
}

/// Refuses a BMP for its size: its decoder takes a size that no file has for a broken one.
///
/// Source: <https://learn.microsoft.com/windows/win32/api/wingdi/ns-wingdi-bitmapinfoheader>
fn check_bmp(source: &[u8], limits: &Limits) -> Result<(), EngineError> {
    // Of two sides; the old header has four bytes for both.
    match source.get(14..26) {
        Some(&[header, _, _, _, w0, w1, w2, w3, h0, h1, h2, h3]) if header != 12 => {
            let width = i32::from_le_bytes([w0, w1, w2, w3]);
            // From the top down, it is less than nothing.
            let height = i32::from_le_bytes([h0, h1, h2, h3]).unsigned_abs();
            u32::try_from(width).map_or(Ok(()), |width| check_size(width, height, limits))
        }
        _ => Ok(()),
    }
}

/// The profile, if it is of a size that is taken. It is a copy of bytes in the file.
fn icc(decoder: &mut dyn ImageDecoder, limits: &Limits) -> Option<Vec<u8>> {
    let icc = decoder.icc_profile().ok().flatten();
    icc.filter(|icc| icc.len() <= limits.max_icc_bytes)
}

/// The pixels behind a decoder, once its header has passed.
fn read(
    mut decoder: Box<dyn ImageDecoder + '_>,
    format: Format,
    limits: &Limits,
) -> Result<Raster, EngineError> {
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    check_memory(decoder.total_bytes(), limits)?;
    decoder
        .set_limits(image_limits(limits))
        .map_err(|error| of_image(format, error))?;
    let image = DynamicImage::from_decoder(decoder).map_err(|error| of_image(format, error))?;
    Ok(Raster::of_dynamic(image))
}

/// Our limits in `image`'s terms; its buffers beside the pixels (a GIF frame larger than its canvas) count alone.
fn image_limits(limits: &Limits) -> image::Limits {
    let mut theirs = image::Limits::default();
    theirs.max_image_width = Some(limits.max_side);
    theirs.max_image_height = Some(limits.max_side);
    theirs.max_alloc = Some(limits.max_decoded_bytes);
    theirs
}

/// An error of `image` under our names.
fn of_image(format: Format, error: ImageError) -> EngineError {
    match error {
        ImageError::Limits(cause) => EngineError::TooLarge(format!(
            "the {format} needs more memory than is taken: {cause}"
        )),
        ImageError::Unsupported(cause) => EngineError::Unsupported(format!(
            "the {format} uses a part of its format that is not supported: {cause}"
        )),
        cause => EngineError::corrupt_by(format!("the {format} cannot be decoded"), cause),
    }
}
