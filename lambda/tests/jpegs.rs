//! JPEGs of every shape: how their chroma is sampled, in what order their data come, what is missing.

mod pictures;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};
use lambda::FailureName;
use lambda::engine::{Bounds, EngineError, Limits};
use pictures::{Thumbnail, thumbnail};

const SAMPLINGS: [SamplingFactor; 7] = [
    SamplingFactor::F_1_1,
    SamplingFactor::F_2_1,
    SamplingFactor::F_1_2,
    SamplingFactor::F_2_2,
    SamplingFactor::F_4_1,
    SamplingFactor::F_4_2,
    SamplingFactor::F_1_4,
];

fn within(source: &[u8], side: u32) -> Result<Thumbnail, EngineError> {
    let bounds = Bounds {
        max_width: side,
        max_height: side,
    };
    thumbnail(source, bounds, &Limits::default())
}

/// Soft waves, each colour with its own: a shift of one pixel can be measured, and no detail is lost by
/// chroma of a quarter of the size.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 17 and 238"
)]
fn waves(width: u32, height: u32) -> RgbImage {
    let wave = |at: f64| (127.5 + 110.0 * at.sin()) as u8;
    let unit = f64::from(width.max(height)) / 9.0;
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / unit, f64::from(y) / unit);
        Rgb([wave(x), wave(x + y + 1.0), wave(y * 1.5 - x + 2.0)])
    })
}

/// How a JPEG is written.
#[derive(Debug, Clone, Copy)]
struct Kind {
    sampling: SamplingFactor,
    progressive: bool,
    restart_interval: u16,
    /// Each component in a scan of its own.
    apart: bool,
}

const PLAIN: Kind = Kind {
    sampling: SamplingFactor::F_2_2,
    progressive: false,
    restart_interval: 0,
    apart: false,
};

fn jpeg(samples: &[u8], (width, height): (u32, u32), color: ColorType, kind: Kind) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 95);
    encoder.set_sampling_factor(kind.sampling);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder.set_progressive(kind.progressive);
    encoder.set_optimized_huffman_tables(kind.apart);
    if kind.restart_interval > 0 {
        encoder.set_restart_interval(kind.restart_interval);
    }
    let side = |pixels| u16::try_from(pixels).expect("16 bits");
    encoder
        .encode(samples, side(width), side(height), color)
        .expect("a valid size");
    file
}

/// Where a picture is right of another of its size, and below it, in pixels; and how much else of it
/// differs, in levels. By least squares over the differences from pixel to pixel.
fn offset(image: &DynamicImage, exact: &DynamicImage) -> (f64, f64, f64) {
    let (image, exact) = (image.to_rgb8(), exact.to_rgb8());
    assert_eq!(image.dimensions(), exact.dimensions());
    let at = |image: &RgbImage, x: u32, y: u32, channel: usize| {
        f64::from(image.get_pixel(x, y).0[channel])
    };
    let (width, height) = exact.dimensions();
    let (mut xx, mut xy, mut yy, mut dx, mut dy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut off, mut count) = (0.0, 0.0);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            for channel in 0..3 {
                let across = (at(&exact, x - 1, y, channel) - at(&exact, x + 1, y, channel)) / 2.0;
                let down = (at(&exact, x, y - 1, channel) - at(&exact, x, y + 1, channel)) / 2.0;
                let difference = at(&image, x, y, channel) - at(&exact, x, y, channel);
                xx += across * across;
                xy += across * down;
                yy += down * down;
                dx += across * difference;
                dy += down * difference;
                off += difference.abs();
                count += 1.0;
            }
        }
    }
    let determinant = xx * yy - xy * xy;
    (
        (dx * yy - dy * xy) / determinant,
        (dy * xx - dx * xy) / determinant,
        off / count,
    )
}

/// Compares a result with that of the same pixels as PNG.
#[track_caller]
fn is_as_exact(source: &[u8], png: &[u8], side: u32, what: &dyn std::fmt::Debug) {
    let result = within(source, side).unwrap_or_else(|error| panic!("{what:?}: {}", error.chain()));
    let exact = within(png, side).expect("a valid PNG");
    assert_eq!((result.width, result.height), (exact.width, exact.height));
    let exact = image::load_from_memory(&exact.bytes).expect("a whole PNG");
    let (right, below, off) = offset(&pictures::read_jpeg(&result.bytes).0, &exact);
    assert!(
        right.abs() < 0.06 && below.abs() < 0.06 && off < 4.0,
        "{what:?}: {right:.3} to the right, {below:.3} below, off by {off:.2}"
    );
}

#[test]
fn every_sampling_in_odd_and_even_sizes() {
    for (width, height, side) in [
        (1001, 701, 151),
        (640, 480, 160),
        (333, 500, 243),
        (97, 61, 720),
        (120, 90, 80),
    ] {
        let image = waves(width, height);
        let png = pictures::file(image.clone(), ImageFormat::Png);
        for sampling in SAMPLINGS {
            for progressive in [false, true] {
                let kind = Kind {
                    sampling,
                    progressive,
                    ..PLAIN
                };
                let source = jpeg(&image, (width, height), ColorType::Rgb, kind);
                is_as_exact(&source, &png, side, &(width, height, side, kind));
            }
        }
    }
}

