//! What can be asked of a result: how it goes into its box, its format and quality, and several from one source.

mod pictures;

use image::{GenericImageView, ImageFormat, Rgba, RgbaImage};
use lambda::FailureName;
use lambda::engine::{Bounds, Fit, Format, Options, Output, resize};
use pictures::{BLUE, GRAY, GREEN, RED, Thumbnail};
use proptest::prelude::*;

fn bounds(max_width: u32, max_height: u32) -> Bounds {
    Bounds {
        max_width,
        max_height,
    }
}

fn made(source: &[u8], output: Output) -> Thumbnail {
    pictures::resize(source, output, &Options::default()).expect("a valid image")
}

fn pixels(result: &Thumbnail) -> RgbaImage {
    let image = if result.format == Format::Jpeg {
        pictures::read_jpeg(&result.bytes).0
    } else {
        image::load_from_memory(&result.bytes).expect("a whole image")
    };
    assert_eq!(image.dimensions(), (result.width, result.height));
    image.to_rgba8()
}

#[track_caller]
fn is_color(pixel: Rgba<u8>, color: [u8; 3]) {
    let off = pixel.0.iter().zip(color).map(|(a, b)| a.abs_diff(b)).max();
    assert!(off <= Some(24), "{pixel:?} instead of {color:?}");
}

/// Sources that are 200 by 100 and stand upright, in each way of decoding.
fn sources() -> Vec<(&'static str, Vec<u8>)> {
    let image = pictures::quarters(200, 100);
    // Stored on its side: what is turned clockwise shows the upright picture.
    let side = image::imageops::rotate270(&image);
    let turned =
        pictures::with_segments(&pictures::jpeg(&side, false), &[pictures::exif_segment(6)]);
    vec![
        ("jpeg", pictures::jpeg(&image, false)),
        ("progressive", pictures::jpeg(&image, true)),
        ("turned", turned),
        ("png", pictures::file(image.clone(), ImageFormat::Png)),
        ("webp", pictures::lossy_webp(&image)),
        (
            "lossless webp",
            pictures::file(image.clone(), ImageFormat::WebP),
        ),
        ("bmp", pictures::file(image.clone(), ImageFormat::Bmp)),
    ]
}

#[test]
fn cover_shows_the_middle() {
    for (name, source) in sources() {
        println!("{name}");
        let output = Output {
            bounds: bounds(40, 40),
            fit: Fit::Cover,
            ..Output::default()
        };
        let result = made(&source, output);
        assert_eq!((result.width, result.height), (40, 40));
        let image = pixels(&result);
        for ((x, y), color) in [
            ((5, 5), RED),
            ((34, 5), GREEN),
            ((5, 34), BLUE),
            ((34, 34), GRAY),
        ] {
            is_color(*image.get_pixel(x, y), color);
        }
        // The middle is in the middle: the colours change there.
        is_color(*image.get_pixel(17, 10), RED);
        is_color(*image.get_pixel(22, 10), GREEN);
    }
}

#[test]
fn cover_cuts_what_sticks_out() {
    // Bars of 20 pixels; of 200 by 100 a box of 100 by 100 shows those from 50 to 150.
    let image = image::RgbImage::from_fn(200, 100, |x, _| {
        image::Rgb(if (50..150).contains(&x) { GREEN } else { RED })
    });
    for source in [
        pictures::file(image.clone(), ImageFormat::Png),
        pictures::jpeg(&image, false),
    ] {
        for side in [100, 50, 17] {
            let output = Output {
                bounds: bounds(side, side),
                fit: Fit::Cover,
                format: Some(Format::Png),
                ..Output::default()
            };
            let result = pixels(&made(&source, output));
            assert_eq!(result.dimensions(), (side, side));
            for x in [2, side / 2, side - 3] {
                is_color(*result.get_pixel(x, side / 2), GREEN);
            }
        }
    }
}

#[test]
fn contain_puts_the_picture_on_a_canvas() {
    for (name, source) in sources() {
        for format in Format::WRITTEN {
            println!("{name} as {format}");
            let output = Output {
                bounds: bounds(60, 60),
                fit: Fit::Contain,
                format: Some(format),
                ..Output::default()
            };
            let result = made(&source, output);
            assert_eq!((result.width, result.height), (60, 60));
            let image = pixels(&result);
            for y in [4, 55] {
                let pixel = *image.get_pixel(30, y);
                if format == Format::Jpeg {
                    is_color(pixel, [255; 3]);
                } else {
                    assert_eq!(pixel[3], 0);
                }
            }
            is_color(*image.get_pixel(10, 20), RED);
            is_color(*image.get_pixel(50, 40), GRAY);
        }
    }
}

