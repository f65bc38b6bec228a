//! What takes long. Ten thousand images through one process: as long as Lambda keeps it, it works, and its memory
//! stays. A decoder that does not end: it is ended.

mod pictures;
#[path = "worker/processes.rs"]
mod processes;
mod support;

use std::collections::BTreeSet;
use std::io::Write as _;

use image::{DynamicImage, ImageFormat};
use lambda::{FailureName, Format};
use serde_json::{Value, json};
use support::{Behaviour, Lambda, photo};

const INVOCATIONS: usize = 10_000;
/// After so many, what is kept for later invocations is there.
const WARM: usize = 1_000;
/// How much more there may be in the end, in KB.
const GROWTH: u64 = 4 * 1024;

/// An image of each format, and of its kinds.
fn images() -> Vec<(Format, Vec<u8>)> {
    let colors = pictures::detailed(48, 36);
    let alpha = DynamicImage::from(colors.clone()).to_rgba8();
    let file = |format| pictures::file(colors.clone(), format);
    vec![
        (Format::Jpeg, photo(64, 48)),
        (Format::Jpeg, pictures::jpeg(&colors, true)),
        (Format::Png, file(ImageFormat::Png)),
        (Format::Png, pictures::file(alpha.clone(), ImageFormat::Png)),
        (Format::WebP, pictures::lossy_webp(&colors)),
        (
            Format::WebP,
            pictures::file(alpha.clone(), ImageFormat::WebP),
        ),
        (Format::Gif, file(ImageFormat::Gif)),
        (Format::Bmp, file(ImageFormat::Bmp)),
        (Format::Ico, pictures::file(alpha.clone(), ImageFormat::Ico)),
        (Format::Qoi, file(ImageFormat::Qoi)),
        (Format::Tiff, file(ImageFormat::Tiff)),
        (
            Format::Avif,
            include_bytes!("../fuzz/seeds/avif/420").to_vec(),
        ),
    ]
}

/// What is no image, or a part of one.
fn broken() -> Vec<(&'static str, Vec<u8>, FailureName)> {
    let jpeg = photo(64, 48);
    let png = pictures::file(pictures::detailed(48, 36), ImageFormat::Png);
    let bomb = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02L\x01\0;";
    vec![
        (
            "cut.jpg",
            jpeg[..jpeg.len() / 2].to_vec(),
            FailureName::CorruptImage,
        ),
        (
            "cut.png",
            png[..png.len() / 3].to_vec(),
            FailureName::CorruptImage,
        ),
        ("bomb.gif", bomb.to_vec(), FailureName::ImageTooLarge),
        ("text", b"hello".to_vec(), FailureName::UnsupportedFormat),
        ("empty", Vec::new(), FailureName::CorruptImage),
    ]
}

/// Ways to be asked.
fn ways() -> [Value; 6] {
    [
        json!({"width": 20}),
        json!({"width": 16, "height": 16, "fit": "cover"}),
        json!({"format": "webp", "height": 15}),
        json!({"format": "png", "width": 12, "height": 24, "fit": "contain"}),
        json!({"format": "jpeg", "progressive": true, "quality": 60, "width": 25}),
        json!({"sizes": [{"width": 24}, {"width": 12, "format": "gif"}]}),
    ]
}

#[test]
fn ten_thousand_images_leave_nothing_behind() {
    // Nobody reads the log meanwhile.
    let mut lambda = Lambda::start_with(&[("RUST_LOG", Some("off"))]);
    let (images, broken, ways) = (images(), broken(), ways());
    for format in Format::ALL {
        assert!(images.iter().any(|(found, _)| *found == format), "{format}");
    }
    for (index, (_, file)) in images.iter().enumerate() {
        lambda.has(&index.to_string(), Behaviour::Object(file.clone()));
    }
    for (key, file, _) in &broken {
        lambda.has(key, Behaviour::Object(file.clone()));
    }
    let mut memory = Vec::new();
    // Which results are there, by image and way.
    let mut there = BTreeSet::new();
    for turn in 0..INVOCATIONS {
        if turn % 40 == 39 {
            let (key, _, name) = &broken[turn / 40 % broken.len()];
            let outcome = lambda.resize(key);
            assert_eq!(outcome.body["errorType"], name.as_str(), "{key}");
        } else {
            let image = turn % images.len();
            let way = turn / images.len() % ways.len();
            let mut options = ways[way].clone();
            if options.get("sizes").is_none() {
                options["outputKey"] = Value::from(format!("thumbs/{way}/{image}"));
            }
            let outcome = lambda.resize_with(&image.to_string(), &options);
            let body = &outcome.body;
            assert!(outcome.succeeded, "{turn}: {body}");
            let first = body["results"].get(0).unwrap_or(body);
            assert_eq!(first["computed"], there.insert((image, way)), "{turn}");
        }
        if turn % 100 == 99 {
            let mut s3 = lambda.s3();
            s3.puts.clear();
            s3.requests.clear();
            there.clear();
        }
        if turn % WARM == WARM - 1 {
            memory.extend(lambda.memory());
        }
    }
    assert!(lambda.alive());
    println!("KB after each thousand: {memory:?}");
    let Some((warm, later)) = memory.split_first() else {
        let missing = "no /proc says how much memory a process has";
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        // Past the test harness, which keeps what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the memory of ten thousand images: {missing}"
        );
        return;
    };
    assert_eq!(later.len() + 1, INVOCATIONS / WARM);
    assert!(later.iter().all(|it| *it <= warm + GROWTH), "{memory:?} KB");
}

#[cfg(target_os = "linux")]
#[test]
fn a_decoder_that_does_not_end_is_ended() {
    let large = include_bytes!("worker/24-megapixels.avif");
    let lambda = Lambda::start();
    lambda.has("a.avif", Behaviour::Object(large.to_vec()));
    let id = lambda.id();
    let stopper = std::thread::spawn(move || {
        let worker = processes::worker_of(id);
        processes::signal("STOP", &worker);
        worker
    });
    let outcome = lambda.resize("a.avif");
    let worker = stopper.join().expect("there was a worker");
    support::refused(&outcome, FailureName::ImageTooLarge, &["a.avif", "20 s"]);
    assert!(!std::path::Path::new("/proc").join(worker).exists());
    lambda.has("next.jpg", Behaviour::Object(photo(64, 48)));
    assert!(lambda.resize("next.jpg").succeeded);
}
