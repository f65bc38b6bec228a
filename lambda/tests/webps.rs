//! WebP: the first frame of an animation on its canvas, and photos that are scaled while they are decoded.

mod pictures;

use image::imageops::FilterType;
use image::{DynamicImage, Rgba, RgbaImage};
use lambda::FailureName;
use lambda::engine::{Bounds, EngineError, Limits};
use libwebp::{Coding, Layout};
use pictures::{BLUE, GRAY, GREEN, RED, Thumbnail, thumbnail};

const LOSSY: Coding = Coding::Lossy { quality: 90.0 };
const LOSSLESS: Coding = Coding::Lossless { effort: 50.0 };

fn within(source: &[u8], side: u32) -> Result<Thumbnail, EngineError> {
    let bounds = Bounds {
        max_width: side,
        max_height: side,
    };
    thumbnail(source, bounds, &Limits::default())
}

/// Reads a result without libwebp.
fn pixels(result: &Thumbnail) -> DynamicImage {
    let image = image::load_from_memory(&result.bytes).expect("a whole image");
    assert_eq!(
        (image.width(), image.height()),
        (result.width, result.height)
    );
    image
}

fn webp(image: &DynamicImage, coding: Coding) -> Vec<u8> {
    let (pixels, layout) = if image.color().has_alpha() {
        (image.to_rgba8().into_raw(), Layout::Rgba)
    } else {
        (image.to_rgb8().into_raw(), Layout::Rgb)
    };
    let size = (image.width(), image.height());
    libwebp::encode(&pixels, layout, size, coding).expect("a valid picture")
}

/// The chunks of a file's picture: its alpha, if it has that apart, and itself.
fn picture_chunks(webp: &[u8]) -> &[u8] {
    let extended = webp[12..].starts_with(b"VP8X");
    &webp[if extended { 30 } else { 12 }..]
}

/// A frame with its picture; sizes and offsets in pixels.
fn frame(webp: &[u8], (x, y): (u32, u32), (width, height): (u32, u32)) -> Vec<u8> {
    let mut head = Vec::new();
    for value in [x / 2, y / 2, width - 1, height - 1, 100] {
        head.extend(&value.to_le_bytes()[..3]);
    }
    head.push(0);
    pictures::riff(*b"ANMF", &[&head, picture_chunks(webp)].concat())
}

fn animation(canvas: (u32, u32), frames: &[Vec<u8>]) -> Vec<u8> {
    let chunks = [pictures::riff(*b"ANIM", &[0; 6]), frames.concat()].concat();
    let body = [b"RIFF....WEBP".as_slice(), &chunks].concat();
    pictures::extended_webp(&body, canvas, 1 << 1 | 1 << 4, b"", b"")
}

fn flat(size: (u32, u32), color: [u8; 4]) -> DynamicImage {
    let image = RgbaImage::from_pixel(size.0, size.1, Rgba(color));
    if color[3] == 255 {
        DynamicImage::from(image).to_rgb8().into()
    } else {
        image.into()
    }
}

#[track_caller]
fn is_near(pixel: Rgba<u8>, [red, green, blue, alpha]: [u8; 4]) {
    let off = pixel.0.iter().zip([red, green, blue, alpha]);
    let off = off.map(|(a, b)| a.abs_diff(b)).max();
    assert!(
        off <= Some(12),
        "{pixel:?} instead of {:?}",
        [red, green, blue, alpha]
    );
}

#[test]
fn a_first_frame_keeps_its_place_on_the_canvas() {
    let later = webp(&flat((64, 48), [0, 255, 0, 255]), LOSSY);
    for coding in [LOSSY, LOSSLESS] {
        for color in [[250, 10, 10, 255], [10, 10, 250, 130]] {
            let first = webp(&flat((32, 20), color), coding);
            let frames = [
                frame(&first, (16, 10), (32, 20)),
                frame(&later, (0, 0), (64, 48)),
            ];
            let source = animation((64, 48), &frames);
            let result = within(&source, 720).expect("a valid animation");
            assert_eq!((result.source_width, result.source_height), (64, 48));
            let image = pixels(&result).to_rgba8();
            for (x, y, pixel) in image.enumerate_pixels() {
                let inside = (16..48).contains(&x) && (10..30).contains(&y);
                assert_eq!(pixel.0[3], if inside { color[3] } else { 0 }, "{x}, {y}");
                // A lossy result shares chroma with what is beside the frame.
                if (18..46).contains(&x) && (12..28).contains(&y) {
                    is_near(*pixel, color);
                }
            }
            let small = pixels(&within(&source, 32).expect("a valid animation")).to_rgba8();
            assert_eq!(small.dimensions(), (32, 24));
            is_near(*small.get_pixel(16, 10), color);
            assert_eq!(small.get_pixel(2, 2).0[3], 0);
        }
    }
}

#[test]
fn a_first_frame_as_large_as_its_canvas_is_the_picture() {
    let image = pictures::quarters(400, 300);
    let still = pictures::lossy_webp(&image);
    let moving = animation((400, 300), &[frame(&still, (0, 0), (400, 300))]);
    for side in [720, 100, 180] {
        let still = within(&still, side).expect("a valid picture");
        let first = within(&moving, side).expect("a valid animation");
        assert!(first.animated && !still.animated);
        assert_eq!(first.bytes, still.bytes);
    }
    let holes = webp(&flat((40, 30), [10, 10, 250, 130]), LOSSY);
    let source = animation((40, 30), &[frame(&holes, (0, 0), (40, 30))]);
    let image = pixels(&within(&source, 720).expect("a valid animation")).to_rgba8();
    is_near(*image.get_pixel(9, 9), [10, 10, 250, 130]);
}

