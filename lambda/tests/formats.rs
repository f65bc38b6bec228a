//! What comes out for each format: size, orientation, colour model, transparency.

mod pictures;

use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};
use lambda::engine::{Bounds, Format, Limits, Options, Output};
use pictures::{BLUE, GRAY, GREEN, RED, Thumbnail, thumbnail};

fn resized(source: &[u8]) -> Thumbnail {
    thumbnail(source, Bounds::default(), &Limits::default()).expect("a valid image")
}

fn within(source: &[u8], side: u32) -> Thumbnail {
    let bounds = Bounds {
        max_width: side,
        max_height: side,
    };
    thumbnail(source, bounds, &Limits::default()).expect("a valid image")
}

/// Reads a result; a JPEG by another decoder than the engine's.
fn pixels(result: &Thumbnail) -> DynamicImage {
    let image = if result.format == Format::Jpeg {
        pictures::read_jpeg(&result.bytes).0
    } else {
        image::load_from_memory(&result.bytes).expect("a whole image")
    };
    assert_eq!(
        image.dimensions(),
        (result.width, result.height),
        "the size that is claimed"
    );
    image
}

#[track_caller]
fn quarters_are(image: &DynamicImage, expected: [[u8; 3]; 4]) {
    let (width, height) = image.dimensions();
    let image = image.to_rgb8();
    let places = [(1, 1), (3, 1), (1, 3), (3, 3)];
    for ((x, y), color) in places.into_iter().zip(expected) {
        let pixel = image.get_pixel(width * x / 4, height * y / 4).0;
        let off = pixel.iter().zip(color).map(|(a, b)| a.abs_diff(b)).max();
        assert!(
            off <= Some(24),
            "at {x}/4, {y}/4: {pixel:?} instead of {color:?}"
        );
    }
}

/// What the eight orientations make of red, green / blue, gray, and whether the sides swap.
const ORIENTED: [(u8, [[u8; 3]; 4], bool); 8] = [
    (1, [RED, GREEN, BLUE, GRAY], false),
    (2, [GREEN, RED, GRAY, BLUE], false),
    (3, [GRAY, BLUE, GREEN, RED], false),
    (4, [BLUE, GRAY, RED, GREEN], false),
    (5, [RED, BLUE, GREEN, GRAY], true),
    (6, [BLUE, RED, GRAY, GREEN], true),
    (7, [GRAY, GREEN, BLUE, RED], true),
    (8, [GREEN, GRAY, RED, BLUE], true),
];

#[test]
fn orientations_of_all_formats() {
    let image = pictures::quarters(96, 64);
    let baseline = pictures::jpeg(&image, false);
    let progressive = pictures::jpeg(&image, true);
    let png = pictures::file(image.clone(), ImageFormat::Png);
    let lossless = pictures::file(image.clone(), ImageFormat::WebP);
    let lossy = pictures::lossy_webp(&image);
    for (number, expected, swapped) in ORIENTED {
        let short = pictures::exif(number, 3);
        let long = pictures::exif(number, 4);
        let prefixed = [b"Exif\0\0".as_slice(), &short].concat();
        let webp = |file: &[u8], block: &[u8]| {
            pictures::extended_webp(
                file,
                (96, 64),
                1 << 3,
                b"",
                &pictures::riff(*b"EXIF", block),
            )
        };
        let sources = [
            (
                "jpeg",
                pictures::with_segments(&baseline, &[pictures::exif_segment(number)]),
            ),
            (
                "progressive",
                pictures::with_segments(&progressive, &[pictures::exif_segment(number)]),
            ),
            (
                "png",
                pictures::with_chunks(&png, &[pictures::png_chunk(*b"eXIf", &short)]),
            ),
            (
                "png, LONG",
                pictures::with_chunks(&png, &[pictures::png_chunk(*b"eXIf", &long)]),
            ),
            ("webp", webp(&lossless, &short)),
            ("webp, prefixed", webp(&lossy, &prefixed)),
            ("webp, LONG", webp(&lossy, &long)),
        ];
        for (name, source) in sources {
            println!("{name}, orientation {number}");
            let result = within(&source, 48);
            let size = if swapped { (32, 48) } else { (48, 32) };
            let source_size = if swapped { (64, 96) } else { (96, 64) };
            assert_eq!((result.width, result.height), size);
            assert_eq!((result.source_width, result.source_height), source_size);
            quarters_are(&pixels(&result), expected);
        }
    }
}

