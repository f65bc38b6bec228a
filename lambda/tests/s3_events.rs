//! The real `resize-image` process, told by S3 that there are new objects.

mod support;

#[path = "s3_events/order.rs"]
mod order;
#[path = "s3_events/records.rs"]
mod records;

use lambda::FailureName;
use serde_json::{Value, json};
use support::s3::etag;
use support::{Behaviour, Lambda, Outcome, RESIZED, SOURCE, photo, refused};

/// A record as S3 writes it. The key is as S3 encodes it.
fn record(key: &str, bytes: &[u8], sequencer: &str) -> Value {
    json!({
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1",
        "eventTime": "2025-01-01T10:20:30.400Z", "eventName": "ObjectCreated:Put",
        "s3": {
            "s3SchemaVersion": "1.0", "configurationId": "resize",
            "bucket": {"name": SOURCE, "arn": "arn:aws:s3:::originals"},
            "object": {"key": key, "size": bytes.len(), "eTag": etag(bytes), "sequencer": sequencer},
        },
    })
}

fn tell(lambda: &Lambda, records: &[Value]) -> Outcome {
    lambda.send(&json!({ "Records": records }).to_string())
}

/// Checks how many records ended how: processed, duplicate, superseded, skipped.
#[track_caller]
fn counted(outcome: &Outcome, [processed, duplicate, superseded, skipped]: [usize; 4]) {
    assert!(outcome.succeeded, "{:?}", outcome.body);
    let expected = json!({
        "status": "success", "processed": processed, "duplicate": duplicate, "superseded": superseded,
        "skipped": skipped,
    });
    assert_eq!(outcome.body, expected);
}

#[test]
fn a_new_object_is_resized_once() {
    let lambda = Lambda::start();
    let source = photo(1600, 1200);
    lambda.has("photos/a.jpg", Behaviour::Object(source.clone()));
    let event = [record("photos/a.jpg", &source, "0A")];
    counted(&tell(&lambda, &event), [1, 0, 0, 0]);

    let puts = lambda.puts();
    assert_eq!(puts.len(), 1);
    assert_eq!(puts[0].path, b"resized/thumbs/photos/a.jpg");
    assert_eq!(puts[0].content_type, "image/jpeg");
    assert_eq!(puts[0].headers["if-none-match"], "*");
    let bytes = source.len().to_string();
    for (note, value) in [
        ("source-etag", etag(&source).as_str()),
        ("source-sequencer", "0A"),
        ("source-modified", "2025-01-01T10:20:30Z"),
        ("source-bytes", bytes.as_str()),
        ("source-width", "1600"),
        ("source-height", "1200"),
        ("format", "jpeg"),
        ("width", "720"),
        ("height", "540"),
    ] {
        assert_eq!(puts[0].note(note), Some(value), "{note}");
    }
    let methods: Vec<String> = lambda.s3().requests.iter().map(|r| r.0.clone()).collect();
    assert_eq!(methods, ["HEAD", "GET", "PUT"]);

    counted(&tell(&lambda, &event), [0, 1, 0, 0]);
    counted(
        &tell(
            &lambda,
            &[event, [record("photos/a.jpg", &source, "0A")]].concat(),
        ),
        [0, 2, 0, 0],
    );
    assert_eq!(lambda.puts().len(), 1, "nothing is written again");
    assert_eq!(lambda.s3().count("GET"), 1, "nothing is read again");
}

#[test]
fn keys_are_decoded_as_s3_encodes_them() {
    let lambda = Lambda::start();
    let source = photo(30, 20);
    for (encoded, key) in [
        ("a+b.jpg", "a b.jpg"),
        ("a%2Bb.jpg", "a+b.jpg"),
        ("100%25.jpg", "100%.jpg"),
        ("a%252Fb.jpg", "a%2Fb.jpg"),
        (
            "%C3%A9t%C3%A9/%F0%9F%93%B7.jpg",
            "\u{e9}t\u{e9}/\u{1F4F7}.jpg",
        ),
        ("%E7%8C%AB+%28%26%29.jpg", "\u{732b} (&).jpg"),
    ] {
        lambda.has(key, Behaviour::Object(source.clone()));
        counted(
            &tell(&lambda, &[record(encoded, &source, "0A")]),
            [1, 0, 0, 0],
        );
        let put = lambda.puts().pop().expect("a result");
        assert_eq!(
            put.path,
            format!("{RESIZED}/thumbs/{key}").into_bytes(),
            "{encoded}"
        );
    }
}

