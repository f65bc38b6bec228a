//! What is written into the metadata table.

use lambda::FailureName;
use lambda::metadata::image_id;
use serde_json::json;

use crate::support::s3::etag;
use crate::support::{Behaviour, Lambda, RESIZED, SOURCE, photo, refused};
use crate::{counted, record, tell};

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
}

#[test]
fn of_several_results_the_first_is_written_down_and_one_that_was_there_too() {
    let lambda = Lambda::start_with(&[TABLE]);
    lambda.has("a.jpg", Behaviour::Object(photo(40, 30)));
    let sizes = json!({"sizes": [{"width": 20}, {"width": 10}]});
    assert!(lambda.resize_with("a.jpg", &sizes).succeeded);
    assert!(lambda.resize_with("a.jpg", &sizes).succeeded);
    assert_eq!(lambda.puts().len(), 2, "nothing is made twice");
    let items = std::mem::take(&mut lambda.s3().items);
    assert_eq!(items.len(), 2);
    for put in &items {
        assert_eq!(put["Item"]["ResultKey"]["S"], "thumbs/20x/a.jpg");
        assert_eq!(put["Item"]["Dimensions"]["S"], "20x15");
        assert_eq!(put["Item"]["UploadTime"]["S"], "2025-01-01T10:20:30Z");
    }
    let condition = items[1]["ConditionExpression"].as_str().expect("a text");
    assert!(condition.contains("NOT"), "a success stays: {condition}");
}

/// The event about the second finds it replaced by the third, whose result it makes as well. The third has an
/// event of its own, and what that has written down stays.
#[test]
fn a_newer_object_is_written_down_only_where_nothing_is() {
    let lambda = Lambda::start_with(&[TABLE]);
    let [first, second, third] = [40, 50, 60].map(|width| photo(width, 30));
    for (object, sequencer) in [(&first, "01"), (&second, "02")] {
        lambda.has("a.jpg", Behaviour::Object(object.clone()));
        if sequencer == "02" {
            let third = third.clone();
            lambda.s3().before = vec![(
                "PUT",
                Box::new(move |s3| {
                    s3.get
                        .insert(b"originals/a.jpg".to_vec(), Behaviour::Object(third));
                }),
            )];
        }
        let event = [record("a.jpg", object, sequencer)];
        counted(&tell(&lambda, &event), [1, 0, 0, 0]);
    }
    let items = std::mem::take(&mut lambda.s3().items);
    let kept = "AND NOT (SourceETag = :etag AND #status = :processed)";
    let keeps = items.iter().map(|put| {
        let condition = put["ConditionExpression"].as_str();
        condition.expect("a condition").contains(kept)
    });
    assert_eq!(keeps.collect::<Vec<_>>(), [false, true]);
    let item = &items[1]["Item"];
    assert_eq!(item["SourceETag"]["S"], etag(&third));
    assert!(item.get("Sequencer").is_none(), "{item}");
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
