//! What the encoder writes: the same coefficients as libjpeg, read alike by all decoders, in no more bytes.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples of pictures"
)]

#[path = "support/oracle.rs"]
mod oracle;
mod support;

use jpeg::encode::{Error, Picture, Plane, Planes, Samples, Settings};
use jpeg::{Decoder, Limits, Options};
use jpeg_decoder::PixelFormat;
use oracle::oracle;
use proptest::prelude::*;
use zune_core::colorspace::ColorSpace;

/// Planes with chroma of half the size.
#[derive(Debug, Clone, PartialEq)]
struct Source {
    size: (u32, u32),
    color: bool,
    planes: [Vec<u8>; 3],
}

impl Source {
    /// Planes whose samples are what `sample` says for a plane, a column and a row.
    fn new(size: (u32, u32), color: bool, sample: impl Fn(u32, u32, u32) -> u8) -> Self {
        let plane = |index: u32| {
            let (width, height) = if index > 0 { half(size) } else { size };
            let row = |y| (0..width).map(move |x| (x, y));
            (0..height)
                .flat_map(row)
                .map(|(x, y)| sample(index, x, y))
                .collect()
        };
        Self {
            size,
            color,
            planes: [0, 1, 2].map(plane),
        }
    }

    /// Waves with noise: something in every coefficient.
    fn waves(size: (u32, u32), color: bool) -> Self {
        Self::new(size, color, |plane, x, y| {
            let (x, y) = (f64::from(x), f64::from(y + 9 * plane));
            let noise = (x * 12.9 + y * 78.2 + f64::from(plane)).sin() * 43_758.5;
            let wave = (x / 7.0).sin() * 60.0 + (y / 5.0 + x / 31.0).sin() * 50.0;
            (127.5 + wave + 17.0 * noise.fract()) as u8
        })
    }

    /// Part of the photo, or all of it.
    fn photo((width, height): (u16, u16), color: bool) -> Self {
        let rgb = support::pixels(width, height);
        let size = (u32::from(width), u32::from(height));
        let planes = Planes::of_rgb(&rgb, size.0, size.1).expect("a valid size");
        let Picture::YCbCr { luma, chroma } = planes.picture() else {
            panic!("a picture in colour");
        };
        Self {
            size,
            color,
            planes: [luma, chroma[0], chroma[1]].map(|plane| match plane.samples {
                Samples::Bytes(samples) => samples.to_vec(),
                Samples::Quarters(_) => unreachable!("made of bytes"),
            }),
        }
    }

    fn picture(&self) -> Picture<'_> {
        let plane = |index: usize| {
            let (width, height) = if index > 0 {
                half(self.size)
            } else {
                self.size
            };
            Plane {
                width,
                height,
                samples: Samples::Bytes(&self.planes[index]),
            }
        };
        if self.color {
            let chroma = [plane(1), plane(2)];
            Picture::YCbCr {
                luma: plane(0),
                chroma,
            }
        } else {
            Picture::Gray(plane(0))
        }
    }

    fn encode(&self, quality: u8, progressive: bool) -> Vec<u8> {
        let settings = Settings {
            quality,
            progressive,
        };
        self.picture().encode(&settings).expect("a valid picture")
    }

    /// What libjpeg writes.
    fn by_libjpeg(&self, oracle: &oracle::Oracle, quality: u8, progressive: bool) -> Vec<u8> {
        let numbers = [u32::from(quality), self.size.0, self.size.1].map(|n| n.to_string());
        let kind = match (self.color, progressive) {
            (false, false) => "gb",
            (false, true) => "gp",
            (true, false) => "cb",
            (true, true) => "cp",
        };
        let planes = if self.color {
            self.planes.concat()
        } else {
            self.planes[0].clone()
        };
        let [quality, width, height] = &numbers;
        oracle
            .run(&["encode", quality, width, height, kind], &planes)
            .expect("a written file")
    }
}

fn half((width, height): (u32, u32)) -> (u32, u32) {
    (width.div_ceil(2), height.div_ceil(2))
}

/// The planes that a file has.
fn decoded(file: &[u8]) -> Vec<jpeg::Plane> {
    let decoder = Decoder::new(file, &Limits::default()).expect("headers");
    jpeg::Planes::of(&decoder, &[], Options::default())
        .expect("a whole picture")
        .0
}

/// The largest difference of samples.
fn off(found: &[u8], expected: &[u8]) -> u8 {
    assert_eq!(found.len(), expected.len());
    let differences = found.iter().zip(expected).map(|(a, b)| a.abs_diff(*b));
    differences.max().unwrap_or_default()
}

