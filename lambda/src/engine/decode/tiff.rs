//! What `image` makes something else of in a TIFF, without a word.

use super::{EngineError, Raster};
use crate::engine::tags::Tags;

/// Source: <https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf> (section 8; 15, 18 and 19 for
/// tiles, samples beside the colour's and their format)
const BITS_PER_SAMPLE: u16 = 258;
const FILL_ORDER: u16 = 266;
const PLANAR_CONFIGURATION: u16 = 284;
const TILE_WIDTH: u16 = 322;
const EXTRA_SAMPLES: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;

/// Bytes with their bits in reverse.
const REVERSED: u32 = 2;
/// Each channel by itself.
const PLANAR: u32 = 2;
/// Colours that are multiplied by their alpha already.
const ASSOCIATED_ALPHA: u32 = 1;
const FLOATING_POINT: u32 = 3;

/// Refuses what would come out as noise or by a panic.
pub(super) fn check(source: &[u8]) -> Result<(), EngineError> {
    let Some(tags) = Tags::of(source) else {
        return Ok(());
    };
    let is = |tag, value| tags.first(tag) == Some(value);
    let refused = if is(FILL_ORDER, REVERSED) {
        "bytes with their bits in reverse"
    } else if is(PLANAR_CONFIGURATION, PLANAR) && tags.first(TILE_WIDTH).is_some() {
        "tiles of one channel each"
    } else if is(BITS_PER_SAMPLE, 32) && !is(SAMPLE_FORMAT, FLOATING_POINT) {
        "whole numbers of 32 bits"
    } else {
        return Ok(());
    };
    Err(EngineError::Unsupported(format!(
        "the TIFF has {refused}, which is not supported"
    )))
}

/// The picture with its alpha beside its colours and not in them.
pub(super) fn separate_alpha(source: &[u8], mut raster: Raster) -> Raster {
    let associated = Tags::of(source).and_then(|tags| tags.first(EXTRA_SAMPLES));
    if associated == Some(ASSOCIATED_ALPHA) && raster.layout.has_alpha() {
        let channels = raster.layout.channels();
        for pixel in raster.pixels.chunks_exact_mut(channels) {
            if let [colors @ .., alpha] = pixel {
                for color in colors {
                    *color = divided(*color, *alpha);
                }
            }
        }
    }
    raster
}

fn divided(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    let whole = (color * 255 + alpha / 2).checked_div(alpha).unwrap_or(0);
    u8::try_from(whole).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::raster::Layout;

    /// A directory of shorts.
    fn tiff(tags: &[(u16, u16)]) -> Vec<u8> {
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        file.extend(u16::try_from(tags.len()).expect("few").to_le_bytes());
        for (tag, value) in tags {
            file.extend(tag.to_le_bytes());
            file.extend([3, 0, 1, 0, 0, 0]);
            file.extend(value.to_le_bytes());
            file.extend([0; 2]);
        }
        file
    }

    #[test]
    fn what_would_be_noise_is_refused() {
        for (tags, refused) in [
            (&[(258, 8), (266, 1), (284, 1), (322, 16)][..], false),
            (&[(266, 2)], true),
            (&[(284, 2)], false),
            (&[(284, 2), (322, 16)], true),
            (&[(258, 32)], true),
            (&[(258, 32), (339, 3)], false),
        ] {
            let checked = check(&tiff(tags));
            assert_eq!(checked.is_err(), refused, "{tags:?}");
        }
    }

    #[test]
    fn colors_are_divided_by_their_alpha() {
        let raster = |pixels: [u8; 12]| Raster {
            width: 3,
            height: 1,
            layout: Layout::Rgba,
            pixels: pixels.to_vec(),
        };
        let stored = raster([10, 20, 30, 255, 10, 20, 60, 51, 0, 0, 9, 0]);
        let file = tiff(&[(EXTRA_SAMPLES, 1)]);
        let found = separate_alpha(&file, stored.clone());
        let expected = [10, 20, 30, 255, 50, 100, 255, 51, 0, 0, 0, 0];
        assert_eq!(found.pixels, expected);
        let file = tiff(&[(EXTRA_SAMPLES, 2)]);
        assert_eq!(separate_alpha(&file, stored.clone()).pixels, stored.pixels);
    }
}
