//! Pictures to resize.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};

/// A JPEG with colours that change from corner to corner.
pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    of(ImageFormat::Jpeg, width, height)
}

/// The same in a format.
pub(crate) fn of(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let shade = |value: u32, of: u32| u8::try_from(value * 255 / of).unwrap_or(255);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([shade(x, width), shade(y, height), 128])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encoded");
    bytes.into_inner()
}