#[test]
fn coefficients_are_libjpegs() {
    let Some(oracle) = oracle() else { return };
    let mut sizes: Vec<_> = (1..=40).map(|side| (side, 1 + side * 7 % 40)).collect();
    sizes.extend([(1, 33), (40, 17), (16, 16), (17, 33), (333, 217)]);
    for size in sizes {
        for color in [false, true] {
            let source = Source::waves(size, color);
            for quality in [1, 50, 80, 100] {
                for progressive in [false, true] {
                    let ours = oracle.coefficients(&source.encode(quality, progressive));
                    let theirs = source.by_libjpeg(&oracle, quality, progressive);
                    let theirs = oracle.coefficients(&theirs).expect("a valid file");
                    let ours = ours.expect("a file that libjpeg reads");
                    assert!(ours.iter().all(|component| !component.warned));
                    assert_eq!(ours, theirs, "{size:?} {color} {quality} {progressive}");
                }
            }
        }
    }
}

#[test]
fn files_are_as_small_as_libjpegs() {
    let Some(oracle) = oracle() else { return };
    let photo = Source::photo((700, 600), true);
    let waves = Source::waves((720, 540), true);
    for source in [photo, waves] {
        for quality in [30, 50, 80, 95, 100] {
            let sizes = [false, true].map(|progressive| {
                let ours = source.encode(quality, progressive).len();
                let theirs = source.by_libjpeg(&oracle, quality, progressive).len();
                println!("{quality} {progressive}: {ours} bytes, libjpeg {theirs}");
                assert!(
                    ours * 1000 <= theirs * 1001,
                    "{quality} {progressive}: {ours} bytes, libjpeg {theirs}"
                );
                ours
            });
            // The headers of ten scans are more than what they save where little is left of a picture.
            let worth = quality >= 80;
            assert!(
                !worth || sizes[1] <= sizes[0],
                "progressive is larger: {sizes:?}"
            );
        }
    }
}

#[test]
fn all_sizes_are_read_alike_by_all_decoders() {
    for width in 1..=40 {
        for height in 1..=40 {
            for color in [false, true] {
                let source = Source::waves((width, height), color);
                // Each quality and way at some of the sizes.
                let quality = [1, 50, 80, 100][(width + 3 * height) as usize % 4];
                let progressive = (width + height) & 2 == 0;
                is_read_alike(&source, quality, progressive);
            }
        }
    }
}

#[test]
fn all_settings_are_read_alike_by_all_decoders() {
    for size in [(1, 1), (8, 8), (17, 16), (40, 33), (211, 135)] {
        for color in [false, true] {
            let source = Source::waves(size, color);
            for quality in [1, 50, 80, 100] {
                for progressive in [false, true] {
                    is_read_alike(&source, quality, progressive);
                }
            }
        }
    }
}

fn is_read_alike(source: &Source, quality: u8, progressive: bool) {
    let name = format!("{:?} {} {quality} {progressive}", source.size, source.color);
    let file = source.encode(quality, progressive);
    let ours = decoded(&file);
    assert_eq!(ours.len(), if source.color { 3 } else { 1 }, "{name}");
    for (plane, written) in ours.iter().zip(&source.planes) {
        assert_eq!(plane.samples.len(), written.len(), "{name}");
        if quality == 100 {
            let off = off(&plane.samples, written);
            assert!(off <= 3, "{name}: off by {off}");
        }
    }
    let space = if source.color {
        ColorSpace::YCbCr
    } else {
        ColorSpace::Luma
    };
    let (width, height, theirs) =
        support::by_zune(&file, space).unwrap_or_else(|| panic!("{name}"));
    assert_eq!((width as u32, height as u32), source.size, "{name}");
    let luma: Vec<_> = theirs.iter().copied().step_by(ours.len()).collect();
    let off_zune = off(&luma, &ours[0].samples);
    assert!(off_zune <= 2, "{name}: zune-jpeg is off by {off_zune}");

    let mut decoder = jpeg_decoder::Decoder::new(&file[..]);
    let pixels = decoder
        .decode()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let info = decoder.info().expect("decoded");
    let size = (u32::from(info.width), u32::from(info.height));
    assert_eq!(size, source.size, "{name}");
    if info.pixel_format == PixelFormat::L8 {
        let off = off(&pixels, &ours[0].samples);
        assert!(off <= 2, "{name}: jpeg-decoder is off by {off}");
    }
}

