//! `iac resize`: a photo through a whole stack, and what stops it on the way.

use std::path::PathBuf;

use iac::parts::Auth;
use iac::stacks::{ResizeApi, UploadEvents};
use tempfile::TempDir;

use crate::picture;
use crate::program::{Ended, run};
use crate::stack::{Stack, command, with_stack};

/// A photo in a folder of its own.
fn photo(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let photo = folder.path().join("photo.jpg");
    std::fs::write(&photo, bytes).expect("a photo");
    (folder, photo)
}

fn resize(stack: &Stack, photo: &std::path::Path, arguments: &[&str]) -> Ended {
    let api = format!("{}/prod", stack.session.url());
    let photo = photo.to_str().expect("text");
    let mut all = vec!["resize", photo, "--api", &api];
    all.extend_from_slice(arguments);
    run(command(stack, &all))
}

fn width(path: &std::path::Path) -> u32 {
    image::open(path).expect("a picture").width()
}

fn goes_through_the_api(test: &str, auth: Auth) {
    let template = ResizeApi {
        auth,
        ..ResizeApi::default()
    };
    with_stack(test, &template.template().expect("a stack"), |stack| {
        let (folder, photo) = photo(&picture::jpeg(64, 48));
        let ended = resize(stack, &photo, &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        for step in ["Upload: ", "API: ", "Execution: ", "Download: ", "Total: "] {
            assert!(ended.out.contains(step), "{step}: {ended:?}");
        }
        assert!(ended.out.contains("(32 x 24, from 64 x 48)"), "{ended:?}");
        assert_eq!(width(&folder.path().join("photo.resized.jpg")), 32);
    });
}

#[test]
fn a_photo_goes_through_an_open_api() {
    goes_through_the_api("a_photo_goes_through_an_open_api", Auth::None);
}

#[test]
fn a_photo_goes_through_an_api_with_keys() {
    goes_through_the_api("a_photo_goes_through_an_api_with_keys", Auth::ApiKey);
}

#[test]
fn a_photo_goes_through_an_api_with_signatures() {
    goes_through_the_api("a_photo_goes_through_an_api_with_signatures", Auth::Iam);
}

#[test]
fn options_go_with_the_photo() {
    let template = ResizeApi::default().template().expect("a stack");
    with_stack("options_go_with_the_photo", &template, |stack| {
        let (folder, photo) = photo(&picture::jpeg(64, 48));
        let out = folder.path().join("small.png");
        let options = [
            "--width",
            "20",
            "--height",
            "20",
            "--fit",
            "cover",
            "--image-format",
            "png",
            "--output-key",
            "thumbs/mine",
            "--out",
            out.to_str().expect("text"),
        ];
        let ended = resize(stack, &photo, &options);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.out.contains("(20 x 20, from 64 x 48)"), "{ended:?}");
        assert_eq!(width(&out), 20);
        for wrong in [
            ["--fit", "crop"],
            ["--image-format", "bmp"],
            ["--width", "0"],
        ] {
            let ended = resize(stack, &photo, &wrong);
            assert_eq!(ended.code, Some(2), "{ended:?}");
        }
    });
}

#[test]
fn what_is_no_photo_fails_with_the_function_s_words() {
    let template = ResizeApi::default().template().expect("a stack");
    with_stack("what_is_no_photo_fails", &template, |stack| {
        let (folder, photo) = photo(b"no photo");
        let ended = resize(stack, &photo, &[]);
        assert_eq!(ended.code, Some(6), "{ended:?}");
        assert!(
            ended.errors.contains("the execution ended as FAILED"),
            "{ended:?}"
        );
        assert!(!folder.path().join("photo.resized.jpg").exists());

        let missing = folder.path().join("nothing.jpg");
        let ended = resize(stack, &missing, &[]);
        assert_eq!(ended.code, Some(4), "{ended:?}");

        let elsewhere = format!("{}/other", stack.session.url());
        let arguments = ["resize", photo.to_str().expect("text"), "--api", &elsewhere];
        let ended = run(command(stack, &arguments));
        assert_eq!(ended.code, Some(5), "{ended:?}");
        assert!(
            ended.errors.contains("/other/resize answers 403"),
            "{ended:?}"
        );
    });
}

#[test]
fn a_photo_goes_through_events() {
    let template = UploadEvents::default().template().expect("a stack");
    with_stack("a_photo_goes_through_events", &template, |stack| {
        let (folder, photo) = photo(&picture::jpeg(64, 48));
        let out = folder.path().join("small.jpg");
        let out = out.to_str().expect("text");
        let ended = resize(stack, &photo, &["--out", out, "--format", "json"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        for event in ["uploaded", "resized", "downloaded", "finished"] {
            assert!(ended.event(event)["milliseconds"].is_u64(), "{ended:?}");
        }
        assert_eq!(width(out.as_ref()), 32);

        std::fs::write(&photo, b"no photo").expect("written");
        let ended = resize(stack, &photo, &["--limit", "2"]);
        assert_eq!(ended.code, Some(6), "{ended:?}");
        assert!(ended.errors.contains("dead-letter queue"), "{ended:?}");

        let ended = resize(stack, &photo, &["--width", "20"]);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.errors.contains("whose API takes requests"),
            "{ended:?}"
        );
    });
}
