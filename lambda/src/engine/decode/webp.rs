//! WebP, lossy and lossless; of an animation the first frame.

use std::io::Cursor;

use image::ImageDecoder;
use image::codecs::webp::WebPDecoder;

use super::{Decoded, EngineError, Format, Limits, Orientation, of_image, read_pixels};

/// Source: <https://developers.google.com/speed/webp/docs/riff_container>
const RIFF_HEADER: usize = 12;

pub(super) fn decode(source: &[u8], limits: &Limits) -> Result<Decoded, EngineError> {
    let mut decoder =
        WebPDecoder::new(Cursor::new(source)).map_err(|error| of_image(Format::WebP, error))?;
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
    let raster = read_pixels(decoder, Format::WebP, limits)?;
    let lossless = is_lossless(source);
    Ok(Decoded {
        lossless,
        ..Decoded::whole(raster, orientation, icc)
    })
}

/// Whether the first picture in the file is a lossless one (`VP8L`).
fn is_lossless(source: &[u8]) -> bool {
    let mut rest = source.get(RIFF_HEADER..).unwrap_or_default();
    while let Some((head, body)) = rest.split_first_chunk::<8>() {
        let [k0, k1, k2, k3, length @ ..] = *head;
        let length = u32::from_le_bytes(length) as usize;
        match &[k0, k1, k2, k3] {
            b"VP8L" => return true,
            b"VP8 " => return false,
            // A frame of an animation: 16 bytes of its own, then chunks again.
            b"ANMF" => rest = body.get(16..).unwrap_or_default(),
            _ => {
                let padded = length.saturating_add(length & 1);
                rest = body.get(padded..).unwrap_or_default();
            }
        }
    }
    false
}
