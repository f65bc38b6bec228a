//! Pictures made by the tests, and what metadata in them looks like on disk.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage};
use jpeg_decoder::PixelFormat;
use lambda::engine::{Bounds, EngineError, Format, Limits, Options, Output, Resized};

/// One result and what is known of its source.
#[derive(Debug, PartialEq)]
pub(crate) struct Thumbnail {
    pub(crate) format: Format,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) source_width: u32,
    pub(crate) source_height: u32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) animated: bool,
    pub(crate) share: f64,
    pub(crate) notes: Vec<String>,
}

/// The one result of an output.
pub(crate) fn resize(
    source: &[u8],
    output: Output,
    options: &Options,
) -> Result<Thumbnail, EngineError> {
    let Resized {
        width,
        height,
        animated,
        share,
        notes,
        mut results,
        ..
    } = lambda::engine::resize(source, &[output], options)?;
    assert_eq!(results.len(), 1);
    let result = results.remove(0);
    Ok(Thumbnail {
        format: result.format,
        width: result.width,
        height: result.height,
        source_width: width,
        source_height: height,
        bytes: result.bytes,
        animated,
        share,
        notes,
    })
}

/// A picture in a box.
pub(crate) fn thumbnail(
    source: &[u8],
    bounds: Bounds,
    limits: &Limits,
) -> Result<Thumbnail, EngineError> {
    let output = Output {
        bounds,
        ..Output::default()
    };
    let options = Options {
        limits: *limits,
        ..Options::default()
    };
    resize(source, output, &options)
}

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

/// A little-endian TIFF with an orientation more, in a new directory at its end.
pub(crate) fn with_tiff_orientation(tiff: &[u8], orientation: u8, field_type: u8) -> Vec<u8> {
    assert!(tiff.starts_with(b"II*\0"));
    let long = |at: usize| u32::from_le_bytes(*tiff[at..].first_chunk().expect("four bytes"));
    let directory = long(4) as usize;
    let count = usize::from(u16::from_le_bytes([tiff[directory], tiff[directory + 1]]));
    let mut entries: Vec<&[u8]> = tiff[directory + 2..].chunks(12).take(count).collect();
    let ours = [0x12, 1, field_type, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    let tag = |entry: &[u8]| u16::from_le_bytes([entry[0], entry[1]]);
    entries.retain(|entry| tag(entry) != 0x112);
    let place = entries.partition_point(|entry| tag(entry) < 0x112);
    entries.insert(place, &ours);
    let mut file = tiff.to_vec();
    file.resize(file.len().next_multiple_of(2), 0);
    let start = u32::try_from(file.len()).expect("short").to_le_bytes();
    file[4..8].copy_from_slice(&start);
    let count = u16::try_from(entries.len()).expect("few").to_le_bytes();
    file.extend(count);
    file.extend(entries.concat());
    file.extend([0; 4]);
    file
}

/// A JPEG with a profile in segments of at most `most` bytes.
pub(crate) fn jpeg_with_profile(jpeg: &[u8], icc: &[u8], most: usize) -> Vec<u8> {
    let count = u8::try_from(icc.len().div_ceil(most)).expect("a small profile");
    let segments: Vec<_> = icc
        .chunks(most)
        .zip(1..)
        .map(|(part, number)| {
            let head = [b"ICC_PROFILE\0".as_slice(), &[number, count]].concat();
            (0xE2, [&head, part].concat())
        })
        .collect();
    with_segments(jpeg, &segments)
}

/// A PNG with a profile.
pub(crate) fn png_with_profile(png: &[u8], icc: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let name = b"name\0\0".to_vec();
    let mut encoder = flate2::write::ZlibEncoder::new(name, flate2::Compression::fast());
    encoder.write_all(icc).expect("in memory");
    let chunk = png_chunk(*b"iCCP", &encoder.finish().expect("in memory"));
    with_chunks(png, &[chunk])
}

/// A WebP with a profile.
pub(crate) fn webp_with_profile(webp: &[u8], size: (u32, u32), icc: &[u8]) -> Vec<u8> {
    extended_webp(webp, size, 1 << 5, &riff(*b"ICCP", icc), b"")
}

/// A profile for inks, all of which are the gray of half the lightness: a table of type `lut8Type` with the
/// two ends of each ink.
///
/// Source: <https://www.color.org/specification/ICC.1-2022-05.pdf> (7.2, 10.11)
pub(crate) fn one_gray_profile() -> Vec<u8> {
    let curve: Vec<u8> = (0..=255).collect();
    let unit = [1_u32, 0, 0, 0, 1, 0, 0, 0, 1].map(|value| (value << 16).to_be_bytes());
    let table = [
        b"mft1\0\0\0\0\x04\x03\x02\0".as_slice(),
        unit.as_flattened(),
        &curve.repeat(4),
        &[128; 3].repeat(16),
        &curve.repeat(3),
    ]
    .concat();
    let white = [
        b"XYZ \0\0\0\0".as_slice(),
        &[0x0000_F6D6_u32, 0x0001_0000, 0x0000_D32D]
            .map(u32::to_be_bytes)
            .concat(),
    ]
    .concat();
    let tags = [(b"A2B0", &table), (b"wtpt", &white)];
    let mut at = 128 + 4 + 12 * tags.len();
    let mut directory = u32::try_from(tags.len())
        .expect("two")
        .to_be_bytes()
        .to_vec();
    let mut data = Vec::new();
    for (name, tag) in tags {
        directory.extend(name);
        for number in [at, tag.len()] {
            directory.extend(u32::try_from(number).expect("short").to_be_bytes());
        }
        let mut tag = tag.clone();
        tag.resize(tag.len().next_multiple_of(4), 0);
        at += tag.len();
        data.extend(tag);
    }
    let mut icc = vec![0; 128];
    icc[..4].copy_from_slice(&u32::try_from(at).expect("short").to_be_bytes());
    icc[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    icc[12..24].copy_from_slice(b"prtrCMYKLab ");
    icc[36..40].copy_from_slice(b"acsp");
    icc[68..80].copy_from_slice(&white[8..]);
    icc.extend(directory);
    icc.extend(data);
    icc
}
