//! Against `image-webp`, which reads and writes the format without libwebp.

mod support;

use image_webp::{ColorType, WebPDecoder, WebPEncoder};
use libwebp::{Coded, Coding, Decoded, Layout, Options, decode, encode, header};
use std::io::Cursor;
use support::{LOSSLESS, LOSSY, fading, photo};

/// What the other decoder makes of a file.
fn by_image_webp(file: &[u8]) -> (Layout, Vec<u8>) {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).expect("headers");
    let layout = if decoder.has_alpha() {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let mut pixels = vec![0; decoder.output_buffer_size().expect("a small picture")];
    decoder.read_image(&mut pixels).expect("a picture");
    (layout, pixels)
}

fn whole(file: &[u8]) -> Decoded {
    let header = header(file).expect("headers");
    decode(file, (header.width, header.height), Options::default()).expect("a picture")
}

/// The largest and the mean difference of two pictures, of 255.
fn differences(one: &[u8], other: &[u8]) -> (u8, f64) {
    assert_eq!(one.len(), other.len());
    let each = one.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = each.clone().map(u64::from).sum();
    let pixels = u32::try_from(one.len()).expect("a small picture");
    let sum = u32::try_from(sum).expect("a small picture");
    (each.max().unwrap_or(0), f64::from(sum) / f64::from(pixels))
}

const SIZES: [(u32, u32); 5] = [(1, 1), (17, 1), (3, 40), (64, 48), (201, 135)];

#[test]
fn lossless_pictures_are_read_exactly() {
    for size in SIZES {
        for (pixels, layout, color) in [
            (photo(size), Layout::Rgb, ColorType::Rgb8),
            (fading(size), Layout::Rgba, ColorType::Rgba8),
        ] {
            let mut file = Vec::new();
            WebPEncoder::new(&mut file)
                .encode(&pixels, size.0, size.1, color)
                .expect("a valid picture");
            let found = header(&file).expect("headers");
            assert_eq!((found.width, found.height), size);
            assert_eq!((found.layout(), found.coded), (layout, Coded::Lossless));
            let decoded = whole(&file);
            assert_eq!((decoded.layout, decoded.pixels), (layout, pixels));
        }
    }
}

#[test]
fn lossless_pictures_are_written_exactly() {
    for size in SIZES {
        let pixels = photo(size);
        let file = encode(&pixels, Layout::Rgb, size, LOSSLESS).expect("a valid picture");
        assert_eq!(by_image_webp(&file), (Layout::Rgb, pixels));
        // The colour of what nobody sees is not kept.
        let seen = |pixels: &[u8]| {
            let pixels = pixels.chunks_exact(4);
            pixels
                .map(|pixel| if pixel[3] == 0 { &pixel[3..] } else { pixel })
                .collect::<Vec<_>>()
                .concat()
        };
        let pixels = fading(size);
        let file = encode(&pixels, Layout::Rgba, size, LOSSLESS).expect("a valid picture");
        let (layout, read) = by_image_webp(&file);
        if size.0 > 1 {
            assert_eq!(layout, Layout::Rgba);
            assert_eq!(seen(&read), seen(&pixels));
        }
    }
}

#[test]
fn lossy_pictures_are_read_alike() {
    for size in SIZES {
        for (pixels, layout) in [(photo(size), Layout::Rgb), (fading(size), Layout::Rgba)] {
            let file = encode(&pixels, layout, size, LOSSY).expect("a valid picture");
            let found = header(&file).expect("headers");
            assert_eq!((found.width, found.height), size);
            assert_eq!(found.coded, Coded::Lossy);
            let decoded = whole(&file);
            let (layout, read) = by_image_webp(&file);
            assert_eq!(decoded.layout, layout);
            let (most, mean) = differences(&decoded.pixels, &read);
            assert!(
                most <= 3 && mean < 0.5,
                "{size:?} {layout:?}: {most} {mean}"
            );
        }
    }
}

#[test]
fn what_is_written_resembles_the_picture() {
    let size = (201, 135);
    let pixels = photo(size);
    let mut before = 0;
    for quality in [20.0, 50.0, 80.0, 100.0] {
        let file = encode(&pixels, Layout::Rgb, size, Coding::Lossy { quality });
        let file = file.expect("a valid picture");
        let (_, mean) = differences(&by_image_webp(&file).1, &pixels);
        assert!(mean < 8.0, "{quality}: {mean}");
        assert!(file.len() > before, "{quality}");
        before = file.len();
    }
}

#[test]
fn scaled_pixels_are_means_over_areas() {
    let size = (240, 160);
    for coding in [LOSSY, LOSSLESS] {
        let file = encode(&photo(size), Layout::Rgb, size, coding).expect("a valid picture");
        let (_, read) = by_image_webp(&file);
        for times in [2_u32, 4, 5] {
            let small = (size.0 / times, size.1 / times);
            let decoded = decode(&file, small, Options::default()).expect("a picture");
            assert_eq!((decoded.width, decoded.height), small);
            let mut means = Vec::new();
            for y in 0..small.1 {
                for x in 0..small.0 {
                    for channel in 0..3 {
                        let area = (0..times * times).map(|i| {
                            let (x, y) = (x * times + i % times, y * times + i / times);
                            u32::from(read[((y * size.0 + x) * 3 + channel) as usize])
                        });
                        let mean = (area.sum::<u32>() + times * times / 2) / (times * times);
                        means.push(u8::try_from(mean).expect("a mean"));
                    }
                }
            }
            let (most, mean) = differences(&decoded.pixels, &means);
            // Without the loop filter, and planes are scaled before they are converted.
            let limits = if coding == LOSSLESS {
                (1, 0.5)
            } else {
                (24, 2.5)
            };
            assert!(
                most <= limits.0 && mean < limits.1,
                "{coding:?} / {times}: {most} {mean}"
            );
        }
    }
}

#[test]
fn sizes_are_met_and_never_exceed_the_files() {
    let size = (64, 48);
    let opaque = encode(&photo(size), Layout::Rgb, size, LOSSY).expect("a valid picture");
    let alpha = encode(&fading(size), Layout::Rgba, size, LOSSY).expect("a valid picture");
    for (asked, given) in [
        ((64, 48), (64, 48)),
        ((63, 47), (63, 47)),
        ((1, 1), (1, 1)),
        ((0, 0), (1, 1)),
        ((13, 40), (13, 40)),
        ((100, 10), (64, 10)),
        ((u32::MAX, u32::MAX), (64, 48)),
    ] {
        let decoded = decode(&opaque, asked, Options::default()).expect("a picture");
        assert_eq!((decoded.width, decoded.height), given);
        assert_eq!(decoded.pixels.len(), (given.0 * given.1 * 3) as usize);
        let decoded = decode(&alpha, asked, Options::default()).expect("a picture");
        assert_eq!((decoded.width, decoded.height), size);
        assert_eq!(decoded.layout, Layout::Rgba);
    }
}
