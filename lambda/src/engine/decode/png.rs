//! PNG.
//!
//! Only the chunks that make the picture reach the decoder. The others are text, profiles and
//! animations, some compressed: 261 KB of `iCCP` can inflate to 256 MB.

use std::io::{Cursor, Read};

use image::codecs::png::PngDecoder;

use super::{
    Decoded, EngineError, Format, Limits, Orientation, image_limits, of_image, read_pixels,
};

const SIGNATURE: usize = 8;

pub(super) fn decode(source: &[u8], limits: &Limits) -> Result<Decoded, EngineError> {
    let chunks = Chunks::read(source, limits);
    let decoder =
        PngDecoder::with_limits(Cursor::new(chunks.picture.as_slice()), image_limits(limits))
            .map_err(|error| of_image(Format::Png, error))?;
    let raster = read_pixels(decoder, Format::Png, limits)?;
    Ok(Decoded::whole(raster, chunks.orientation, chunks.icc))
}

/// The chunks of a PNG, sorted by use.
struct Chunks {
    /// A PNG with the critical chunks and the transparency.
    picture: Vec<u8>,
    orientation: Orientation,
    icc: Option<Vec<u8>>,
}

impl Chunks {
    /// Reads up to `IEND` or to where the file breaks off; the decoder then finds what is missing.
    fn read(source: &[u8], limits: &Limits) -> Self {
        let mut found = Self {
            picture: source[..SIGNATURE].to_vec(),
            orientation: Orientation::Upright,
            icc: None,
        };
        let mut rest = &source[SIGNATURE..];
        while let Some((head, _)) = rest.split_first_chunk::<8>() {
            let [l3, l2, l1, l0, kind @ ..] = *head;
            let length = u32::from_be_bytes([l3, l2, l1, l0]) as usize;
            let whole = rest.len().min(length.saturating_add(12));
            let data = &rest[8..whole.saturating_sub(4).max(8)];
            match &kind {
                b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => {
                    found.picture.extend_from_slice(&rest[..whole]);
                }
                b"eXIf" => found.orientation = Orientation::of_exif(data),
                b"iCCP" if found.icc.is_none() => found.icc = profile(data, limits.max_icc_bytes),
                _ => {}
            }
            rest = &rest[whole..];
            if &kind == b"IEND" {
                break;
            }
        }
        found
    }
}

/// The profile in an `iCCP` chunk: a name, a zero, the method 0, and zlib data, inflated no further
/// than `max_bytes`.
///
/// Source: <https://www.w3.org/TR/png-3/#11iCCP>
fn profile(data: &[u8], max_bytes: usize) -> Option<Vec<u8>> {
    let name = data.iter().take(80).position(|&byte| byte == 0)?;
    let compressed = data.get(name + 1..)?.strip_prefix(&[0])?;
    let mut profile = Vec::new();
    let limit = u64::try_from(max_bytes).ok()?.saturating_add(1);
    flate2::read::ZlibDecoder::new(compressed)
        .take(limit)
        .read_to_end(&mut profile)
        .ok()?;
    (profile.len() <= max_bytes).then_some(profile)
}