#[test]
fn what_is_no_image_to_resize_is_left_alone() {
    let lambda = Lambda::start_with(&[
        ("RESIZED_BUCKET", Some(SOURCE)),
        ("INPUT_PREFIX", Some("uploads/")),
    ]);
    let source = photo(30, 20);
    let removed = {
        let mut removed = record("uploads/a.jpg", &source, "0A");
        removed["eventName"] = json!("ObjectRemoved:Delete");
        removed
    };
    for skipped in [
        record("uploads/folder/", b"", "0A"),
        record("uploads/folder/", b"not empty", "0A"),
        record("uploads/empty.jpg", b"", "0A"),
        record("thumbs/own.jpg", &source, "0A"),
        record("elsewhere/a.jpg", &source, "0A"),
        removed,
    ] {
        counted(&tell(&lambda, std::slice::from_ref(&skipped)), [0, 0, 0, 1]);
    }
    counted(&tell(&lambda, &[]), [0; 4]);
    let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"t","Bucket":"originals"}"#;
    counted(&lambda.send(test), [0; 4]);
    assert!(lambda.s3().requests.is_empty(), "S3 is not asked");

    // Put there behind the prefix of originals, the result is outside of it.
    lambda.has("uploads/a/b.jpg", Behaviour::Object(source.clone()));
    counted(
        &tell(&lambda, &[record("uploads/a/b.jpg", &source, "0A")]),
        [1, 0, 0, 0],
    );
    assert!(lambda.s3().result("originals/thumbs/a/b.jpg").is_some());
    let log = lambda.log();
    assert_eq!(log.len(), 8, "{log:#?}");
    assert!(log[..7].iter().all(|line| line["outcome"] == "skipped"));
    for (line, reason) in [
        (0, "folder"),
        (2, "empty"),
        (3, "result"),
        (4, "prefix"),
        (5, "created"),
        (6, "test"),
    ] {
        let said = log[line]["reason"].as_str().expect("a reason");
        assert!(said.contains(reason), "{line}: {said}");
    }
}

#[test]
fn prefixes_that_would_loop_are_refused_by_the_function_too() {
    let lambda = Lambda::start_with(&[
        ("RESIZED_BUCKET", Some(SOURCE)),
        ("INPUT_PREFIX", Some("all/")),
        ("OUTPUT_PREFIX", Some("all/thumbs/")),
    ]);
    let outcome = tell(&lambda, &[record("all/a.jpg", b"x", "0A")]);
    refused(
        &outcome,
        FailureName::InternalError,
        &["OUTPUT_PREFIX", "INPUT_PREFIX", "again"],
    );
    assert!(lambda.s3().requests.is_empty());
}

#[test]
fn one_bad_record_does_not_stop_the_others() {
    let lambda = Lambda::start();
    let good = photo(40, 30);
    let cut = photo(300, 200)[..2000].to_vec();
    lambda.has("first.jpg", Behaviour::Object(good.clone()));
    lambda.has("cut.jpg", Behaviour::Object(cut.clone()));
    lambda.has("last.jpg", Behaviour::Object(good.clone()));
    let mut foreign = record("first.jpg", &good, "0A");
    foreign["s3"]["bucket"]["name"] = json!("secrets");
    let records = [
        record("first.jpg", &good, "0A"),
        record("cut.jpg", &cut, "0A"),
        record("bad%ZZ.jpg", &good, "0A"),
        json!({"eventName": "ObjectCreated:Put"}),
        foreign,
        record(&"k".repeat(1020), &good, "0A"),
        record("last.jpg", &good, "0A"),
    ];
    let outcome = tell(&lambda, &records);
    // Of all failures the one that the stack has to be changed for.
    refused(
        &outcome,
        FailureName::BucketNotAllowed,
        &["5 of 7 records", "secrets"],
    );
    let written = |lambda: &Lambda| -> Vec<Vec<u8>> {
        lambda.puts().into_iter().map(|put| put.path).collect()
    };
    let both = [
        b"resized/thumbs/first.jpg".to_vec(),
        b"resized/thumbs/last.jpg".to_vec(),
    ];
    assert_eq!(written(&lambda), both);

    // Lambda delivers the whole event again.
    refused(
        &tell(&lambda, &records),
        FailureName::BucketNotAllowed,
        &["5 of 7 records"],
    );
    assert_eq!(written(&lambda), both, "what was done is not done again");

    let log = lambda.log();
    assert_eq!(log.len(), 14, "{log:#?}");
    let outcomes: Vec<_> = log.iter().map(|line| line["outcome"].clone()).collect();
    assert_eq!(
        outcomes[..7],
        [
            "processed",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "processed"
        ]
    );
    assert_eq!(outcomes[7], "duplicate");
    let errors: Vec<_> = log[1..6].iter().map(|line| line["error"].clone()).collect();
    assert_eq!(
        errors,
        [
            "CorruptImage",
            "InvalidRequest",
            "InvalidRequest",
            "BucketNotAllowed",
            "InvalidRequest"
        ]
    );
    for (field, value) in [
        ("bucket", json!(SOURCE)),
        ("key", json!("first.jpg")),
        ("etag", json!(etag(&good))),
        ("sequencer", json!("0A")),
        ("output_key", json!("thumbs/first.jpg")),
        ("width", json!(40)),
    ] {
        assert_eq!(log[0][field], value, "{field}");
    }
    assert!(log[0]["duration_ms"].is_u64());
}

