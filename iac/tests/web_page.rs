//! web/index.html in a headless Chromium, against a stub of a deployed upload-events.

#[path = "page/browser.rs"]
mod browser;
#[path = "page/http.rs"]
mod http;
#[path = "page/policy.rs"]
mod policy;
#[path = "page/stub.rs"]
mod stub;
mod support;

use std::path::PathBuf;

use serde_json::{Value as Json, json};
use stub::{Stub, project};
use tempfile::TempDir;

/// Copies of the photo with these names.
fn photos(folder: &TempDir, names: &[&str]) -> Vec<PathBuf> {
    let photo = project("docs/raccoon.jpg");
    let copy = |name: &&str| {
        let path = folder.path().join(name);
        std::fs::write(&path, &photo).expect("written");
        path
    };
    names.iter().map(copy).collect()
}

/// What the page shows after these uploads; `None`, said aloud, without a browser.
fn shown(test: &str, page: &str, files: &[PathBuf], options: &[&str]) -> Option<Json> {
    let pictures = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("page")
        .join(test);
    match browser::drive(page, &pictures, files, options) {
        Ok(facts) => {
            browser::is_sound(&facts);
            Some(facts)
        }
        Err(why) => {
            support::skip(test, &why);
            None
        }
    }
}

/// Name, state, and what and why it failed.
fn outcomes(facts: &Json) -> Vec<(String, String, String)> {
    let text = |image: &Json, field: &str| image[field].as_str().unwrap_or_default().to_owned();
    let images = facts["images"].as_array().expect("an array");
    images
        .iter()
        .map(|it| {
            let told = [text(it, "what"), text(it, "why")].join(" ");
            (text(it, "name"), text(it, "state"), told.trim().to_owned())
        })
        .collect()
}

fn is_ready(facts: &Json, name: &str) -> bool {
    outcomes(facts)
        .iter()
        .any(|it| it.0 == name && it.1 == "ready")
}

#[test]
fn each_image_is_uploaded_and_its_result_shown_beside_it() {
    let test = "each_image_is_uploaded_and_its_result_shown_beside_it";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(
        &folder,
        &[
            "raccoon 1.jpg",
            "Wäschbär & <b>.jpg",
            "private.jpg",
            "private-sized.jpg",
        ],
    );
    let Some(facts) = shown(test, &stub.page_with(&stub.api), &files, &[]) else {
        return;
    };
    assert_eq!(facts["summary"], "4 ready", "{facts:#}");
    for (image, file) in facts["images"]
        .as_array()
        .expect("an array")
        .iter()
        .zip(&files)
    {
        let name = file.file_name().expect("a name").to_str();
        assert_eq!(image["name"].as_str(), name);
        assert_eq!(image["original"]["pixels"], "1024 × 768 px", "{image:#}");
        assert_eq!(image["original"]["bytes"], "174 KB");
        assert_eq!(image["result"]["width"], 720);
        assert_eq!(image["result"]["height"], 540);
        assert_eq!(image["result"]["pixels"], "720 × 540 px");
        let source = image["result"]["source"].as_str().expect("a source");
        assert!(source.ends_with("?signature=2"), "{source}");
        assert_eq!(image["result"]["link"], source);
        let status = image["status"].as_str().expect("a status");
        assert!(status.starts_with("Uploaded in "), "{status}");
    }
    let passed = facts["passed"].as_array().expect("an array");
    for step in ["Uploading, 100%", "Uploaded; waiting for the result"] {
        assert!(passed.contains(&json!(step)), "{passed:?}");
    }
    // A bucket whose answers the page may not read keeps only the size to itself, unless the API tells it.
    let size = |at: usize| {
        facts["images"][at]["result"]["bytes"]
            .as_str()
            .unwrap_or("")
    };
    assert!(size(0).ends_with("% smaller)"), "{facts:#}");
    assert_eq!((size(2), size(3)), ("", "87 KB (49% smaller)"));
    assert!(
        facts["news"][0]
            .as_str()
            .is_some_and(|it| it.contains(" is ready: 720 × 540 px")),
        "{facts:#}"
    );

    let bodies = stub.asked("POST", "/prod/uploads");
    let bodies: Vec<Json> = bodies
        .iter()
        .map(|it| serde_json::from_slice(&it.body).expect("JSON"))
        .collect();
    let first =
        json!({"filename": "raccoon 1.jpg", "contentType": "image/jpeg", "contentLength": 173_945});
    assert!(bodies.contains(&first), "{bodies:#?}");
    let uploads = stub.asked("PUT", "/source/uploads/");
    assert_eq!(uploads.len(), 4);
    for upload in uploads {
        assert_eq!(upload.headers["content-type"], "image/jpeg");
        assert_eq!(upload.headers["if-none-match"], "*");
        assert_eq!(upload.headers["origin"], stub.page);
        assert_eq!(upload.body, project("docs/raccoon.jpg"));
    }
}