#[test]
fn the_first_of_two_exif_blocks_counts() {
    let jpeg = pictures::jpeg(&pictures::quarters(96, 64), false);
    let two = [pictures::exif_segment(6), pictures::exif_segment(3)];
    let result = resized(&pictures::with_segments(&jpeg, &two));
    assert_eq!((result.width, result.height), (64, 96));
}

#[test]
fn a_box_that_is_not_square_is_applied_upright() {
    let jpeg = pictures::jpeg(&pictures::quarters(400, 200), false);
    let turned = pictures::with_segments(&jpeg, &[pictures::exif_segment(6)]);
    let bounds = Bounds {
        max_width: 100,
        max_height: 50,
    };
    let result = thumbnail(&turned, bounds, &Limits::default()).expect("a valid image");
    assert_eq!((result.width, result.height), (25, 50));
}

/// Every format with a text in each place that it has for one.
fn with_secrets(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let gps = [b"Exif\0\0".as_slice(), &pictures::exif(1, 3), secret].concat();
    let text = [b"Comment\0".as_slice(), secret].concat();
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0".as_slice(), secret].concat();
    let image = pictures::quarters(96, 64);
    let mut icc = moxcms::ColorProfile::new_adobe_rgb()
        .encode()
        .expect("a profile");
    icc.extend(secret);
    let jpeg = |progressive| {
        let jpeg = pictures::jpeg(&image, progressive);
        let segments = [
            (0xE1, gps.clone()),
            (0xE1, xmp.clone()),
            (0xFE, secret.to_vec()),
            (0xED, secret.to_vec()),
            (0xEF, secret.to_vec()),
        ];
        let jpeg = pictures::with_segments(&jpeg, &segments);
        pictures::jpeg_with_profile(&jpeg, &icc, 60_000)
    };
    let png = pictures::file(image.clone(), ImageFormat::Png);
    let chunks = [
        pictures::png_chunk(*b"eXIf", &gps),
        pictures::png_chunk(*b"tEXt", &text),
        pictures::png_chunk(*b"iTXt", &[&text[..8], &[0; 4], secret].concat()),
        pictures::png_chunk(*b"teST", secret),
    ];
    let webp = |webp: &[u8]| {
        let behind = [
            pictures::riff(*b"EXIF", &gps),
            pictures::riff(*b"XMP ", secret),
        ];
        let flags = 1 << 3 | 1 << 2;
        pictures::extended_webp(webp, (96, 64), flags, b"", &behind.concat())
    };
    let gif = pictures::file(image.clone(), ImageFormat::Gif);
    let length = u8::try_from(secret.len()).expect("a short text");
    // Behind the header and its colour table, if there is one.
    let start = 13
        + if gif[10] & 0x80 == 0 {
            0
        } else {
            3 << ((gif[10] & 7) + 1)
        };
    let comment = [&[0x21, 0xFE, length][..], secret, &[0]].concat();
    let behind = |format| [pictures::file(image.clone(), format), secret.to_vec()].concat();
    vec![
        ("jpeg", jpeg(false)),
        ("progressive", jpeg(true)),
        ("png", pictures::with_chunks(&png, &chunks)),
        ("webp", webp(&pictures::lossy_webp(&image))),
        (
            "lossless webp",
            webp(&pictures::file(image.clone(), ImageFormat::WebP)),
        ),
        ("gif", [&gif[..start], &comment, &gif[start..]].concat()),
        ("bmp", behind(ImageFormat::Bmp)),
        ("qoi", behind(ImageFormat::Qoi)),
        ("tiff", behind(ImageFormat::Tiff)),
    ]
}

#[test]
fn no_metadata_survives() {
    let secret = b"N 50 06.5 E 14 25.2";
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    for (name, source) in with_secrets(secret) {
        assert!(holds(&source, secret), "{name}");
        let kept = std::iter::once(None).chain(Format::WRITTEN.map(Some));
        for format in kept {
            let output = Output {
                format,
                ..Output::default()
            };
            let result = pictures::resize(&source, output, &Options::default());
            let result = result.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
            let left = [secret.as_slice(), b"Exif", b"http", b"acsp", b"Comment"];
            for text in left {
                assert!(!holds(&result.bytes, text), "{name} as {}", result.format);
            }
        }
    }
}

