//! WebP by libwebp: `image` writes lossless WebP only, which is for drawings and not for photos.

use libwebp::{Coding, Layout as Pixels};

use super::{EngineError, Layout, QUALITY, Raster};

/// In the first byte of `VP8X`: the file has a profile, and it has alpha.
const HAS_ICC: u8 = 1 << 5;
const HAS_ALPHA: u8 = 1 << 4;

pub(super) fn encode(
    raster: Raster,
    icc: Option<Vec<u8>>,
    lossless: bool,
) -> Result<Vec<u8>, EngineError> {
    let raster = raster.into_color();
    let layout = if raster.layout == Layout::Rgba {
        Pixels::Rgba
    } else {
        Pixels::Rgb
    };
    let quality = f32::from(QUALITY);
    let coding = if lossless {
        Coding::Lossless { effort: quality }
    } else {
        Coding::Lossy { quality }
    };
    let size = (raster.width, raster.height);
    let file =
        libwebp::encode(&raster.pixels, layout, size, coding).map_err(EngineError::encode)?;
    match icc {
        Some(icc) => with_profile(&file, &icc, &raster),
        None => Ok(file),
    }
}

/// Adds a profile. It needs the extended layout: `VP8X`, `ICCP`, then the picture's own chunks.
///
/// Source: <https://developers.google.com/speed/webp/docs/riff_container#extended_file_format>
fn with_profile(file: &[u8], icc: &[u8], raster: &Raster) -> Result<Vec<u8>, EngineError> {
    const RIFF_HEADER: usize = 12;
    const VP8X_CHUNK: usize = 18;
    let mut picture = file.get(RIFF_HEADER..).unwrap_or_default();
    // libwebp writes the extended layout itself when a lossy picture has alpha.
    if picture.starts_with(b"VP8X") {
        picture = picture.get(VP8X_CHUNK..).unwrap_or_default();
    }
    let flags = HAS_ICC
        | if raster.layout.has_alpha() {
            HAS_ALPHA
        } else {
            0
        };
    let mut body = b"WEBP".to_vec();
    let mut extended = vec![flags, 0, 0, 0];
    extended.extend_from_slice(&(raster.width - 1).to_le_bytes()[..3]);
    extended.extend_from_slice(&(raster.height - 1).to_le_bytes()[..3]);
    chunk(&mut body, *b"VP8X", &extended)?;
    chunk(&mut body, *b"ICCP", icc)?;
    body.extend_from_slice(picture);

    let mut whole = Vec::with_capacity(body.len() + 8);
    chunk(&mut whole, *b"RIFF", &body)?;
    Ok(whole)
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Result<(), EngineError> {
    file.extend_from_slice(&name);
    file.extend_from_slice(
        &u32::try_from(data.len())
            .map_err(EngineError::encode)?
            .to_le_bytes(),
    );
    file.extend_from_slice(data);
    if data.len() % 2 == 1 {
        file.push(0);
    }
    Ok(())
}
