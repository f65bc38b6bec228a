//! What a request of `resize-image` may ask for, by the real process over the Lambda Runtime API.

mod pictures;
mod support;

#[path = "options/idempotence.rs"]
mod idempotence;
#[path = "options/sizes.rs"]
mod sizes;

use image::{DynamicImage, ImageFormat};
use lambda::FailureName;
use serde_json::{Value, json};
use support::s3::etag;
use support::{Behaviour, Lambda, Put, photo, refused};

/// The one result of `a.jpg` with these options, and what is said of it.
fn made(lambda: &Lambda, options: &Value) -> (Value, Put) {
    let before = lambda.puts().len();
    let outcome = lambda.resize_with("a.jpg", options);
    assert!(outcome.succeeded, "{options}: {:?}", outcome.body);
    let mut puts = lambda.puts();
    assert_eq!(puts.len(), before + 1, "{options}");
    (outcome.body, puts.pop().expect("a result"))
}

fn picture(put: &Put) -> DynamicImage {
    if put.content_type == "image/jpeg" {
        return pictures::read_jpeg(&put.body).0;
    }
    let format = ImageFormat::from_mime_type(&put.content_type).expect("a known type");
    image::load_from_memory_with_format(&put.body, format).expect("a whole image")
}

fn with_force(mut options: Value) -> Value {
    options["force"] = Value::from(true);
    options
}

/// Whether a JPEG is written in several scans: its frame says so.
fn is_progressive(jpeg: &[u8]) -> bool {
    jpeg.windows(2).any(|marker| marker == [0xFF, 0xC2])
}

#[test]
fn each_option_does_what_it_says() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(1600, 1200)));
    for (options, size) in [
        (json!({"width": 400}), (400, 300)),
        (json!({"height": 150}), (200, 150)),
        (json!({"width": 400, "height": 150}), (200, 150)),
        (
            json!({"width": 400, "height": 150, "fit": "inside"}),
            (200, 150),
        ),
        (
            json!({"width": 400, "height": 150, "fit": "cover"}),
            (400, 150),
        ),
        (
            json!({"width": 400, "height": 150, "fit": "contain"}),
            (400, 150),
        ),
        (
            json!({"width": 400, "height": 150, "fit": "fill"}),
            (400, 150),
        ),
        (json!({"fit": "cover"}), (720, 720)),
        (json!({"width": 5000}), (1600, 1200)),
    ] {
        // Some of them are others in other words.
        let (said, put) = made(&lambda, &with_force(options.clone()));
        let found = picture(&put);
        assert_eq!((found.width(), found.height()), size, "{options}");
        assert_eq!(said["width"], size.0, "{options}");
        assert_eq!(said["height"], size.1, "{options}");
        assert_eq!(put.path, b"resized/thumbs/a.jpg");
        assert_eq!(said["format"], "jpeg");
        assert!(!is_progressive(&put.body), "{options}");
    }
    for (format, content_type) in [
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("webp", "image/webp"),
        ("gif", "image/gif"),
    ] {
        let (said, put) = made(
            &lambda,
            &json!({"format": format, "width": 64, "force": true}),
        );
        assert_eq!(put.content_type, content_type);
        assert_eq!(said["format"], format);
        assert_eq!(said["content_type"], content_type);
        assert_eq!(said["source_format"], "jpeg");
        let found = picture(&put);
        assert_eq!((found.width(), found.height()), (64, 48));
    }
    let bytes = |quality| {
        let (said, put) = made(&lambda, &json!({"quality": quality, "force": true}));
        assert_eq!(said["bytes"], put.body.len());
        put.body.len()
    };
    assert!(bytes(40) < bytes(80) && bytes(80) < bytes(95));
    let (_, put) = made(&lambda, &json!({"progressive": true}));
    assert!(is_progressive(&put.body));
    let (said, put) = made(&lambda, &json!({"outputKey": "thumbs/x/y z.jpg"}));
    assert_eq!(said["image_key"], "thumbs/x/y z.jpg");
    assert_eq!(put.path, b"resized/thumbs/x/y z.jpg");
}

#[test]
fn an_original_that_breaks_off_is_resized_only_if_that_is_allowed() {
    let lambda = Lambda::start();
    let whole = photo(640, 480);
    let cut = whole[..whole.len() / 2].to_vec();
    lambda.has("a.jpg", Behaviour::Object(cut));
    for options in [json!({}), json!({"allowTruncated": false})] {
        refused(
            &lambda.resize_with("a.jpg", &options),
            FailureName::CorruptImage,
            &["s3://originals/a.jpg", "breaks off"],
        );
    }
    let (said, put) = made(&lambda, &json!({"allowTruncated": true}));
    let share = said["share"].as_f64().expect("a number");
    assert!((0.2..0.9).contains(&share), "{share}");
    assert_eq!(
        (said["width"].clone(), said["height"].clone()),
        (json!(640), json!(480))
    );
    assert_eq!(put.note("source-share"), Some(share.to_string().as_str()));
    // Nothing of it is taken for a result of a request that does not allow it.
    refused(&lambda.resize("a.jpg"), FailureName::CorruptImage, &[]);
    lambda.has("a.jpg", Behaviour::Object(whole));
    let (said, _) = made(&lambda, &json!({"allowTruncated": true}));
    assert_eq!(said["share"], 1.0);
}

