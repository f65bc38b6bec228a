//! `upload-image`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use lambda::metadata::image_id;
use lambda::upload::ImageAccepted;
use serde_json::{Value, json};

use crate::support::{Called, Lambda, photo, request};

const SETTINGS: [(&str, Option<&str>); 3] = [
    ("SOURCE_BUCKET", Some("originals")),
    ("UPLOAD_PREFIX", Some("uploads/")),
    ("MAX_UPLOAD_BYTES", Some("67108864")),
];

fn start(changes: &[(&str, Option<&str>)]) -> Lambda {
    let program = env!("CARGO_BIN_EXE_upload-image");
    Lambda::run(program, &Arc::default(), &[&SETTINGS, changes].concat())
}

/// A binary body, as API Gateway writes it for a binary media type.
fn binary(content_type: &str, bytes: &[u8]) -> Value {
    let mut event = request("POST", "/images");
    event["headers"] = json!({ "content-type": content_type });
    event["isBase64Encoded"] = json!(true);
    event["body"] = json!(STANDARD.encode(bytes));
    event
}

fn as_json(body: &Value) -> Value {
    let mut event = request("POST", "/images");
    event["headers"] = json!({"Content-Type": "application/json; charset=utf-8"});
    event["body"] = json!(body.to_string());
    event
}

#[track_caller]
fn accepted(lambda: &Lambda, answer: &Called, bytes: &[u8], name: &str) {
    assert_eq!(answer.status(), 202, "{answer:?}");
    let fields = answer.json();
    let fields: Vec<_> = fields.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["id", "bucket", "key", "status"]);
    let image: ImageAccepted = serde_json::from_value(answer.json()).expect("an answer");
    assert_eq!(image.status, "accepted");
    assert_eq!(image.bucket, "originals");
    assert_eq!(image.id, image_id(&image.key), "the record's id");
    assert_eq!(
        answer.header("Location"),
        Some(format!("images/{}", image.id).as_str())
    );
    let random = image
        .key
        .strip_prefix("uploads/")
        .and_then(|key| key.strip_suffix(name));
    assert_eq!(random.unwrap_or_else(|| panic!("{}", image.key)).len(), 33);
    let put = lambda.puts().pop().expect("it is stored");
    assert_eq!(put.path, format!("originals/{}", image.key).into_bytes());
    assert_eq!(put.body, bytes);
    assert_eq!(put.headers["if-none-match"], "*");
}

#[test]
fn an_image_is_taken_as_it_is_or_in_json() {
    let lambda = start(&[]);
    let bytes = photo(40, 30);
    accepted(
        &lambda,
        &lambda.call(&binary("image/jpeg", &bytes)),
        &bytes,
        "image.jpg",
    );
    assert_eq!(lambda.puts()[0].content_type, "image/jpeg");
    accepted(
        &lambda,
        &lambda.call(&binary("IMAGE/JPEG; q=1", &bytes)),
        &bytes,
        "image.jpg",
    );

    let mut named = binary("image/jpeg", &bytes);
    named["headers"]["X-Filename"] = json!("from header.jpg");
    accepted(&lambda, &lambda.call(&named), &bytes, "from-header.jpg");
    named["queryStringParameters"] = json!({"filename": "../\u{732b} 1.jpg"});
    accepted(&lambda, &lambda.call(&named), &bytes, "\u{732b}-1.jpg");

    for data in [STANDARD.encode(&bytes), STANDARD_NO_PAD.encode(&bytes)] {
        let body = json!({"filename": "a.jpg", "contentType": "image/jpeg", "data": data});
        accepted(&lambda, &lambda.call(&as_json(&body)), &bytes, "a.jpg");
    }
    // A JSON body may be in base64 too, where an API takes every type as binary.
    let body =
        json!({"filename": "a.jpg", "contentType": "image/jpeg", "data": STANDARD.encode(&bytes)});
    let mut twice = as_json(&body);
    twice["isBase64Encoded"] = json!(true);
    twice["body"] = json!(STANDARD.encode(body.to_string()));
    accepted(&lambda, &lambda.call(&twice), &bytes, "a.jpg");
}

#[test]
fn every_format_is_taken() {
    let lambda = start(&[]);
    for (content_type, start, extension) in [
        ("image/jpeg", &b"\xFF\xD8\xFF\xE0"[..], "jpg"),
        ("image/png", b"\x89PNG\r\n\x1A\n", "png"),
        ("image/gif", b"GIF89a", "gif"),
        ("image/webp", b"RIFF\0\0\0\0WEBP", "webp"),
    ] {
        let answer = lambda.call(&binary(content_type, start));
        accepted(&lambda, &answer, start, &format!("image.{extension}"));
        assert_eq!(
            lambda.puts().pop().expect("stored").content_type,
            content_type
        );
    }
}

/// Sends each event and checks that it is refused, and that nothing is stored.
#[track_caller]
fn all_refused(events: Vec<(Value, u64, &str, &str)>) {
    let lambda = start(&[("MAX_UPLOAD_BYTES", Some("5000"))]);
    for (event, status, name, said) in events {
        lambda.call(&event).is_error(status, name, said);
    }
    assert!(lambda.s3().requests.is_empty(), "nothing is stored");
    let good = binary("image/jpeg", &photo(40, 30));
    assert_eq!(lambda.call(&good).status(), 202);
}

