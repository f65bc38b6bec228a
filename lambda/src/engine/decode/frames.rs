//! Whether a GIF is an animation, told by its blocks alone.
//!
//! Source: <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>

/// Signature and logical screen descriptor.
const HEADER: usize = 13;
/// Which byte of them says whether a colour table follows, and how long it is.
const FLAGS: usize = 10;

const IMAGE: u8 = 0x2C;
const EXTENSION: u8 = 0x21;

/// Whether a second picture begins in the file.
pub(super) fn more_than_one(gif: &[u8]) -> bool {
    pictures(gif).is_some_and(|pictures| pictures > 1)
}

/// The pictures that begin in a GIF, of which no more than two are looked for.
fn pictures(gif: &[u8]) -> Option<usize> {
    let mut rest = gif.get(HEADER + table(*gif.get(FLAGS)?)..)?;
    let mut found = 0;
    while found < 2 {
        match rest.split_first() {
            Some((&IMAGE, descriptor)) => {
                found += 1;
                let flags = descriptor.get(8).copied().unwrap_or(0);
                // Position and size, the colour table, and a byte for the codes' length.
                rest = descriptor.get(9 + table(flags) + 1..).unwrap_or_default();
            }
            Some((&EXTENSION, block)) => rest = block.get(1..).unwrap_or_default(),
            _ => break,
        }
        rest = after_data(rest);
    }
    Some(found)
}

/// Bytes of a colour table.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// What follows a chain of blocks, each with its length before it, the last of length 0.
fn after_data(mut rest: &[u8]) -> &[u8] {
    while let Some((&length, block)) = rest.split_first() {
        rest = block.get(usize::from(length)..).unwrap_or_default();
        if length == 0 {
            break;
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use image::codecs::gif::GifEncoder;
    use image::{Delay, Frame, RgbaImage};

    use super::*;

    fn gif(frames: u32) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = GifEncoder::new(&mut file);
        for frame in 0..frames {
            let image = RgbaImage::from_fn(30, 20, |x, y| {
                image::Rgba(
                    [x * 8, y * 12, frame * 50, 255].map(|v| u8::try_from(v).expect("a byte")),
                )
            });
            let delay = Delay::from_numer_denom_ms(100, 1);
            encoder
                .encode_frame(Frame::from_parts(image, 0, 0, delay))
                .expect("a frame");
        }
        drop(encoder);
        file
    }

    #[test]
    fn pictures_are_counted_and_pieces_are_survived() {
        assert!(!more_than_one(&gif(1)));
        assert!(more_than_one(&gif(3)));
        let animation = gif(2);
        for cut in 0..animation.len() {
            more_than_one(&animation[..cut]);
        }
        assert!(!more_than_one(&animation[..animation.len() / 2 - 30]));
    }
}