#[test]
fn fill_stretches() {
    for (name, source) in sources() {
        println!("{name}");
        let output = Output {
            bounds: bounds(50, 80),
            fit: Fit::Fill,
            ..Output::default()
        };
        let result = made(&source, output);
        assert_eq!((result.width, result.height), (50, 80));
        let image = pixels(&result);
        for ((x, y), color) in [
            ((8, 10), RED),
            ((42, 10), GREEN),
            ((8, 70), BLUE),
            ((42, 70), GRAY),
        ] {
            is_color(*image.get_pixel(x, y), color);
        }
    }
}

#[test]
fn every_format_becomes_every_format() {
    for (name, source) in sources() {
        for format in Format::WRITTEN {
            println!("{name} as {format}");
            let output = Output {
                bounds: bounds(80, 80),
                format: Some(format),
                ..Output::default()
            };
            let result = made(&source, output);
            assert_eq!(result.format, format);
            assert_eq!(Format::of(&result.bytes), Some(format));
            assert_eq!((result.width, result.height), (80, 40));
            let image = pixels(&result);
            is_color(*image.get_pixel(10, 10), RED);
            is_color(*image.get_pixel(70, 30), GRAY);
        }
    }
}

#[test]
fn what_is_only_read_cannot_be_asked_for() {
    let source = pictures::jpeg(&pictures::quarters(20, 20), false);
    let output = Output {
        format: Some(Format::Tiff),
        ..Output::default()
    };
    let error = pictures::resize(&source, output, &Options::default()).expect_err("not written");
    assert_eq!(error.name(), FailureName::InternalError);
    assert!(error.chain().contains("TIFF"), "{}", error.chain());
}

#[test]
fn what_is_transparent_is_white_in_a_jpeg() {
    let image = RgbaImage::from_fn(100, 60, |x, _| {
        Rgba(if x < 50 {
            [10, 10, 250, 255]
        } else {
            [250, 10, 10, 0]
        })
    });
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let output = Output {
            bounds: bounds(50, 50),
            format: Some(Format::Jpeg),
            ..Output::default()
        };
        let image = pixels(&made(&pictures::file(image.clone(), format), output));
        is_color(*image.get_pixel(10, 15), BLUE);
        is_color(*image.get_pixel(40, 15), [255; 3]);
    }
}

#[test]
fn quality_and_scans_are_as_asked() {
    let source = pictures::jpeg(&pictures::detailed(400, 300), false);
    let size = |quality, progressive, format| {
        let output = Output {
            quality,
            progressive,
            format: Some(format),
            ..Output::default()
        };
        let result = made(&source, output);
        let progressive_frame = result.bytes.windows(2).any(|pair| pair == [0xFF, 0xC2]);
        if format == Format::Jpeg {
            assert_eq!(progressive_frame, progressive);
        }
        pixels(&result);
        result.bytes.len()
    };
    for format in [Format::Jpeg, Format::WebP] {
        assert!(size(30, false, format) < size(80, false, format));
        assert!(size(80, false, format) < size(100, false, format));
    }
    size(80, true, Format::Jpeg);
}

#[test]
fn several_results_are_those_that_one_by_one_would_be() {
    let outputs = [
        Output::default(),
        Output {
            bounds: bounds(30, 30),
            fit: Fit::Cover,
            ..Output::default()
        },
        Output {
            bounds: bounds(64, 64),
            format: Some(Format::Png),
            ..Output::default()
        },
        Output {
            bounds: bounds(9, 500),
            fit: Fit::Contain,
            format: Some(Format::WebP),
            ..Output::default()
        },
    ];
    for (name, source) in sources() {
        println!("{name}");
        let all = resize(&source, &outputs, &Options::default()).expect("valid");
        assert_eq!(all.results.len(), outputs.len());
        let again = resize(&source, &outputs, &Options::default()).expect("valid");
        assert_eq!(all, again, "the same bytes each time");
        for (output, result) in outputs.iter().zip(&all.results) {
            let alone = resize(&source, &[*output], &Options::default()).expect("valid");
            let alone = &alone.results[0];
            assert_eq!(
                (result.format, result.width, result.height),
                (alone.format, alone.width, alone.height)
            );
        }
        // The largest decides what is decoded.
        let first = resize(&source, &outputs[..1], &Options::default()).expect("valid");
        assert_eq!(all.results[0], first.results[0]);
    }
}