#[test]
fn an_animation_is_said_to_be_one() {
    let lambda = Lambda::start();
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for color in [[255, 0, 0, 255], [0, 255, 0, 255]] {
            let frame = image::RgbaImage::from_pixel(20, 20, image::Rgba(color));
            let frame = image::Frame::new(frame);
            encoder.encode_frame(frame).expect("valid");
        }
    }
    lambda.has("a.jpg", Behaviour::Object(gif));
    let (said, put) = made(&lambda, &json!({}));
    assert_eq!(said["animated"], true);
    assert_eq!(said["source_format"], "gif");
    let first = picture(&put).to_rgb8().get_pixel(3, 3).0;
    assert_eq!(first, [255, 0, 0]);
    let again = lambda.resize("a.jpg").body;
    assert_eq!(again["animated"], true);
    assert_eq!(again["computed"], false);
}

#[test]
fn what_is_only_read_is_written_as_something_else() {
    let lambda = Lambda::start();
    let bmp = pictures::file(pictures::quarters(30, 20), ImageFormat::Bmp);
    lambda.has("a.jpg", Behaviour::Object(bmp));
    let (said, _) = made(&lambda, &json!({}));
    assert_eq!(
        (&said["source_format"], &said["format"]),
        (&json!("bmp"), &json!("jpeg"))
    );
}

#[test]
fn an_object_says_how_long_it_may_be_kept_and_what_it_was_made_from() {
    let source = photo(1600, 1200);
    for (variable, header) in [
        (Some("max-age=300"), Some("max-age=300")),
        (Some(""), None),
        (None, None),
    ] {
        let lambda = Lambda::start_with(&[("CACHE_CONTROL", variable)]);
        lambda.has("a.jpg", Behaviour::Version(source.clone(), "v7"));
        let (_, put) = made(&lambda, &json!({"width": 300, "format": "webp"}));
        let found = put.headers.get("cache-control").map(String::as_str);
        assert_eq!(found, header);
        assert_eq!(put.content_type, "image/webp");
        let bytes = source.len().to_string();
        for (note, value) in [
            ("source-etag", etag(&source).as_str()),
            ("source-version", "v7"),
            ("source-modified", "2025-01-01T10:20:30Z"),
            ("source-bytes", bytes.as_str()),
            ("source-width", "1600"),
            ("source-height", "1200"),
            ("source-format", "jpeg"),
            ("source-animated", "false"),
            ("source-share", "1"),
            ("format", "webp"),
            ("width", "300"),
            ("height", "225"),
        ] {
            assert_eq!(put.note(note), Some(value), "{note}");
        }
        assert_eq!(put.note("digest").map(str::len), Some(32));
        assert_eq!(put.note("source-sequencer"), None);
    }
}

#[test]
fn how_large_an_original_may_be_is_a_setting() {
    let source = photo(1200, 1000);
    for (variable, taken) in [(Some("1"), false), (Some("2"), true), (None, true)] {
        let lambda = Lambda::start_with(&[("MAX_MEGAPIXELS", variable)]);
        lambda.has("a.jpg", Behaviour::Object(source.clone()));
        let outcome = lambda.resize("a.jpg");
        assert_eq!(outcome.succeeded, taken, "{variable:?}");
        if !taken {
            refused(
                &outcome,
                FailureName::ImageTooLarge,
                &["1200000 pixels", "1000000 are taken"],
            );
        }
    }
}

#[test]
fn what_asks_for_more_than_fits_in_memory_is_refused() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(300, 200)));
    let canvas = json!({"width": 16_383, "height": 16_383, "fit": "contain"});
    let too_much = lambda.resize_with("a.jpg", &canvas);
    refused(&too_much, FailureName::ImageTooLarge, &["ask for less"]);
    let sizes: Vec<_> = (0..16)
        .map(|index| json!({"width": 4000, "height": 4000 - index, "fit": "contain"}))
        .collect();
    let too_much = lambda.resize_with("a.jpg", &json!({"sizes": sizes}));
    refused(&too_much, FailureName::ImageTooLarge, &["ask for less"]);
    assert!(lambda.resize("a.jpg").succeeded);
}

#[test]
fn a_profile_of_no_use_is_a_line_of_the_log() {
    let lambda = Lambda::start();
    let jpeg = pictures::jpeg(&pictures::quarters(64, 48), false);
    let source = pictures::jpeg_with_profile(&jpeg, &[7; 500], 60_000);
    lambda.has("a.jpg", Behaviour::Object(source));
    let sizes = json!({"sizes": [{"width": 30}, {"width": 20}, {"width": 10}]});
    assert!(lambda.resize_with("a.jpg", &sizes).succeeded);
    let log = lambda.log();
    // Once: there are three results of one decoding.
    assert_eq!(log.len(), 2, "{log:#?}");
    assert_eq!(log[0]["level"], "WARN");
    assert_eq!(log[0]["bucket"], "originals");
    assert_eq!(log[0]["key"], "a.jpg");
    assert_eq!(log[0]["request_id"], log[1]["request_id"]);
    let note = log[0]["note"].as_str().expect("a text");
    assert!(note.contains("ICC profile"), "{note}");
    assert_eq!(log[1]["outcome"], "success");
    assert_eq!(log[1]["results"], 3);
    assert_eq!(log[1]["computed"], 3);
}