#[test]
fn a_body_that_is_no_image_is_refused_and_nothing_is_stored() {
    let bytes = photo(40, 30);
    let large = [&bytes[..], &[0; 5000]].concat();
    let jpeg = |change: &dyn Fn(&mut Value)| {
        let mut event = binary("image/jpeg", &bytes);
        change(&mut event);
        event
    };
    let untyped = jpeg(&|event| event["headers"] = json!(null));
    let long_name = jpeg(&|event| event["headers"]["X-Filename"] = json!("x".repeat(256)));
    let broken = jpeg(&|event| event["body"] = json!("%%%"));
    let named_twice = jpeg(&|event| {
        event["multiValueQueryStringParameters"] = json!({"filename": ["a", "b"]});
    });
    let unsupported = 415;
    all_refused(vec![
        (
            binary("image/heic", &bytes),
            unsupported,
            "UnsupportedFormat",
            "image/heic",
        ),
        (
            binary("text/html", &bytes),
            unsupported,
            "UnsupportedFormat",
            "image/jpeg",
        ),
        (untyped, unsupported, "UnsupportedFormat", "Content-Type"),
        (
            binary("image/jpeg", b"<script>"),
            unsupported,
            "UnsupportedFormat",
            "does not start like",
        ),
        (
            binary("image/png", &bytes),
            unsupported,
            "UnsupportedFormat",
            "PNG and starts like a JPEG",
        ),
        (binary("image/jpeg", b""), 400, "InvalidRequest", "no image"),
        (binary("image/jpeg", &large), 413, "ImageTooLarge", "5000"),
        (long_name, 400, "InvalidRequest", "256 characters"),
        (named_twice, 400, "InvalidRequest", "once"),
        (broken, 400, "InvalidRequest", "base64"),
    ]);
}

#[test]
fn json_that_is_no_image_is_refused_and_nothing_is_stored() {
    let bytes = photo(40, 30);
    let large = STANDARD.encode([&bytes[..], &[0; 5000]].concat());
    let data = STANDARD.encode(&bytes);
    let url = format!("data:image/jpeg;base64,{data}");
    let of = |field: &str, value: Value| {
        let mut body = json!({"filename": "a.jpg", "contentType": "image/jpeg", "data": data});
        body[field] = value;
        as_json(&body)
    };
    let text = STANDARD.encode("hello");
    all_refused(vec![
        (
            of("data", json!("***")),
            400,
            "InvalidRequest",
            "data: it is not base64",
        ),
        (of("data", json!(url)), 400, "InvalidRequest", "base64"),
        (of("data", json!("")), 400, "InvalidRequest", "no image"),
        (of("data", json!(7)), 400, "InvalidRequest", "data"),
        (
            of("data", json!(text)),
            415,
            "UnsupportedFormat",
            "does not start like",
        ),
        (of("data", json!(large)), 413, "ImageTooLarge", "5000"),
        (
            of("contentType", json!("image/heic")),
            400,
            "InvalidRequest",
            "contentType",
        ),
        (of("filename", json!("")), 400, "InvalidRequest", "filename"),
        (of("size", json!(1)), 400, "InvalidRequest", "size"),
        (
            as_json(&json!({"contentType": "image/jpeg"})),
            400,
            "InvalidRequest",
            "filename",
        ),
        (
            as_json(&json!("x")),
            400,
            "InvalidRequest",
            "the body is not valid",
        ),
    ]);
}

#[test]
fn what_fits_lambda_is_the_limit_whatever_the_stack_says() {
    let lambda = start(&[]);
    let image = |bytes: usize| [&b"\xFF\xD8\xFF"[..], &vec![0; bytes - 3]].concat();
    let answer = lambda.call(&binary("image/jpeg", &image(4_500_001)));
    answer.is_error(413, "ImageTooLarge", "4500000");
    let event = binary("image/jpeg", &image(4_500_000));
    assert!(
        event.to_string().len() < 6 * 1024 * 1024,
        "it fits an invocation"
    );
    assert_eq!(lambda.call(&event).status(), 202);
}

#[test]
fn an_answer_that_was_lost_makes_no_second_image() {
    let lambda = start(&[]);
    // What S3 says to the second attempt of a call whose first one arrived: keys are new.
    lambda.s3().put_error = Some((412, "PreconditionFailed"));
    let answer = lambda.call(&binary("image/jpeg", &photo(40, 30)));
    assert_eq!(answer.status(), 202, "{answer:?}");
}

#[test]
fn storage_that_fails_is_said_without_its_secrets() {
    let lambda = start(&[]);
    let event = binary("image/jpeg", &photo(40, 30));
    for (status, code, expected, name) in [
        (503, "SlowDown", 503, "StorageUnavailable"),
        (409, "ConditionalRequestConflict", 503, "StorageUnavailable"),
        (403, "AccessDenied", 500, "InternalError"),
        (404, "NoSuchBucket", 500, "InternalError"),
    ] {
        lambda.s3().put_error = Some((status, code));
        let answer = lambda.call(&event);
        answer.is_error(expected, name, "");
        assert!(!answer.0.to_string().contains("originals"), "{answer:?}");
    }
    let log = lambda.log();
    assert_eq!(log.len(), 4, "{log:#?}");
    assert_eq!(log[0]["error"], "StorageUnavailable");
    for line in &log {
        assert_eq!(line["outcome"], "failure");
        let cause = line["cause"].as_str().expect("a cause");
        assert!(cause.contains("s3://originals/uploads/"), "{cause}");
    }
}