#[test]
fn gray_stays_gray_and_alpha_stays_alpha() {
    let gray = image::GrayImage::from_fn(900, 300, |x, _| {
        image::Luma([u8::try_from(x % 256).expect("masked")])
    });
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 90)
        .encode(&gray, 900, 300, jpeg_encoder::ColorType::Luma)
        .expect("valid");
    assert_eq!(pixels(&resized(&jpeg)).color(), image::ColorType::L8);
    let png = pictures::file(gray.clone(), ImageFormat::Png);
    assert_eq!(pixels(&resized(&png)).color(), image::ColorType::L8);
    for (image, color) in [
        (DynamicImage::new_luma_a8(900, 300), image::ColorType::La8),
        (DynamicImage::new_rgba8(900, 300), image::ColorType::Rgba8),
        (DynamicImage::new_rgb8(900, 300), image::ColorType::Rgb8),
        (DynamicImage::new_luma_a16(900, 300), image::ColorType::La8),
        (DynamicImage::new_rgb16(900, 300), image::ColorType::Rgb8),
    ] {
        let result = resized(&pictures::file(image, ImageFormat::Png));
        assert_eq!((result.width, result.height), (720, 240));
        assert_eq!(pixels(&result).color(), color);
    }
}

#[test]
fn sixteen_bits_become_eight_by_value() {
    let values = [
        (0, 0),
        (257, 1),
        (0x8080, 0x80),
        (0x80FF, 0x80),
        (0xFF00, 0xFE),
        (0xFF80, 0xFF),
        (0xFFFF, 255),
    ];
    for (wide, narrow) in values {
        let image = image::ImageBuffer::from_pixel(9, 9, image::Luma([wide]));
        let result = resized(&pictures::file(
            DynamicImage::ImageLuma16(image),
            ImageFormat::Png,
        ));
        assert_eq!(
            pixels(&result).to_luma8().get_pixel(4, 4).0,
            [narrow],
            "{wide:#x}"
        );
    }
}

#[test]
fn inks_become_light() {
    // Both ways a CMYK JPEG is stored.
    for kind in [
        jpeg_encoder::ColorType::Cmyk,
        jpeg_encoder::ColorType::CmykAsYcck,
    ] {
        for (inks, light) in [
            ([0, 0, 0, 0], [255, 255, 255]),
            ([0, 255, 255, 0], [255, 0, 0]),
            ([255, 0, 0, 0], [0, 255, 255]),
            ([0, 0, 0, 255], [0, 0, 0]),
            ([0, 0, 255, 128], [127, 127, 0]),
        ] {
            let mut jpeg = Vec::new();
            jpeg_encoder::Encoder::new(&mut jpeg, 95)
                .encode(&inks.repeat(64 * 64), 64, 64, kind)
                .expect("valid");
            let pixel = pixels(&within(&jpeg, 20)).to_rgb8().get_pixel(10, 10).0;
            let off = pixel
                .iter()
                .zip(light)
                .map(|(a, b): (&u8, u8)| a.abs_diff(b))
                .max();
            assert!(
                off <= Some(4),
                "{kind:?} {inks:?}: {pixel:?} instead of {light:?}"
            );
        }
    }
}

#[test]
fn transparent_colours_do_not_bleed() {
    let image = image::RgbaImage::from_fn(300, 300, |x, _| {
        image::Rgba(if x < 150 {
            [255, 0, 0, 255]
        } else {
            [0, 255, 0, 0]
        })
    });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let small = pixels(&within(&pictures::file(image.clone(), format), 77)).to_rgba8();
        let edges = small
            .pixels()
            .filter(|pixel| pixel[3] > 8 && pixel[3] < 255);
        assert!(edges.clone().count() > 0, "an edge is partly transparent");
        for pixel in small.pixels().filter(|pixel| pixel[3] > 8) {
            assert!(
                pixel[0] >= 240 && pixel[1] <= 15,
                "a fringe in {format:?}: {pixel:?}"
            );
        }
    }
}

#[test]
fn gif_keeps_colours_and_holes() {
    let image = image::RgbaImage::from_fn(90, 60, |x, y| match (x < 45, y < 30) {
        (true, true) => image::Rgba([255, 0, 0, 255]),
        (false, true) => image::Rgba([0, 0, 255, 255]),
        _ => image::Rgba([0, 0, 0, 0]),
    });
    let result = resized(&pictures::file(image.clone(), ImageFormat::Gif));
    assert_eq!(result.format.content_type(), "image/gif");
    assert_eq!(
        pixels(&result).to_rgba8(),
        image,
        "small enough and few colours: nothing changes"
    );
    let small = pixels(&within(&pictures::file(image, ImageFormat::Gif), 30)).to_rgba8();
    assert_eq!(small.get_pixel(5, 5).0, [255, 0, 0, 255]);
    assert_eq!(small.get_pixel(5, 18).0[3], 0);
}