#[test]
fn what_there_is_of_a_cut_picture_is_resized_when_asked() {
    let image = pictures::detailed(400, 300);
    let options = Options {
        allow_truncated: true,
        ..Options::default()
    };
    let exact = Output {
        format: Some(Format::Png),
        ..Output::default()
    };
    let png = pictures::file(image.clone(), ImageFormat::Png);
    for (name, whole) in [
        ("jpeg", pictures::jpeg(&image, false)),
        ("progressive", pictures::jpeg(&image, true)),
        ("png", png),
        ("webp", pictures::lossy_webp(&image)),
        ("lossless webp", pictures::file(image, ImageFormat::WebP)),
    ] {
        let all = pictures::resize(&whole, exact, &options).expect("whole");
        assert!((all.share - 1.0).abs() < f64::EPSILON, "{name}");
        let mut before = 0.0;
        for percent in [40, 60, 80, 95] {
            let cut = &whole[..whole.len() * percent / 100];
            let error = pictures::resize(cut, exact, &Options::default());
            assert_eq!(
                error.expect_err("cut").name(),
                FailureName::CorruptImage,
                "{name}"
            );
            let part = pictures::resize(cut, exact, &options);
            let part = part.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
            assert_eq!((part.width, part.height), (400, 300));
            assert!(
                before <= part.share && part.share < 1.0,
                "{name}: {}",
                part.share
            );
            before = part.share;
            // The top is as it is in the whole picture.
            let (found, whole) = (pixels(&part), pixels(&all));
            if name != "progressive" {
                let off = (0..400).map(|x| {
                    let (a, b) = (found.get_pixel(x, 4), whole.get_pixel(x, 4));
                    a.0.iter()
                        .zip(b.0)
                        .map(|(a, b)| u32::from(a.abs_diff(b)))
                        .sum::<u32>()
                });
                assert!(off.sum::<u32>() < 400, "{name}");
            }
        }
        assert!(before > 0.5, "{name}: {before}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_options_give_the_size_of_the_rule(
        (width, height) in (1u32..300, 1u32..300),
        (max_width, max_height) in (1u32..200, 1u32..200),
        orientation in 1u8..=8,
        fit in prop::sample::select(vec![Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill]),
        format in prop::option::of(prop::sample::select(Format::WRITTEN.to_vec())),
        quality in 1u8..=100,
        progressive: bool,
        png: bool,
    ) {
        let image = pictures::detailed(width, height);
        let source = if png {
            let exif = pictures::png_chunk(*b"eXIf", &pictures::exif(orientation, 3));
            pictures::with_chunks(&pictures::file(image, ImageFormat::Png), &[exif])
        } else {
            let segments = [pictures::exif_segment(orientation)];
            pictures::with_segments(&pictures::jpeg(&image, progressive), &segments)
        };
        let output = Output { bounds: bounds(max_width, max_height), fit, format, quality, progressive };
        let result = made(&source, output);
        let (w, h) = if orientation > 4 { (height, width) } else { (width, height) };
        prop_assert_eq!((result.source_width, result.source_height), (w, h));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the side"
        )]
        let rule = |side: u32, scale: f64| ((f64::from(side) * scale + 0.5).floor() as u32).max(1);
        let across = f64::from(max_width) / f64::from(w);
        let down = f64::from(max_height) / f64::from(h);
        let inside = across.min(down).min(1.0);
        let cover = across.max(down).min(1.0);
        let expected = match fit {
            Fit::Inside => (rule(w, inside), rule(h, inside)),
            Fit::Cover => (rule(w, cover).min(max_width), rule(h, cover).min(max_height)),
            Fit::Contain => (max_width, max_height),
            Fit::Fill => (w.min(max_width), h.min(max_height)),
        };
        prop_assert_eq!((result.width, result.height), expected);
        pixels(&result);
    }
}