#[test]
fn a_single_bad_record_is_named_as_it_is() {
    let lambda = Lambda::start();
    for (record, name, said) in [
        (
            record("%FF", b"x", "0A"),
            FailureName::InvalidRequest,
            "UTF-8",
        ),
        (
            record("a%", b"x", "0A"),
            FailureName::InvalidRequest,
            "hexadecimal",
        ),
        (json!({"s3": {}}), FailureName::InvalidRequest, "`bucket`"),
        (json!(7), FailureName::InvalidRequest, "invalid type"),
    ] {
        refused(&tell(&lambda, &[record]), name, &[said]);
    }
    assert!(lambda.puts().is_empty());
}

#[test]
fn an_object_that_is_gone_is_skipped() {
    let lambda = Lambda::start();
    let answer = tell(&lambda, &[record("gone.jpg", b"x", "0A")]);
    assert!(answer.succeeded, "{answer:?}");
    assert_eq!(answer.body["skipped"], 1);
    assert!(lambda.puts().is_empty());
}

#[test]
fn a_record_may_lack_everything_but_names() {
    let lambda = Lambda::start();
    let little = |key: &str| {
        [json!({
            "eventName": "ObjectCreated:CompleteMultipartUpload",
            "s3": {"bucket": {"name": SOURCE}, "object": {"key": key}},
        })]
    };
    lambda.has("a.jpg", Behaviour::Object(photo(40, 30)));
    lambda.has("empty.jpg", Behaviour::Object(Vec::new()));
    counted(&tell(&lambda, &little("a.jpg")), [1, 0, 0, 0]);
    counted(&tell(&lambda, &little("a.jpg")), [0, 1, 0, 0]);
    assert_eq!(lambda.puts().len(), 1);
    counted(&tell(&lambda, &little("empty.jpg")), [0, 0, 0, 1]);
    lambda.has("a.jpg", Behaviour::Object(photo(50, 30)));
    counted(&tell(&lambda, &little("a.jpg")), [1, 0, 0, 0]);
}

#[test]
fn a_role_that_may_not_list_is_told_403_for_a_missing_result() {
    let lambda = Lambda::start();
    let source = photo(40, 30);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    lambda.s3().head_error = Some(403);
    counted(
        &tell(&lambda, &[record("a.jpg", &source, "01")]),
        [1, 0, 0, 0],
    );
    // With a result that it may not see, it says what to look at.
    let outcome = tell(&lambda, &[record("a.jpg", &source, "01")]);
    refused(
        &outcome,
        FailureName::StorageUnavailable,
        &["s3://resized/thumbs/a.jpg", "s3:GetObject"],
    );
    assert_eq!(lambda.puts().len(), 1, "it is not overwritten");
    lambda.s3().head_error = Some(503);
    let outcome = tell(&lambda, &[record("a.jpg", &source, "01")]);
    refused(
        &outcome,
        FailureName::StorageUnavailable,
        &["s3://resized/thumbs/a.jpg"],
    );
}
