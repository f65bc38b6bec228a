//! Pictures made by the tests, and what metadata in them looks like on disk.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage};
use jpeg_decoder::PixelFormat;

pub(crate) const RED: [u8; 3] = [250, 10, 10];
pub(crate) const GREEN: [u8; 3] = [10, 250, 10];
pub(crate) const BLUE: [u8; 3] = [10, 10, 250];
pub(crate) const GRAY: [u8; 3] = [128, 128, 128];

/// Four flat quarters: red, green / blue, gray.
pub(crate) fn quarters(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => GRAY,
        })
    })
}

/// Detail in every block, so that a cut anywhere loses something.
pub(crate) fn detailed(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let value = (x * 7 + y * 13 + x * y / 5) % 256;
        Rgb([value, 255 - value, (value * 3) % 256].map(|v| u8::try_from(v).expect("below 256")))
    })
}

pub(crate) fn jpeg(image: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 90);
    encoder.set_progressive(progressive);
    let side = |pixels| u16::try_from(pixels).expect("below 65,536");
    let (width, height) = (side(image.width()), side(image.height()));
    encoder
        .encode(image, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("a valid size");
    file
}

/// A JPEG's pixels, gray or in colour, by another decoder than the engine's; and its profile.
pub(crate) fn read_jpeg(file: &[u8]) -> (DynamicImage, Option<Vec<u8>>) {
    let mut decoder = jpeg_decoder::Decoder::new(file);
    let data = decoder.decode().expect("a whole JPEG");
    let info = decoder.info().expect("decoded");
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let image = match info.pixel_format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, data).map(DynamicImage::from),
        _ => RgbImage::from_raw(width, height, data).map(DynamicImage::from),
    };
    (image.expect("whole rows"), decoder.icc_profile())
}

pub(crate) fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(Vec::new());
    image
        .into()
        .write_to(&mut file, format)
        .expect("a valid picture");
    file.into_inner()
}

pub(crate) fn lossy_webp(image: &RgbImage) -> Vec<u8> {
    libwebp::encode(
        image,
        libwebp::Layout::Rgb,
        image.dimensions(),
        libwebp::Coding::Lossy { quality: 90.0 },
    )
    .expect("a valid picture")
}

/// A TIFF structure with nothing but an orientation, of type SHORT (3) or LONG (4).
pub(crate) fn exif(orientation: u8, field_type: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01".to_vec();
    tiff.extend([field_type, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// Puts application segments behind a JPEG's start.
pub(crate) fn with_segments(jpeg: &[u8], segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut file = jpeg[..2].to_vec();
    for (marker, body) in segments {
        file.extend([0xFF, *marker]);
        file.extend(
            u16::try_from(body.len() + 2)
                .expect("a short segment")
                .to_be_bytes(),
        );
        file.extend(body);
    }
    file.extend(&jpeg[2..]);
    file
}

pub(crate) fn exif_segment(orientation: u8) -> (u8, Vec<u8>) {
    (
        0xE1,
        [b"Exif\0\0".as_slice(), &exif(orientation, 3)].concat(),
    )
}

pub(crate) fn png_chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(&kind);
    sum.update(data);
    let length = u32::try_from(data.len()).expect("a short chunk");
    [
        &length.to_be_bytes(),
        kind.as_slice(),
        data,
        &sum.sum().to_be_bytes(),
    ]
    .concat()
}

/// Puts chunks behind a PNG's `IHDR`.
pub(crate) fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    let (head, rest) = png.split_at(33);
    [head, &chunks.concat(), rest].concat()
}

/// The same WebP in the extended layout, with chunks before and behind its picture.
pub(crate) fn extended_webp(
    webp: &[u8],
    (width, height): (u32, u32),
    flags: u8,
    before: &[u8],
    behind: &[u8],
) -> Vec<u8> {
    let mut extended = vec![flags, 0, 0, 0];
    extended.extend(&(width - 1).to_le_bytes()[..3]);
    extended.extend(&(height - 1).to_le_bytes()[..3]);
    let body = [
        b"WEBP".as_slice(),
        &riff(*b"VP8X", &extended),
        before,
        &webp[12..],
        behind,
    ]
    .concat();
    riff(*b"RIFF", &body)
}

pub(crate) fn riff(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a short chunk");
    let mut chunk = [kind.as_slice(), &length.to_le_bytes(), data].concat();
    if data.len() % 2 == 1 {
        chunk.push(0);
    }
    chunk
}

/// A profile's header with this colour model; nothing reads further.
pub(crate) fn profile(model: [u8; 4], bytes: usize) -> Vec<u8> {
    let mut icc = vec![7; bytes];
    icc[16..20].copy_from_slice(&model);
    icc[36..40].copy_from_slice(b"acsp");
    icc
}