#[test]
fn of_an_animation_the_first_frame() {
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for color in [[255, 0, 0, 255], [0, 255, 0, 255]] {
            let frame = image::RgbaImage::from_pixel(20, 20, image::Rgba(color));
            encoder
                .encode_frame(image::Frame::new(frame))
                .expect("valid");
        }
    }
    let result = resized(&gif);
    assert_eq!(pixels(&result).to_rgb8().get_pixel(3, 3).0, [255, 0, 0]);
    assert!(result.animated);
    // One picture, and then an animation that does not begin with it.
    let png = pictures::file(pictures::quarters(96, 64), ImageFormat::Png);
    let control = pictures::png_chunk(*b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let result = resized(&pictures::with_chunks(&png, &[control]));
    assert!(result.animated);
    quarters_are(&pixels(&result), [RED, GREEN, BLUE, GRAY]);
    assert!(!resized(&png).animated);
}

#[test]
fn what_is_only_read_becomes_jpeg_or_png() {
    let image = pictures::quarters(96, 64);
    let clear = image::RgbaImage::from_pixel(40, 30, image::Rgba([9, 200, 90, 128]));
    for format in [
        ImageFormat::Bmp,
        ImageFormat::Ico,
        ImageFormat::Qoi,
        ImageFormat::Tiff,
    ] {
        let result = resized(&pictures::file(clear.clone(), format));
        if format != ImageFormat::Bmp {
            assert_eq!(result.format, Format::Png, "{format:?}");
            assert_eq!(pixels(&result).to_rgba8(), clear, "{format:?}");
        }
        if format == ImageFormat::Ico {
            // Written with alpha whatever it has.
            continue;
        }
        let result = within(&pictures::file(image.clone(), format), 48);
        assert_eq!(result.format, Format::Jpeg, "{format:?}");
        assert_eq!((result.width, result.height), (48, 32));
        quarters_are(&pixels(&result), [RED, GREEN, BLUE, GRAY]);
    }
}

#[test]
fn a_tiff_is_turned() {
    let image = pictures::quarters(96, 64);
    let tiff = pictures::file(image, ImageFormat::Tiff);
    for (number, expected, swapped) in ORIENTED {
        for field_type in [3_u8, 4] {
            let turned = pictures::with_tiff_orientation(&tiff, number, field_type);
            let result = within(&turned, 48);
            let size = if swapped { (32, 48) } else { (48, 32) };
            assert_eq!((result.width, result.height), size, "orientation {number}");
            quarters_are(&pixels(&result), expected);
        }
    }
}

#[test]
fn webp_stays_lossy_or_lossless() {
    let image = pictures::detailed(200, 100);
    let lossless = resized(&pictures::file(image.clone(), ImageFormat::WebP));
    assert_eq!(pixels(&lossless).to_rgb8(), image);
    assert_eq!(&lossless.bytes[12..16], b"VP8L");
    let lossy = resized(&pictures::lossy_webp(&image));
    assert_eq!(&lossy.bytes[12..16], b"VP8 ");
}

#[test]
fn lines_of_one_pixel_are_resized() {
    for (width, height, size) in [
        (1, 5000, (1, 100)),
        (5000, 1, (100, 1)),
        (2, 5000, (1, 100)),
        (65_535, 9, (100, 1)),
    ] {
        let image = RgbImage::from_pixel(width, height, image::Rgb(BLUE));
        for source in [
            pictures::jpeg(&image, false),
            pictures::jpeg(&image, true),
            pictures::file(image.clone(), ImageFormat::Png),
        ] {
            let result = within(&source, 100);
            assert_eq!((result.width, result.height), size);
            quarters_are(&pixels(&result), [BLUE; 4]);
        }
    }
}

#[test]
fn photos_are_decoded_at_a_fraction_without_a_shift() {
    // 2,011 is no multiple of 8: the last column of the fraction stands for part of a pixel.
    let image = pictures::quarters(2011, 1203);
    let result = within(&pictures::jpeg(&image, false), 200);
    assert_eq!((result.width, result.height), (200, 120));
    let small = pixels(&result).to_rgb8();
    let exact = pixels(&within(&pictures::file(image, ImageFormat::Png), 200)).to_rgb8();
    let off: u64 = small
        .iter()
        .zip(exact.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    // 1.4 levels a channel, by JPEG itself; four columns too few make 3.5.
    assert!(off <= 150_000, "summed difference {off}");
}