#[test]
fn files_are_dropped_and_the_api_is_chosen_on_the_page() {
    let test = "files_are_dropped_and_the_api_is_chosen_on_the_page";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["a.jpg", "b.jpg"]);
    let with_slash = format!("{}/", stub.api);
    let options = ["--drop", "--api", with_slash.as_str()];
    let Some(facts) = shown(test, &stub.page, &files, &options) else {
        return;
    };
    assert_eq!(facts["begun"]["target"], format!("{}/prod", stub.page));
    assert_eq!(facts["target"], stub.api, "{facts:#}");
    let address = facts["address"].as_str().expect("a string");
    let encoded = stub.api.replace(':', "%3A").replace('/', "%2F");
    assert_eq!(address, format!("{}/?api={encoded}", stub.page));
    assert_eq!(facts["summary"], "2 ready");
}

#[test]
fn each_refusal_is_told_in_words_and_stops_no_other() {
    let test = "each_refusal_is_told_in_words_and_stops_no_other";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let allowed = format!("{}, must be among the stack’s AllowedOrigins", stub.page);
    let told = [
        (
            "wrong.jpg",
            [
                "Not uploaded.",
                "“the stub takes no such body” (400 BAD_REQUEST_BODY)",
            ],
        ),
        (
            "large.jpg",
            [
                "too large",
                "“more than the stub takes” (413 ImageTooLarge)",
            ],
        ),
        (
            "kind.jpg",
            [
                "this kind of file",
                "“no kind for the stub” (415 UnsupportedFormat)",
            ],
        ),
        (
            "crowd.jpg",
            ["no room for more requests", "“Too Many Requests” (429)"],
        ),
        ("broken.jpg", ["The API failed.", "(500)"]),
        (
            "denied.jpg",
            [
                "S3 refused",
                "“Request has expired & is over” (403 AccessDenied)",
            ],
        ),
        ("stranger.jpg", ["came from S3", &allowed]),
        (
            "unlucky.jpg",
            [
                "Uploaded, but",
                "“the stub knows no such key” (400 InvalidRequest)",
            ],
        ),
        (
            "never.jpg",
            ["not processed within a minute", "dead-letter queue"],
        ),
        (
            "gone.jpg",
            ["The result is there, but", "could not load it"],
        ),
    ];
    let mut names: Vec<&str> = told.iter().map(|it| it.0).collect();
    names.extend(["busy.jpg", "good.jpg"]);
    let files = photos(&folder, &names);
    let page = stub.page_with(&stub.api);
    let Some(facts) = shown(test, &page, &files, &["--hurry"]) else {
        return;
    };
    let outcomes = outcomes(&facts);
    for (name, words) in told {
        let of = outcomes.iter().find(|it| it.0 == name);
        let (_, state, said) = of.expect("an outcome");
        assert_eq!(state, "failed", "{name}");
        for part in words {
            assert!(said.contains(part), "{name}: {said}");
        }
    }
    assert!(
        is_ready(&facts, "good.jpg") && is_ready(&facts, "busy.jpg"),
        "{outcomes:#?}"
    );
    assert_eq!(facts["summary"], "2 ready, 10 failed");
    // The page asks again where the API has no room, and not for ever.
    let posts = |name: &str| {
        let posts = stub.asked("POST", "/uploads");
        let of = |it: &&http::Request| String::from_utf8_lossy(&it.body).contains(name);
        posts.iter().filter(of).count()
    };
    assert_eq!(
        (posts("busy.jpg"), posts("crowd.jpg"), posts("wrong.jpg")),
        (3, 4, 1)
    );
    let asked = stub.asked("GET", "never.jpg").len();
    assert!(
        (10..40).contains(&asked),
        "asked {asked} times within a minute"
    );
}

