//! The real `resize-image` process, told by S3 that there are new objects.

mod support;

use std::sync::Arc;

use lambda::FailureName;
use lambda::metadata::image_id;
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

/// The entity tag of the original that a result was made from.
fn made_from(lambda: &Lambda, path: &str) -> Option<String> {
    let s3 = lambda.s3();
    s3.result(path)?.note("source-etag").map(str::to_owned)
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
        (
            record("gone.jpg", b"x", "0A"),
            FailureName::ObjectNotFound,
            "s3://originals/gone.jpg",
        ),
    ] {
        refused(&tell(&lambda, &[record]), name, &[said]);
    }
    assert!(lambda.puts().is_empty());
}

#[test]
fn the_last_result_is_made_from_the_newest_object_in_any_order_of_events() {
    let objects: Vec<_> = (0..3).map(|n| photo(40 + n, 30)).collect();
    let events: Vec<_> = objects
        .iter()
        .enumerate()
        .map(|(n, bytes)| record("a.jpg", bytes, &format!("0{n}")))
        .collect();
    let newest = etag(&objects[2]);
    for order in [
        &[0, 1, 2][..],
        &[2, 1, 0],
        &[1, 2, 0, 2],
        &[2, 0],
        &[0, 0, 2, 1, 1, 2],
    ] {
        let lambda = Lambda::start();
        lambda.has("a.jpg", Behaviour::Object(objects[2].clone()));
        for &n in order {
            let outcome = tell(&lambda, std::slice::from_ref(&events[n]));
            assert!(outcome.succeeded, "{order:?}: {:?}", outcome.body);
            let superseded = usize::from(n != 2);
            assert_eq!(outcome.body["superseded"], superseded, "{order:?}: {n}");
        }
        assert_eq!(
            made_from(&lambda, "resized/thumbs/a.jpg"),
            Some(newest.clone()),
            "{order:?}"
        );
        assert_eq!(lambda.puts().len(), 1, "{order:?}: made once");
    }
}

#[test]
fn an_object_that_was_replaced_is_resized_again() {
    let lambda = Lambda::start();
    let (old, new) = (photo(40, 30), photo(50, 30));
    lambda.has("a.jpg", Behaviour::Object(old.clone()));
    counted(&tell(&lambda, &[record("a.jpg", &old, "01")]), [1, 0, 0, 0]);
    lambda.has("a.jpg", Behaviour::Object(new.clone()));
    counted(&tell(&lambda, &[record("a.jpg", &new, "02")]), [1, 0, 0, 0]);
    let puts = lambda.puts();
    assert_eq!(
        puts[1].headers["if-match"],
        format!("\"{}\"", etag(&puts[0].body))
    );
    counted(&tell(&lambda, &[record("a.jpg", &old, "01")]), [0, 0, 1, 0]);
    assert_eq!(made_from(&lambda, "resized/thumbs/a.jpg"), Some(etag(&new)));
}