#[test]
fn frames_that_contradict_themselves_are_refused() {
    let picture = webp(&flat((32, 20), [250, 10, 10, 255]), LOSSY);
    let name = |source: &[u8]| within(source, 720).expect_err("corrupt").name();
    for (offset, size) in [
        ((34, 0), (32, 20)),
        ((0, 30), (32, 20)),
        ((0xFF_FFFE, 0xFF_FFFE), (32, 20)),
        ((0, 0), (33, 20)),
        ((0, 0), (32, 19)),
    ] {
        let source = animation((64, 48), &[frame(&picture, offset, size)]);
        assert_eq!(
            name(&source),
            FailureName::CorruptImage,
            "{offset:?} {size:?}"
        );
    }
    let whole = animation((64, 48), &[frame(&picture, (0, 0), (32, 20))]);
    assert!(within(&whole, 720).is_ok());
    for length in 30..whole.len() - 4 {
        assert_eq!(
            name(&whole[..length]),
            FailureName::CorruptImage,
            "{length}"
        );
    }
    assert_eq!(name(&animation((64, 48), &[])), FailureName::CorruptImage);
    let huge = animation((20_000, 20_000), &[frame(&picture, (0, 0), (32, 20))]);
    assert_eq!(name(&huge), FailureName::ImageTooLarge);
}

#[test]
fn photos_are_scaled_without_a_shift() {
    for orientation in [1, 6] {
        let image = pictures::quarters(2011, 1203);
        let file = pictures::extended_webp(
            &pictures::lossy_webp(&image),
            (2011, 1203),
            1 << 3,
            b"",
            &pictures::riff(*b"EXIF", &pictures::exif(orientation, 3)),
        );
        let result = within(&file, 200).expect("a valid picture");
        let (size, expected) = if orientation == 1 {
            ((200, 120), [RED, GREEN, BLUE, GRAY])
        } else {
            ((120, 200), [BLUE, RED, GRAY, GREEN])
        };
        assert_eq!((result.width, result.height), size);
        assert_eq!(
            (result.source_width, result.source_height),
            if orientation == 1 {
                (2011, 1203)
            } else {
                (1203, 2011)
            }
        );
        let small = pixels(&result).to_rgba8();
        // Two pixels from the middle a quarter has its own colour.
        for (index, [red, green, blue]) in expected.into_iter().enumerate() {
            let beside = |half: u32, second| if second { half + 3 } else { half - 4 };
            let x = beside(size.0 / 2, index % 2 == 1);
            let y = beside(size.1 / 2, index / 2 == 1);
            is_near(*small.get_pixel(x, y), [red, green, blue, 255]);
        }
    }
}

#[test]
fn a_scaled_photo_is_nearly_lanczos3_of_the_whole() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/raccoon.jpg");
    let photo = pictures::read_jpeg(&std::fs::read(path).expect("a photo")).0;
    let file = webp(&photo, LOSSY);
    let whole = image::load_from_memory(&file).expect("a whole image");
    let result = within(&file, 200).expect("a valid picture");
    let expected = whole.resize_exact(result.width, result.height, FilterType::Lanczos3);
    // Encoded like the result, so that what differs is the scaling.
    let expected = webp(&expected, Coding::Lossy { quality: 80.0 });
    let expected = image::load_from_memory(&expected).expect("a whole image");
    let (result, expected) = (pixels(&result).to_rgb8(), expected.to_rgb8());
    let each = result.iter().zip(expected.iter());
    let sum: u32 = each.map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    let mean = f64::from(sum) / f64::from(result.width() * result.height() * 3);
    // Means over areas at the size of the result differ by 4.6.
    assert!(mean < 4.0, "{mean}");
}

#[test]
fn a_photo_takes_the_memory_of_its_result() {
    let image = DynamicImage::from(pictures::quarters(2000, 1500));
    let limits = Limits {
        max_decoded_bytes: 2 << 20,
        ..Limits::default()
    };
    let attempt = |file: &[u8], side| {
        let bounds = Bounds {
            max_width: side,
            max_height: side,
        };
        thumbnail(file, bounds, &limits).map_err(|error| error.name())
    };
    let lossy = webp(&image, LOSSY);
    assert!(attempt(&lossy, 300).is_ok());
    assert_eq!(attempt(&lossy, 1000), Err(FailureName::ImageTooLarge));
    for (image, coding) in [
        (image, LOSSLESS),
        (flat((2000, 1500), [10, 10, 250, 130]), LOSSY),
        (flat((2000, 1500), [10, 10, 250, 130]), LOSSLESS),
    ] {
        let error = attempt(&webp(&image, coding), 300).expect_err("too much memory");
        assert_eq!(error, FailureName::ImageTooLarge);
    }
    // A small frame on a large canvas.
    let small = webp(&flat((32, 20), [250, 10, 10, 255]), LOSSY);
    let source = animation((2000, 1500), &[frame(&small, (0, 0), (32, 20))]);
    assert_eq!(attempt(&source, 300), Err(FailureName::ImageTooLarge));
}

#[test]
fn blocks_that_break_off_are_left_out() {
    let image = pictures::lossy_webp(&pictures::quarters(96, 64));
    let exif = pictures::riff(*b"EXIF", &pictures::exif(6, 3));
    let whole = pictures::extended_webp(&image, (96, 64), 1 << 3, b"", &exif);
    let turned = within(&whole, 720).expect("a valid picture");
    assert_eq!((turned.width, turned.height), (64, 96));
    let cut = &whole[..whole.len() - 9];
    let upright = within(cut, 720).expect("the picture is whole");
    assert_eq!((upright.width, upright.height), (96, 64));
}
