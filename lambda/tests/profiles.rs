//! Pictures with ICC profiles come out in sRGB, without them.

mod pictures;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use lambda::engine::{Bounds, Format, Limits, Options, Output};
use moxcms::ColorProfile;
use pictures::{Thumbnail, thumbnail};

/// A colour of Adobe RGB (1998), and the same in sRGB: by the formulas of both standards, to half a level.
const ADOBE: [u8; 3] = [200, 100, 50];
const SRGB: [u8; 3] = [227, 100, 42];

fn resized(source: &[u8]) -> Thumbnail {
    let bounds = Bounds {
        max_width: 48,
        max_height: 48,
    };
    thumbnail(source, bounds, &Limits::default()).expect("a valid image")
}

fn adobe() -> Vec<u8> {
    ColorProfile::new_adobe_rgb().encode().expect("a profile")
}

/// The middle of a result, read by another decoder than the engine's.
fn middle(result: &Thumbnail) -> [u8; 3] {
    let image: DynamicImage = if result.format == Format::Jpeg {
        let (image, icc) = pictures::read_jpeg(&result.bytes);
        assert_eq!(icc, None);
        image
    } else {
        image::load_from_memory(&result.bytes).expect("a whole image")
    };
    let image = image.to_rgb8();
    image.get_pixel(image.width() / 2, image.height() / 2).0
}

#[track_caller]
fn is_near(found: [u8; 3], expected: [u8; 3], off: u8) {
    let most = found.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max();
    assert!(most <= Some(off), "{found:?} instead of {expected:?}");
}

/// The same flat picture in every format that has profiles.
fn sources(color: [u8; 3], icc: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let image = RgbImage::from_pixel(96, 64, Rgb(color));
    let file = |format| pictures::file(image.clone(), format);
    let webp = |file: &[u8]| pictures::webp_with_profile(file, (96, 64), icc);
    vec![
        (
            "jpeg",
            pictures::jpeg_with_profile(&pictures::jpeg(&image, false), icc, 60_000),
        ),
        (
            "progressive, in pieces",
            pictures::jpeg_with_profile(
                &pictures::jpeg(&image, true),
                icc,
                (icc.len() / 5 + 1).min(60_000),
            ),
        ),
        (
            "png",
            pictures::png_with_profile(&file(ImageFormat::Png), icc),
        ),
        ("lossless webp", webp(&file(ImageFormat::WebP))),
        ("lossy webp", webp(&pictures::lossy_webp(&image))),
    ]
}

#[test]
fn wide_gamut_becomes_srgb_in_every_format() {
    for (name, source) in sources(ADOBE, &adobe()) {
        println!("{name}");
        let result = resized(&source);
        assert_eq!(result.notes, Vec::<String>::new());
        is_near(middle(&result), SRGB, 4);
        // The name of the primaries' tag is in no file without a profile.
        assert!(!result.bytes.windows(4).any(|window| window == b"rXYZ"));
    }
}

#[test]
fn srgb_changes_nothing_and_leaves_nothing() {
    let srgb = ColorProfile::new_srgb().encode().expect("a profile");
    for (name, source) in sources(ADOBE, &srgb) {
        println!("{name}");
        let result = resized(&source);
        is_near(middle(&result), ADOBE, 4);
        assert!(!result.bytes.windows(4).any(|window| window == b"acsp"));
    }
}

#[test]
fn a_profile_holds_for_any_result() {
    let image = RgbImage::from_pixel(96, 64, Rgb(ADOBE));
    let source = pictures::jpeg_with_profile(&pictures::jpeg(&image, false), &adobe(), 60_000);
    for format in Format::WRITTEN {
        let output = Output {
            format: Some(format),
            ..Output::default()
        };
        let result = pictures::resize(&source, output, &Options::default()).expect("valid");
        assert_eq!(result.format, format);
        is_near(middle(&result), SRGB, 6);
    }
}

#[test]
fn gray_profiles_are_for_gray() {
    let gray = image::GrayImage::from_pixel(96, 64, image::Luma([128]));
    let icc = ColorProfile::new_gray_with_gamma(1.8);
    let icc = icc.encode().expect("a profile");
    let png = pictures::png_with_profile(&pictures::file(gray, ImageFormat::Png), &icc);
    let result = resized(&png);
    assert_eq!(result.notes, Vec::<String>::new());
    is_near(middle(&result), [147; 3], 2);
}

#[test]
fn profiles_of_no_use_are_left_out_and_said() {
    let gray = ColorProfile::new_gray_with_gamma(2.2)
        .encode()
        .expect("a profile");
    let mut cut = adobe();
    cut.truncate(300);
    for icc in [gray, cut, vec![7; 500]] {
        for (name, source) in sources(ADOBE, &icc) {
            println!("{name}");
            let result = resized(&source);
            is_near(middle(&result), ADOBE, 4);
            assert_eq!(result.notes.len(), 1, "{:?}", result.notes);
            assert!(
                result.notes[0].contains("ICC profile"),
                "{:?}",
                result.notes
            );
        }
    }
}

#[test]
fn an_absurd_profile_is_not_read() {
    let limits = Limits::default();
    let mut icc = adobe();
    icc.resize(limits.max_icc_bytes + 1, 0);
    for (name, source) in sources(ADOBE, &icc) {
        println!("{name}");
        is_near(middle(&resized(&source)), ADOBE, 4);
    }
}

#[test]
fn inks_go_by_their_profile() {
    // A profile for inks is a table; this one says that any ink is one gray.
    let icc = pictures::one_gray_profile();
    for kind in [
        jpeg_encoder::ColorType::Cmyk,
        jpeg_encoder::ColorType::CmykAsYcck,
    ] {
        let mut jpeg = Vec::new();
        let inks = [40, 200, 90, 30].repeat(64 * 64);
        jpeg_encoder::Encoder::new(&mut jpeg, 95)
            .encode(&inks, 64, 64, kind)
            .expect("valid");
        let without = middle(&resized(&jpeg));
        is_near(without, [190, 48, 146], 6);
        let result = resized(&pictures::jpeg_with_profile(&jpeg, &icc, 60_000));
        assert_eq!(result.notes, Vec::<String>::new());
        let [r, g, b] = middle(&result);
        assert!(r.abs_diff(g) < 6 && g.abs_diff(b) < 6, "{:?}", [r, g, b]);
    }
}