#[test]
fn the_mean_of_colours_comes_back() {
    let rgb = support::pixels(201, 99);
    let planes = Planes::of_rgb(&rgb, 201, 99).expect("a valid size");
    let settings = Settings {
        quality: 100,
        ..Settings::default()
    };
    let file = planes.picture().encode(&settings).expect("a valid picture");
    let (.., pixels) = support::by_zune(&file, ColorSpace::RGB).expect("a picture");
    for channel in 0..3 {
        let sum = |pixels: &[u8]| -> i64 {
            pixels
                .iter()
                .skip(channel)
                .step_by(3)
                .map(|&v| i64::from(v))
                .sum()
        };
        let off = (sum(&pixels) - sum(&rgb)).abs();
        assert!(off < 201 * 99, "channel {channel} is off by {off} in all");
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    let plane = |width, height, samples| Plane {
        width,
        height,
        samples: Samples::Bytes(samples),
    };
    let error = |picture: Picture<'_>| {
        let refused = picture.encode(&Settings::default());
        refused.expect_err("no picture").to_string()
    };
    let none = "a JPEG has 1 to 65535 pixels a side, not 0 x 3";
    assert_eq!(error(Picture::Gray(plane(0, 3, &[]))), none);
    let long = vec![0; 65_536];
    assert!(error(Picture::Gray(plane(1, 65_536, &long))).contains("65536"));
    assert!(plane_encodes(plane(1, 65_535, &long[1..])));
    assert_eq!(
        error(Picture::Gray(plane(3, 3, &[1; 8]))),
        "luma has 8 bytes where its size takes 9"
    );
    let color = |blue, red| Picture::YCbCr {
        luma: plane(3, 3, &[1; 9]),
        chroma: [blue, red],
    };
    let fits = plane(2, 2, &[1; 4]);
    assert_eq!(
        error(color(fits, plane(3, 3, &[1; 9]))),
        "a plane of chroma has 3 x 3 samples where 2 x 2 are half of the picture"
    );
    assert!(error(color(plane(2, 2, &[1; 5]), fits)).contains("5 bytes"));
    for quality in [0, 101, 255] {
        let settings = Settings {
            quality,
            ..Settings::default()
        };
        let refused = color(fits, fits).encode(&settings);
        assert_eq!(refused, Err(Error::Quality(quality)));
    }
}

fn plane_encodes(plane: Plane<'_>) -> bool {
    Picture::Gray(plane).encode(&Settings::default()).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn noise_of_any_size_comes_back(
        width in 1_u32..70,
        height in 1_u32..70,
        color in any::<bool>(),
        progressive in any::<bool>(),
        quality in 1_u8..=100,
        contrast in any::<u8>(),
        seed in any::<u32>(),
    ) {
        let source = Source::new((width, height), color, |plane, x, y| {
            let at = seed ^ plane << 24 ^ y << 12 ^ x;
            let mixed = at.wrapping_mul(0x9E37_79B9);
            let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA6B);
            (mixed >> 24) as u8 & contrast
        });
        let planes = decoded(&source.encode(quality, progressive));
        prop_assert_eq!(&planes, &decoded(&source.encode(quality, !progressive)));
        for (plane, written) in planes.iter().zip(&source.planes) {
            prop_assert_eq!(plane.samples.len(), written.len());
            if quality == 100 {
                prop_assert!(off(&plane.samples, written) <= 3);
            }
        }
    }
}

#[test]
fn quarters_are_bytes_with_two_bits_more() {
    let (width, height) = (37, 29);
    let quarters: Vec<u16> = (0..width * height).map(|i| (i * i % 1021) as u16).collect();
    let encoded = |samples: Samples<'_>| {
        let plane = Plane {
            width,
            height,
            samples,
        };
        let settings = Settings {
            quality: 100,
            ..Settings::default()
        };
        Picture::Gray(plane)
            .encode(&settings)
            .expect("a valid size")
    };
    // Whole numbers give the same file.
    let bytes: Vec<u8> = quarters.iter().map(|&sample| (sample / 4) as u8).collect();
    let whole: Vec<u16> = bytes.iter().map(|&sample| u16::from(sample) * 4).collect();
    let file = encoded(Samples::Bytes(&bytes));
    assert_eq!(encoded(Samples::Quarters(&whole)), file);
    // The others come nearer to what they are than bytes do, and what is too large is white.
    assert_ne!(encoded(Samples::Quarters(&quarters)), file);
    let half = vec![4 * 100 + 2; quarters.len()];
    let decoder = Decoder::new(&encoded(Samples::Quarters(&half)), &Limits::default())
        .map(|decoder| jpeg::Planes::of(&decoder, &[jpeg::Eighths::ALL], Options::default()));
    let mean = |planes: &jpeg::Planes| {
        let samples = &planes.0[0].samples;
        let count = u32::try_from(samples.len()).expect("few");
        samples.iter().map(|&v| f64::from(v)).sum::<f64>() / f64::from(count)
    };
    let planes = decoder.expect("a JPEG").expect("a picture");
    assert!((mean(&planes) - 100.5).abs() <= 0.5, "{}", mean(&planes));
    let (most, white) = (vec![u16::MAX; quarters.len()], vec![255; quarters.len()]);
    let most = encoded(Samples::Quarters(&most));
    assert_eq!(most, encoded(Samples::Bytes(&white)));
}