#[test]
fn restart_markers_and_components_apart_change_nothing() {
    let image = waves(501, 399);
    let encoded = |kind| jpeg(&image, (501, 399), ColorType::Rgb, kind);
    for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2] {
        let plain = Kind { sampling, ..PLAIN };
        let expected = within(&encoded(plain), 120).expect("valid");
        for (restart_interval, apart) in [(1, false), (7, false), (0, true), (5, true)] {
            let kind = Kind {
                restart_interval,
                apart,
                ..plain
            };
            let found = within(&encoded(kind), 120).expect("valid");
            assert_eq!(found, expected, "{kind:?}");
        }
    }
}

#[test]
fn odd_sizes_in_all_orientations_do_not_shift_colours() {
    for (width, height, side) in [(301, 451, 45), (45, 31, 720)] {
        let image = waves(width, height);
        let png = pictures::file(image.clone(), ImageFormat::Png);
        for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2] {
            let kind = Kind { sampling, ..PLAIN };
            let source = jpeg(&image, (width, height), ColorType::Rgb, kind);
            for number in 1..=8 {
                let segment = pictures::exif_segment(number);
                let chunk = pictures::png_chunk(*b"eXIf", &pictures::exif(number, 3));
                is_as_exact(
                    &pictures::with_segments(&source, &[segment]),
                    &pictures::with_chunks(&png, &[chunk]),
                    side,
                    &(width, sampling, number),
                );
            }
        }
    }
}

#[test]
fn gray_and_inks_and_plain_rgb() {
    let size = (501, 399);
    let image = waves(size.0, size.1);
    let gray = DynamicImage::from(image.clone()).to_luma8();
    let png = pictures::file(DynamicImage::from(gray.clone()).to_rgb8(), ImageFormat::Png);
    for progressive in [false, true] {
        let kind = Kind {
            progressive,
            ..PLAIN
        };
        let source = jpeg(&gray, size, ColorType::Luma, kind);
        is_as_exact(&source, &png, 100, &("gray", progressive));

        // Half of the black is black ink.
        let inks: Vec<u8> = image.iter().map(|light| 255 - light).collect();
        let inks: Vec<u8> = inks
            .chunks(3)
            .flat_map(|ink| [ink[0], ink[1], ink[2], 0])
            .collect();
        let png = pictures::file(image.clone(), ImageFormat::Png);
        for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
            for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_2] {
                let kind = Kind { sampling, ..kind };
                let source = jpeg(&inks, size, color, kind);
                is_as_exact(&source, &png, 100, &(color, kind));
            }
        }

        // Red, green and blue behind an Adobe marker that says so, without the JFIF marker.
        let kind = Kind {
            sampling: SamplingFactor::F_1_1,
            ..kind
        };
        let planes = jpeg(&image, size, ColorType::Ycbcr, kind);
        assert_eq!(planes[2..6], [0xFF, 0xE0, 0, 16]);
        let adobe = (0xEE, b"Adobe\0\x64\0\0\0\0\0".to_vec());
        let bare = [&planes[..2], &planes[20..]].concat();
        let source = pictures::with_segments(&bare, &[adobe]);
        is_as_exact(&source, &png, 100, &("RGB", progressive));
    }
}

#[test]
fn the_smallest_pictures() {
    for width in [1, 2, 3, 8, 9, 16, 17] {
        for height in [1, 2, 7, 8, 9, 16, 17] {
            let image = RgbImage::from_pixel(width, height, Rgb([200, 60, 90]));
            for sampling in SAMPLINGS {
                let kind = Kind { sampling, ..PLAIN };
                let source = jpeg(&image, (width, height), ColorType::Rgb, kind);
                for (side, orientation) in [(720, 1), (720, 7), (5, 1), (5, 3)] {
                    let segment = pictures::exif_segment(orientation);
                    let source = pictures::with_segments(&source, &[segment]);
                    let result = within(&source, side).expect("a valid picture");
                    for pixel in pictures::read_jpeg(&result.bytes).0.to_rgb8().pixels() {
                        let off = pixel.0.iter().zip([200, 60, 90]);
                        let off = off.map(|(a, b): (&u8, u8)| a.abs_diff(b)).max();
                        assert!(off <= Some(6), "{width} x {height}, {kind:?}: {pixel:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_there_of_a_cut_picture_is_said() {
    let image = pictures::detailed(400, 300);
    let kinds = [
        PLAIN,
        Kind {
            restart_interval: 4,
            ..PLAIN
        },
        Kind {
            progressive: true,
            ..PLAIN
        },
    ];
    for kind in kinds {
        let whole = jpeg(&image, (400, 300), ColorType::Rgb, kind);
        let mut before = -1.0;
        for percent in [30, 50, 70, 90] {
            let cut = &whole[..whole.len() * percent / 100];
            let error = within(cut, 100).expect_err("a part is missing");
            assert_eq!(error.name(), FailureName::CorruptImage, "{kind:?}");
            let text = error.chain();
            let share = text
                .strip_suffix(" % of its picture data are there")
                .and_then(|text| text.rsplit(' ').next())
                .and_then(|share| share.parse::<f64>().ok())
                .unwrap_or_else(|| panic!("{kind:?}: {text}"));
            assert!(before <= share && share < 100.0, "{kind:?}: {text}");
            before = share;
        }
    }
}

#[test]
fn a_picture_that_is_cut_within_its_headers_breaks_off() {
    let whole = pictures::jpeg(&pictures::quarters(90, 60), false);
    let start = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]);
    for cut in [200, 400, start.expect("a scan") + 5] {
        let error = within(&whole[..cut], 100).expect_err("there is no picture");
        assert_eq!(error.name(), FailureName::CorruptImage);
        assert!(error.chain().contains("breaks off"), "{}", error.chain());
    }
}
