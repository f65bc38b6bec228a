//! The real `resize-image` process over the Lambda Runtime API.

#[path = "worker/processes.rs"]
mod processes;
mod support;

use std::time::{Duration, Instant};

use lambda::FailureName;
use serde_json::{Value, json};
use support::{Behaviour, Lambda, RESIZED, SOURCE, photo, refused};

/// After a failure the same process must take the next event.
#[track_caller]
fn still_works(lambda: &mut Lambda) {
    lambda.has("next.jpg", Behaviour::Object(photo(40, 30)));
    assert!(lambda.resize("next.jpg").succeeded);
    assert!(lambda.alive());
}

#[test]
fn an_image_is_resized_and_described() {
    let lambda = Lambda::start();
    let source = photo(1600, 1200);
    lambda.has("photos/a.jpg", Behaviour::Object(source.clone()));
    let outcome = lambda.resize("photos/a.jpg");
    assert!(outcome.succeeded, "{:?}", outcome.body);

    let puts = lambda.puts();
    assert_eq!(puts.len(), 1);
    assert_eq!(puts[0].path, b"resized/thumbs/photos/a.jpg");
    assert_eq!(puts[0].content_type, "image/jpeg");
    assert!(puts[0].body.starts_with(b"\xFF\xD8\xFF"));
    assert_eq!(
        outcome.body,
        json!({
            "status": "success", "bucket": RESIZED, "image_key": "thumbs/photos/a.jpg",
            "format": "jpeg", "content_type": "image/jpeg", "width": 720, "height": 540,
            "bytes": puts[0].body.len(), "computed": true, "source_format": "jpeg",
            "source_width": 1600, "source_height": 1200, "source_bytes": source.len(),
            "animated": false, "share": 1.0,
        })
    );
    let requests = lambda.s3.lock().expect("unpoisoned").requests.clone();
    let methods: Vec<&str> = requests.iter().map(|(method, _)| method.as_str()).collect();
    assert_eq!(
        methods,
        ["HEAD", "GET", "PUT"],
        "the role allows nothing else"
    );
}

#[test]
fn the_content_decides_on_the_type_and_not_the_name() {
    let lambda = Lambda::start();
    let mut png = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgba8(8, 8)
        .write_to(&mut png, image::ImageFormat::Png)
        .expect("valid");
    lambda.has("a.jpg", Behaviour::Object(png.into_inner()));
    let outcome = lambda.resize("a.jpg");
    assert_eq!(outcome.body["content_type"], "image/png");
    assert_eq!(lambda.puts()[0].content_type, "image/png");
}

#[test]
fn keys_stay_byte_for_byte() {
    let lambda = Lambda::start();
    let photo = photo(20, 10);
    let longest = "\u{20AC}".repeat(339);
    for key in [
        "a b.jpg",
        "a+b.jpg",
        "a%2Fb.jpg",
        "a%20b",
        "../up.jpg",
        "a/../b",
        "a/./b",
        "/lead",
        "a//b",
        "end/",
        "\u{e9}e\u{301}.jpg",
        "\u{1F4F7}.jpg",
        "quo\"te'.jpg",
        "new\nline\ttab",
        "\u{1}",
        "?x=1&y",
        "#h",
        "a;b,c:d@e=f$",
        "back\\slash",
        "*()!~",
        "<&>",
        longest.as_str(),
    ] {
        lambda.has(key, Behaviour::Object(photo.clone()));
        let outcome = lambda.resize(key);
        assert!(outcome.succeeded, "{key:?}: {:?}", outcome.body);
        assert_eq!(outcome.body["image_key"], format!("thumbs/{key}"));
        let put = lambda.puts().pop().expect("a result");
        assert_eq!(
            put.path,
            format!("{RESIZED}/thumbs/{key}").into_bytes(),
            "{key:?}"
        );
    }
}