#[test]
fn the_same_bytes_as_another_version_are_resized_again() {
    let lambda = Lambda::start();
    let bytes = photo(40, 30);
    let event = |version: &str| {
        let mut record = record("a.jpg", &bytes, "01");
        record["s3"]["object"]["versionId"] = json!(version);
        [record]
    };
    lambda.has("a.jpg", Behaviour::Version(bytes.clone(), "v1"));
    counted(&tell(&lambda, &event("v1")), [1, 0, 0, 0]);
    counted(&tell(&lambda, &event("v1")), [0, 1, 0, 0]);
    lambda.has("a.jpg", Behaviour::Version(bytes.clone(), "v2"));
    counted(&tell(&lambda, &event("v2")), [1, 0, 0, 0]);
    assert_eq!(lambda.puts()[1].note("source-version"), Some("v2"));
    counted(&tell(&lambda, &event("v2")), [0, 1, 0, 0]);
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

/// A result that another process wrote, made from these bytes.
fn written_by_another(source: &[u8]) -> Lambda {
    let another = Lambda::start();
    another.has("a.jpg", Behaviour::Object(source.to_vec()));
    counted(
        &tell(&another, &[record("a.jpg", source, "00")]),
        [1, 0, 0, 0],
    );
    another
}

#[test]
fn the_slower_of_two_writers_starts_again() {
    let source = photo(40, 30);
    let put = written_by_another(&source).puts().remove(0);
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    // The other one is done between this one's look and its write.
    lambda.s3().before = vec![("PUT", Box::new(move |s3| s3.puts.push(put)))];
    counted(
        &tell(&lambda, &[record("a.jpg", &source, "01")]),
        [0, 1, 0, 0],
    );
    assert_eq!(lambda.puts().len(), 1);
    assert_eq!(lambda.s3().count("PUT"), 1, "it tried once");
}

#[test]
fn conflicts_end_in_another_try_and_then_in_words() {
    for (status, code, existing) in [
        (409, "ConditionalRequestConflict", false),
        (412, "PreconditionFailed", false),
        (412, "PreconditionFailed", true),
        (404, "NoSuchKey", true),
    ] {
        let lambda = Lambda::start();
        let (old, new) = (photo(40, 30), photo(50, 30));
        let put = existing.then(|| written_by_another(&old).puts().remove(0));
        lambda.s3().puts.extend(put);
        let before = lambda.puts().len();
        lambda.has("a.jpg", Behaviour::Object(new.clone()));
        // Once, and then it works.
        lambda.s3().put_error = Some((status, code));
        let event = [record("a.jpg", &new, "01")];
        refused(
            &tell(&lambda, &event),
            FailureName::StorageUnavailable,
            &["s3://resized/thumbs/a.jpg", "5 times"],
        );
        assert_eq!(lambda.s3().count("PUT"), 5, "{code}");
        assert_eq!(lambda.puts().len(), before);
        lambda.s3().put_error = None;
        counted(&tell(&lambda, &event), [1, 0, 0, 0]);
    }
}

#[test]
fn a_conflict_that_passes_is_no_failure() {
    let lambda = Lambda::start();
    let source = photo(40, 30);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    lambda.s3().put_error = Some((409, "ConditionalRequestConflict"));
    // The second look at the result comes after the conflict.
    lambda.s3().before = vec![
        ("HEAD", Box::new(|_| {})),
        ("HEAD", Box::new(|s3| s3.put_error = None)),
    ];
    counted(
        &tell(&lambda, &[record("a.jpg", &source, "01")]),
        [1, 0, 0, 0],
    );
    assert_eq!(lambda.s3().count("PUT"), 2);
}

#[test]
fn an_object_that_is_replaced_meanwhile_does_not_leave_a_stale_result() {
    // A result is there, made from `first`. The event about `second` is being handled when the object becomes
    // `first` again: that event finds a result made from its bytes, and rightly does nothing.
    let (first, second) = (photo(40, 30), photo(50, 30));
    let put = written_by_another(&first).puts().remove(0);
    let lambda = Lambda::start();
    lambda.s3().puts.push(put);
    lambda.has("a.jpg", Behaviour::Object(second.clone()));
    let replaced = first.clone();
    lambda.s3().before = vec![(
        "PUT",
        Box::new(move |s3| {
            s3.get
                .insert(b"originals/a.jpg".to_vec(), Behaviour::Object(replaced));
        }),
    )];
    counted(
        &tell(&lambda, &[record("a.jpg", &second, "02")]),
        [1, 0, 0, 0],
    );
    assert_eq!(
        made_from(&lambda, "resized/thumbs/a.jpg"),
        Some(etag(&first))
    );
}

#[test]
fn many_processes_and_repeated_events_at_once() {
    let s3 = Arc::default();
    let keys: Vec<_> = (0..20).map(|n| format!("{n}.jpg")).collect();
    let objects: Vec<_> = (0..20).map(|n| photo(40 + n, 30)).collect();
    let lambdas: Vec<_> = (0..4).map(|_| Lambda::beside(&s3, &[])).collect();
    for (key, bytes) in keys.iter().zip(&objects) {
        lambdas[0].has(key, Behaviour::Object(bytes.clone()));
    }
    std::thread::scope(|scope| {
        for (shift, lambda) in lambdas.into_iter().enumerate() {
            let (keys, objects) = (&keys, &objects);
            scope.spawn(move || {
                for n in (0..20).map(|n| (n * 7 + shift * 3) % 20) {
                    let outcome = tell(&lambda, &[record(&keys[n], &objects[n], "01")]);
                    assert!(outcome.succeeded, "{:?}", outcome.body);
                }
            });
        }
    });
    let s3 = s3.lock().expect("unpoisoned");
    assert_eq!(s3.puts.len(), 20, "each is written once, and none is lost");
    for (key, bytes) in keys.iter().zip(&objects) {
        let put = s3.result(&format!("resized/thumbs/{key}")).expect(key);
        assert_eq!(put.note("source-etag"), Some(etag(bytes).as_str()));
    }
}

const TABLE: (&str, Option<&str>) = ("METADATA_TABLE", Some("images"));

#[test]
fn what_became_of_an_object_is_written_down() {
    let lambda = Lambda::start_with(&[TABLE]);
    let source = photo(1600, 1200);
    lambda.has("photos/a b.jpg", Behaviour::Version(source.clone(), "v1"));
    counted(
        &tell(&lambda, &[record("photos/a+b.jpg", &source, "0A")]),
        [1, 0, 0, 0],
    );
    let bytes = lambda.puts()[0].body.len();
    let put = lambda.s3().items.remove(0);
    assert_eq!(put["TableName"], "images");
    let mut item = put["Item"].clone();
    let done = item["ProcessedTime"].take()["S"]
        .as_str()
        .expect("a time")
        .len();
    assert_eq!(done, "2025-01-01T10:20:30Z".len());
    let text = |value: &str| json!({ "S": value });
    let number = |value: usize| json!({ "N": value.to_string() });
    assert_eq!(
        item,
        json!({
            "ImageID": text(&image_id("photos/a b.jpg")), "Kind": text("image"),
            "Status": text("processed"), "FileName": text("a b.jpg"), "Bucket": text(SOURCE),
            "Key": text("photos/a b.jpg"), "URL": text("s3://resized/thumbs/photos/a b.jpg"),
            "UploadTime": text("2025-01-01T10:20:30Z"), "ProcessedTime": null,
            "SourceETag": text(&etag(&source)), "SourceVersion": text("v1"), "Sequencer": text("0A"),
            "SourceSize": number(source.len()), "SourceWidth": number(1600),
            "SourceHeight": number(1200), "Format": text("jpeg"), "ContentType": text("image/jpeg"),
            "ResultBucket": text(RESIZED), "ResultKey": text("thumbs/photos/a b.jpg"),
            "Size": number(bytes), "Width": number(720), "Height": number(540),
            "Dimensions": text("720x540"),
        })
    );
}

#[test]
fn a_failure_is_written_down_with_its_name() {
    let lambda = Lambda::start_with(&[TABLE]);
    let text = b"hello".to_vec();
    lambda.has("note.txt", Behaviour::Object(text.clone()));
    lambda.has("secret.jpg", Behaviour::Error(403, "AccessDenied"));
    let outcome = tell(&lambda, &[record("note.txt", &text, "0A")]);
    refused(
        &outcome,
        FailureName::UnsupportedFormat,
        &["s3://originals/note.txt"],
    );
    let item = lambda.s3().items.remove(0)["Item"].clone();
    for (name, value) in [
        ("Status", "failed"),
        ("Error", "UnsupportedFormat"),
        ("URL", "s3://originals/note.txt"),
        ("UploadTime", "2025-01-01T10:20:30Z"),
        ("SourceETag", etag(&text).as_str()),
    ] {
        assert_eq!(item[name]["S"], value, "{name}");
    }
    assert_eq!(item["SourceSize"]["N"], "5");
    assert_eq!(item["Message"]["S"], outcome.body["errorMessage"]);
    assert!(item.get("Size").is_none() && item.get("ResultKey").is_none());

    tell(&lambda, &[record("secret.jpg", b"x", "0A")]);
    let item = lambda.s3().items.remove(0)["Item"].clone();
    assert_eq!(item["Error"]["S"], "AccessDenied");
    assert_eq!(
        item["UploadTime"]["S"], "2025-01-01T10:20:30Z",
        "the event's time"
    );

    // Where there is no image, nothing is written down.
    tell(&lambda, &[record("gone.jpg", b"x", "0A")]);
    tell(&lambda, &[record("%FF", b"x", "0A")]);
    assert!(lambda.s3().items.is_empty());
}

#[test]
fn a_request_is_written_down_too() {
    let lambda = Lambda::start_with(&[TABLE]);
    let source = photo(40, 30);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    lambda.has("note.txt", Behaviour::Object(b"hello".to_vec()));
    assert!(lambda.resize("a.jpg").succeeded);
    refused(
        &lambda.resize("note.txt"),
        FailureName::UnsupportedFormat,
        &[],
    );
    refused(
        &lambda.resize("missing.jpg"),
        FailureName::ObjectNotFound,
        &[],
    );
    let items = std::mem::take(&mut lambda.s3().items);
    let statuses: Vec<_> = items
        .iter()
        .map(|put| put["Item"]["Status"]["S"].clone())
        .collect();
    assert_eq!(statuses, ["processed", "failed"]);
    assert_eq!(items[0]["Item"]["SourceETag"]["S"], etag(&source));
    assert!(items[0]["Item"].get("Sequencer").is_none());
    assert_eq!(lambda.s3().count("HEAD"), 0);
}

#[test]
fn a_table_that_fails_fails_the_event_and_the_next_try_writes_the_record() {
    let lambda = Lambda::start_with(&[TABLE]);
    let source = photo(1600, 1200);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    let event = [record("a.jpg", &source, "0A")];
    for (status, code, name, said) in [
        (
            400,
            "AccessDeniedException",
            FailureName::AccessDenied,
            "dynamodb:PutItem",
        ),
        (
            400,
            "ResourceNotFoundException",
            FailureName::InternalError,
            "images",
        ),
        (
            400,
            "ProvisionedThroughputExceededException",
            FailureName::StorageUnavailable,
            "try again",
        ),
        (
            500,
            "InternalServerError",
            FailureName::StorageUnavailable,
            "try again",
        ),
    ] {
        lambda.s3().table_error = Some((status, code));
        refused(&tell(&lambda, &event), name, &[said]);
    }
    assert_eq!(
        lambda.puts().len(),
        1,
        "the result was written the first time"
    );
    lambda.s3().table_error = None;
    counted(&tell(&lambda, &event), [0, 1, 0, 0]);
    let item = lambda.s3().items.remove(0)["Item"].clone();
    for (name, value) in [
        ("Status", "processed"),
        ("Dimensions", "720x540"),
        ("Sequencer", "0A"),
    ] {
        assert_eq!(item[name]["S"], value, "{name}");
    }
    assert_eq!(item["SourceWidth"]["N"], "1600");
    assert_eq!(item["Size"]["N"], lambda.puts()[0].body.len().to_string());

    // A newer record is no failure.
    lambda.s3().table_error = Some((400, "ConditionalCheckFailedException"));
    counted(&tell(&lambda, &event), [0, 1, 0, 0]);
    // A failure that cannot be written down keeps its own name.
    lambda.s3().table_error = Some((400, "AccessDeniedException"));
    lambda.has("note.txt", Behaviour::Object(b"hello".to_vec()));
    let outcome = tell(&lambda, &[record("note.txt", b"hello", "0A")]);
    refused(&outcome, FailureName::UnsupportedFormat, &["note.txt"]);
}
