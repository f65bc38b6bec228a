//! WebP, lossy and lossless; of an animation the first frame.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder};

use super::{
    Decoded, EngineError, Format, Limits, Orientation, Task, check_memory, check_size, in_srgb,
    shrunk,
};
use crate::engine::raster::Raster;

/// Source: <https://developers.google.com/speed/webp/docs/riff_container>
const RIFF_HEADER: usize = 12;
/// What a frame of an animation has before its chunks.
const FRAME_HEADER: usize = 16;

pub(super) fn decode(source: &[u8], task: &Task<'_>) -> Result<Decoded, EngineError> {
    let limits = task.limits();
    let lossless = check_pictures(source, limits)?;
    let broken =
        |error| EngineError::corrupt_by(format!("the {} cannot be decoded", Format::WebP), error);
    let mut decoder = WebPDecoder::new(Cursor::new(source)).map_err(broken)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height, limits)?;
    let beside = u64::from(width) * u64::from(height) * halves_beside(&decoder, lossless) / 2;
    check_memory(decoder.total_bytes().saturating_add(beside), limits)?;
    // Both are copies of bytes that are in the file: they cannot be larger than it.
    let orientation = match decoder.exif_metadata() {
        Ok(Some(exif)) => Orientation::of_exif(&exif),
        _ => Orientation::Upright,
    };
    let icc = decoder
        .icc_profile()
        .ok()
        .flatten()
        .filter(|icc| icc.len() <= limits.max_icc_bytes);
    let animated = decoder.has_animation();
    let raster = Raster::of_dynamic(DynamicImage::from_decoder(decoder).map_err(broken)?);
    let placements = task.placements(orientation, (width, height))?;
    let rasters = shrunk(&raster, &placements)?;
    let mut notes = Vec::new();
    Ok(Decoded {
        pictures: in_srgb(icc.as_deref(), rasters, &mut notes),
        stored: (width, height),
        orientation,
        lossless,
        animated,
        share: 1.0,
        notes,
    })
}

/// Half bytes for each pixel that the decoder holds beside its result: the planes of a lossy picture,
/// the alpha of one and its index, a lossless picture with an alpha that is thrown away.
fn halves_beside(decoder: &impl ImageDecoder, lossless: bool) -> u64 {
    match (lossless, decoder.color_type().has_alpha()) {
        (true, true) => 0,
        (true, false) => 8,
        (false, true) => 3 + 10,
        (false, false) => 3,
    }
}

/// What the header of a picture in the file says.
struct Picture {
    lossless: bool,
    width: u32,
    height: u32,
}

/// Refuses a file for the size of any picture in it, those in the frames of an animation included: the
/// decoder compares a picture with the canvas only when it has decoded it. Returns whether the first
/// picture is lossless.
fn check_pictures(source: &[u8], limits: &Limits) -> Result<bool, EngineError> {
    let mut lossless = None;
    let mut check = |kind, body| match picture(kind, body) {
        Some(picture) => {
            lossless.get_or_insert(picture.lossless);
            check_size(picture.width, picture.height, limits)
        }
        None => Ok(()),
    };
    let mut rest = source.get(RIFF_HEADER..).unwrap_or_default();
    while let Some((kind, body, next)) = chunk(rest) {
        check(kind, body)?;
        if kind == *b"ANMF" {
            let mut frame = body.get(FRAME_HEADER..).unwrap_or_default();
            // A picture, or its alpha and then the picture: no decoder reads further.
            for _ in 0..2 {
                let Some((kind, body, next)) = chunk(frame) else {
                    break;
                };
                check(kind, body)?;
                frame = next;
            }
        }
        rest = next;
    }
    Ok(lossless.unwrap_or(false))
}

/// The first chunk: its kind, everything from its body on, and what follows it.
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let (head, body) = bytes.split_first_chunk::<8>()?;
    let [k0, k1, k2, k3, length @ ..] = *head;
    let length = u32::from_le_bytes(length) as usize;
    let next = body.get(length.saturating_add(length & 1)..);
    Some(([k0, k1, k2, k3], body, next.unwrap_or_default()))
}

/// Sources: <https://www.rfc-editor.org/rfc/rfc6386#section-9.1> (`VP8 `, 14 bits a side behind a tag and
/// a start code), <https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification>
/// (`VP8L`, 14 bits less one a side behind a signature)
fn picture(kind: [u8; 4], body: &[u8]) -> Option<Picture> {
    match &kind {
        b"VP8 " => {
            let &[w0, w1, h0, h1] = body.get(6..)?.first_chunk()?;
            Some(Picture {
                lossless: false,
                width: u32::from(u16::from_le_bytes([w0, w1]) & 0x3FFF),
                height: u32::from(u16::from_le_bytes([h0, h1]) & 0x3FFF),
            })
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(*body.get(1..)?.first_chunk()?);
            Some(Picture {
                lossless: true,
                width: (bits & 0x3FFF) + 1,
                height: (bits >> 14 & 0x3FFF) + 1,
            })
        }
        _ => None,
    }
}