#[test]
fn events_that_are_no_requests() {
    let mut lambda = Lambda::start();
    for (event, said) in [
        ("{}", "`bucket`"),
        ("null", "null"),
        ("[1e400]", "out of range"),
        (r#"{"bucket":"originals"}"#, "`key`"),
        (r#"{"bucket":"originals","key":1}"#, "key: "),
        (r#"{"bucket":"originals","key":""}"#, "0 bytes"),
        (r#"{"bucket":"originals","key":"a","size":1e999}"#, "`size`"),
        (
            r#"{"bucket":"originals","key":"a","width":1e999}"#,
            "width: ",
        ),
        (
            r#"{"bucket":"originals","key":"a","width":300.5}"#,
            "width: ",
        ),
        (
            r#"{"bucket":"originals","key":"a","width":300,"fit":"cover"}"#,
            "height: it is not given",
        ),
        (
            r#"{"bucket":"originals","key":"a","fit":"crop"}"#,
            "`cover`",
        ),
        (
            r#"{"bucket":"originals","key":"a","format":"bmp"}"#,
            "jpeg, png, webp, gif",
        ),
        (
            r#"{"bucket":"originals","key":"a","quality":256}"#,
            "quality: ",
        ),
        (
            r#"{"bucket":"originals","key":"a","outputKey":"elsewhere/a"}"#,
            "outputKey: \"elsewhere/a\" is no result; those start with \"thumbs/\"",
        ),
        (
            r#"{"bucket":"originals","key":"a","sizes":[{"width":0}]}"#,
            "sizes[0].width: ",
        ),
        (
            r#"{"bucket":"originals","key":"a","sizes":[{"size":1}]}"#,
            "sizes[0].size: ",
        ),
        (
            r#"{"bucket":"originals","key":"a","sizes":[{},{}]}"#,
            "thumbs/720x720/a",
        ),
        (
            r#"{"bucket":"originals","key":"a","key":"b"}"#,
            "duplicate field `key`",
        ),
        (r#"{"bucket":"originals","key":"\udfff"}"#, "key: "),
    ] {
        refused(&lambda.send(event), FailureName::InvalidRequest, &[said]);
    }
    refused(
        &lambda.resize(&"k".repeat(1025)),
        FailureName::InvalidRequest,
        &["1025 bytes"],
    );
    refused(
        &lambda.resize(&"k".repeat(1018)),
        FailureName::InvalidRequest,
        &["1025 bytes", "prefix"],
    );
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    refused(&lambda.send(&deep), FailureName::InvalidRequest, &[]);
    assert!(
        lambda.s3.lock().expect("unpoisoned").requests.is_empty(),
        "nothing was fetched"
    );
    still_works(&mut lambda);
}

#[test]
fn other_buckets_are_not_read() {
    let lambda = Lambda::start();
    let outcome = lambda.send(r#"{"bucket":"secrets","key":"a.jpg"}"#);
    refused(&outcome, FailureName::BucketNotAllowed, &["secrets"]);
    assert!(!outcome.body.to_string().contains(SOURCE));
    assert!(lambda.s3.lock().expect("unpoisoned").requests.is_empty());
}

#[test]
fn results_in_the_same_bucket_are_not_resized_again() {
    let lambda = Lambda::start_with(&[("RESIZED_BUCKET", Some(SOURCE))]);
    refused(
        &lambda.resize("thumbs/a.jpg"),
        FailureName::InvalidRequest,
        &["thumbs/a.jpg"],
    );
}

#[test]
fn images_that_cannot_be_resized() {
    let mut lambda = Lambda::start();
    let whole = photo(300, 200);
    lambda.has(
        "cut.jpg",
        Behaviour::Object(whole[..whole.len() / 4].to_vec()),
    );
    lambda.has("note.txt", Behaviour::Object(b"hello".to_vec()));
    lambda.has("empty", Behaviour::Object(Vec::new()));
    lambda.has(
        "bomb.gif",
        Behaviour::Object(
            b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02L\x01\0;".to_vec(),
        ),
    );
    lambda.has("huge.jpg", Behaviour::Declared(65 << 20));
    for (key, name) in [
        ("cut.jpg", FailureName::CorruptImage),
        ("note.txt", FailureName::UnsupportedFormat),
        ("empty", FailureName::CorruptImage),
        ("bomb.gif", FailureName::ImageTooLarge),
        ("huge.jpg", FailureName::ImageTooLarge),
    ] {
        refused(
            &lambda.resize(key),
            name,
            &[&format!("s3://{SOURCE}/{key}"), "upload"],
        );
    }
    assert!(lambda.puts().is_empty());
    still_works(&mut lambda);
}

#[test]
fn storage_that_refuses() {
    let mut lambda = Lambda::start();
    lambda.has("denied", Behaviour::Error(403, "AccessDenied"));
    refused(
        &lambda.resize("missing"),
        FailureName::ObjectNotFound,
        &["s3://originals/missing"],
    );
    refused(
        &lambda.resize("denied"),
        FailureName::AccessDenied,
        &["s3://originals/denied", "s3:GetObject", "may not list"],
    );
    lambda.has("a.jpg", Behaviour::Object(photo(20, 20)));
    lambda.s3.lock().expect("unpoisoned").put_error = Some((403, "AccessDenied"));
    refused(
        &lambda.resize("a.jpg"),
        FailureName::AccessDenied,
        &["s3://resized/thumbs/a.jpg", "s3:PutObject"],
    );
    lambda.s3.lock().expect("unpoisoned").put_error = None;
    still_works(&mut lambda);
}

#[test]
fn a_missing_object_is_told_from_one_that_may_not_be_read() {
    // As S3 words them for a role that has s3:GetObject and s3:PutObject only.
    let says = |action, resource| {
        format!(
            "User: arn:aws:sts::123456789012:assumed-role/resize/resize-image is not authorized to \
             perform: {action} on resource: &quot;arn:aws:s3:::{resource}&quot; because no \
             identity-based policy allows the {action} action"
        )
    };
    let missing = says("s3:ListBucket", "originals").leak();
    let unreadable = says("s3:GetObject", "originals/s3:ListBucket").leak();
    let mut lambda = Lambda::start();
    for (message, name) in [
        (&*missing, FailureName::ObjectNotFound),
        (unreadable, FailureName::AccessDenied),
        ("Access Denied", FailureName::AccessDenied),
    ] {
        lambda.has("s3:ListBucket", Behaviour::Denied(message));
        let location = "s3://originals/s3:ListBucket";
        refused(&lambda.resize("s3:ListBucket"), name, &[location]);
    }
    still_works(&mut lambda);
}

#[test]
fn storage_that_fails() {
    let mut lambda = Lambda::start();
    lambda.has("503", Behaviour::Error(503, "SlowDown"));
    lambda.has("500", Behaviour::Error(500, "InternalError"));
    lambda.has("cut", Behaviour::Truncated(photo(20, 20)));
    lambda.has("hangup", Behaviour::Hangup);
    for key in ["503", "500", "cut", "hangup"] {
        let location = format!("s3://originals/{key}");
        refused(
            &lambda.resize(key),
            FailureName::StorageUnavailable,
            &[&location, "s3:GetObject"],
        );
    }
    let attempts = |lambda: &Lambda| {
        let s3 = lambda.s3.lock().expect("unpoisoned");
        s3.requests
            .iter()
            .filter(|(_, path)| path == b"originals/503")
            .count()
    };
    assert_eq!(attempts(&lambda), 3, "the SDK tries again");
    lambda.has("a.jpg", Behaviour::Object(photo(20, 20)));
    lambda.s3.lock().expect("unpoisoned").put_error = Some((503, "SlowDown"));
    refused(
        &lambda.resize("a.jpg"),
        FailureName::StorageUnavailable,
        &["s3:PutObject"],
    );
    lambda.s3.lock().expect("unpoisoned").put_error = None;
    still_works(&mut lambda);
}

#[test]
fn storage_that_is_slow_is_given_up_before_lambda_gives_up_the_function() {
    // The function has 60 s for a GET, a PUT and the work between them.
    let budget = Duration::from_secs(24);
    std::thread::scope(|scope| {
        for (behaviour, attempts) in [
            (Behaviour::Silent, 3),
            (Behaviour::Stalled, 1),
            (Behaviour::Dripping, 1),
        ] {
            scope.spawn(move || {
                let mut lambda = Lambda::start();
                let name = format!("{behaviour:?}");
                lambda.has(&name, behaviour);
                let started = Instant::now();
                let outcome = lambda.resize(&name);
                let took = started.elapsed();
                refused(&outcome, FailureName::StorageUnavailable, &[&name]);
                assert!(took < budget, "{name}: {took:?}");
                assert_eq!(lambda.s3().count("GET"), attempts, "{name}");
                println!("{name}: {took:?}");
                still_works(&mut lambda);
            });
        }
    });
}

#[test]
fn a_wrong_environment_is_named_in_every_answer() {
    for (variable, value) in [
        ("SOURCE_BUCKET", None),
        ("RESIZED_BUCKET", Some("")),
        ("MAX_WIDTH", Some("wide")),
        ("MAX_HEIGHT", Some("0")),
        ("MAX_MEGAPIXELS", Some("269")),
        ("CACHE_CONTROL", Some("\u{e9}")),
        ("OUTPUT_PREFIX", Some("thumbs")),
        ("AWS_REGION", None),
        ("AWS_ACCESS_KEY_ID", None),
    ] {
        let mut lambda = Lambda::start_with(&[(variable, value)]);
        for _ in 0..2 {
            refused(
                &lambda.resize("a.jpg"),
                FailureName::InternalError,
                &[variable],
            );
        }
        assert!(lambda.alive());
    }
}

#[test]
fn each_request_is_one_line_of_the_log() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
    lambda.has("cut.jpg", Behaviour::Object(photo(90, 60)[..400].to_vec()));
    assert!(lambda.resize("a.jpg").succeeded);
    assert!(!lambda.resize("cut.jpg").succeeded);
    let log = lambda.log();
    assert_eq!(log.len(), 2, "{log:#?}");
    assert_eq!(log[0]["outcome"], "success");
    assert_eq!(log[0]["key"], "a.jpg");
    assert_eq!(log[0]["width"], 90);
    assert!(log[0]["duration_ms"].is_u64());
    assert_eq!(log[1]["outcome"], "failure");
    assert_eq!(log[1]["error"], "CorruptImage");
    assert_eq!(log[1]["bucket"], SOURCE);
    assert!(
        log[1]["cause"]
            .as_str()
            .is_some_and(|cause| cause.contains("breaks off")),
        "{:?}",
        log[1]
    );
    assert_eq!(log[1]["level"], "ERROR");
}

#[test]
fn log_levels_are_respected() {
    for (variable, value, lines) in [
        ("AWS_LAMBDA_LOG_LEVEL", "ERROR", 0),
        ("RUST_LOG", "off", 0),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO", 1),
    ] {
        let lambda = Lambda::start_with(&[(variable, Some(value))]);
        lambda.has("a.jpg", Behaviour::Object(photo(9, 6)));
        assert!(lambda.resize("a.jpg").succeeded);
        let log: Vec<Value> = lambda.log();
        assert_eq!(log.len(), lines, "{variable}={value}: {log:#?}");
    }
}

#[test]
fn a_log_level_that_is_none_stops_nothing() {
    for (variable, value) in [
        ("AWS_LAMBDA_LOG_LEVEL", "LOUD"),
        ("RUST_LOG", "lambda=loud"),
    ] {
        let lambda = Lambda::start_with(&[(variable, Some(value))]);
        lambda.has("a.jpg", Behaviour::Object(photo(9, 6)));
        assert!(lambda.resize("a.jpg").succeeded);
        let log = lambda.log();
        assert_eq!(log.len(), 2, "{log:#?}");
        assert_eq!(log[0]["level"], "WARN");
        let problem = log[0]["problem"].as_str().expect("a text");
        assert!(
            problem.contains(variable) && problem.contains(value),
            "{problem}"
        );
        assert_eq!(log[1]["outcome"], "success");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_decoder_that_ends_its_process_is_an_answer() {
    let large = include_bytes!("worker/24-megapixels.avif");
    let mut lambda = Lambda::start();
    lambda.has("a.avif", Behaviour::Object(large.to_vec()));
    let id = lambda.id();
    let killer = std::thread::spawn(move || processes::signal("KILL", &processes::worker_of(id)));
    let outcome = lambda.resize("a.avif");
    killer.join().expect("there was a worker");
    refused(
        &outcome,
        FailureName::ImageTooLarge,
        &["originals/a.avif", "SIGKILL"],
    );
    still_works(&mut lambda);
}
