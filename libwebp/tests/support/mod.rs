//! Pictures to encode.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]

use libwebp::{Coding, Layout, encode};

pub(crate) const LOSSY: Coding = Coding::Lossy { quality: 80.0 };
pub(crate) const LOSSLESS: Coding = Coding::Lossless { effort: 40.0 };

fn value(bits: u32) -> u8 {
    u8::try_from(bits % 256).expect("below 256")
}

/// Slopes with a grain and an edge, so that every block has something in it.
pub(crate) fn photo((width, height): (u32, u32)) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let grain = (x * 7 + y * 13 + x * y / 5) % 23;
        let edge = if x + y > width { 60 } else { 0 };
        [
            value(x * 160 / width + grain + edge),
            value(y * 160 / height + grain),
            value(90 + grain * 2 + edge / 2),
        ]
    };
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    rows.flat_map(|(x, y)| pixel(x, y)).collect()
}

/// The same, from transparent on the left to opaque on the right.
pub(crate) fn fading((width, height): (u32, u32)) -> Vec<u8> {
    let columns = (0..height).flat_map(|_| 0..width);
    let alpha = columns.map(|x| value(x * 255 / (width - 1).max(1)));
    photo((width, height))
        .chunks_exact(3)
        .zip(alpha)
        .flat_map(|(pixel, alpha)| [pixel[0], pixel[1], pixel[2], alpha])
        .collect()
}

/// A lossy one, a lossless one, and both with alpha.
pub(crate) fn samples(size: (u32, u32)) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for coding in [LOSSY, LOSSLESS] {
        for (pixels, layout) in [(photo(size), Layout::Rgb), (fading(size), Layout::Rgba)] {
            files.push(encode(&pixels, layout, size, coding).expect("a valid picture"));
        }
    }
    files
}