#[test]
fn what_failed_can_be_tried_again_without_uploading_twice() {
    let test = "what_failed_can_be_tried_again_without_uploading_twice";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["broken.jpg", "unlucky.jpg"]);
    let page = stub.page_with(&stub.api);
    let Some(facts) = shown(test, &page, &files, &["--again"]) else {
        return;
    };
    assert_eq!(facts["summary"], "2 ready", "{facts:#}");
    for name in ["broken.jpg", "unlucky.jpg"] {
        assert_eq!(stub.asked("PUT", name).len(), 1, "{name}");
    }
}

#[test]
fn an_api_that_does_not_know_the_page_or_is_not_there_is_told() {
    let test = "an_api_that_does_not_know_the_page_or_is_not_there_is_told";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["a.jpg"]);
    let silent = http::serve(|_| http::Answer::new(200, "application/json", "{}"));
    // Nothing listens on port 1.
    for api in [silent.as_str(), "http://127.0.0.1:1"] {
        let page = stub.page_with(&format!("{api}/prod"));
        let Some(facts) = shown(test, &page, &files, &[]) else {
            return;
        };
        let (_, state, said) = &outcomes(&facts)[0];
        assert_eq!(state, "failed");
        for part in [
            format!("No answer that this page may read came from {api}."),
            format!(
                "This page’s origin, {}, must be among the stack’s AllowedOrigins.",
                stub.page
            ),
        ] {
            assert!(said.contains(&part), "{said}");
        }
    }
    assert!(stub.asked("PUT", "").is_empty());
}

#[test]
fn what_answers_unlike_the_api_is_told() {
    let test = "what_answers_unlike_the_api_is_told";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["a.jpg"]);
    // The page's own server has no API.
    let Some(facts) = shown(test, &stub.page, &files, &[]) else {
        return;
    };
    let said = &outcomes(&facts)[0].2;
    assert!(
        said.contains("Is the address right?") && said.contains("404"),
        "{said}"
    );
}

#[test]
fn files_that_are_no_images_or_too_large_are_not_sent() {
    let test = "files_that_are_no_images_or_too_large_are_not_sent";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let sizes = [
        ("notes.txt", 5),
        ("README", 5),
        ("empty.png", 0),
        ("big.gif", (64 << 20) + 1),
    ];
    let files: Vec<PathBuf> = sizes
        .iter()
        .map(|(name, size)| {
            let path = folder.path().join(name);
            let file = std::fs::File::create(&path).expect("created");
            file.set_len(*size).expect("a hole");
            path
        })
        .collect();
    let page = stub.page_with(&stub.api);
    let Some(facts) = shown(test, &page, &files, &[]) else {
        return;
    };
    for ((name, state, said), words) in outcomes(&facts).iter().zip([
        "a file of type text/plain. Only JPEG, PNG, WebP and GIF images are taken.",
        "no kind of file that this browser knows",
        "The file is empty.",
        "The file has 67.1 MB. Images of at most 64 MiB",
    ]) {
        assert_eq!(state, "failed", "{name}");
        assert!(said.contains(words), "{name}: {said}");
    }
    assert_eq!(
        facts["images"][0]["again"],
        Json::Null,
        "nothing to try again"
    );
    assert!(stub.asked("", "").is_empty() && stub.asked("POST", "").is_empty());
}

#[test]
fn an_address_that_is_none_is_told() {
    let test = "an_address_that_is_none_is_told";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["a.jpg"]);
    for (api, words) in [
        ("javascript:alert(1)", "must begin with https://"),
        ("http://example.com/prod", "must begin with https://"),
        ("https://", "is not an address"),
        ("https://example.com/prod%3Fa=b", "only a host and a path"),
    ] {
        let Some(facts) = shown(test, &stub.page_with(api), &files, &[]) else {
            return;
        };
        let wrong = facts["wrong"].as_str().unwrap_or_default();
        assert!(wrong.contains(words), "{api}: {wrong}");
        let said = &outcomes(&facts)[0].2;
        assert!(
            said.contains("There is no API to upload through."),
            "{said}"
        );
    }
}

#[test]
fn a_page_that_was_opened_as_a_file_is_told_to_be_served() {
    let test = "a_page_that_was_opened_as_a_file_is_told_to_be_served";
    let (stub, folder) = (Stub::start(), TempDir::new().expect("a folder"));
    let files = photos(&folder, &["a.jpg"]);
    let page = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/../web/index.html");
    let page = format!("{page}?api={}", stub.api);
    let Some(facts) = shown(test, &page, &files, &[]) else {
        return;
    };
    let said = &outcomes(&facts)[0].2;
    assert!(
        said.contains("has no origin that a stack could allow: serve it"),
        "{said}"
    );
}
