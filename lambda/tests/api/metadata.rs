//! `read-metadata`, on tables whose conditions and indexes are an engine's.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use aws_sdk_s3::types::MetadataDirective;
use lambda::metadata::{ImagePage, ImageRecord, ImageStatus, image_id};
use serde_json::{Value, json};

use crate::support::engine::{Engine, with_engine};
use crate::support::{Called, Lambda, Outcome, photo, request};

fn start(engine: &Engine, table: &str) -> Lambda {
    let program = env!("CARGO_BIN_EXE_read-metadata");
    let own = [
        ("METADATA_TABLE", Some(table)),
        ("TABLE_INDEX", Some("ByUploadTime")),
    ];
    Lambda::run(
        program,
        &Arc::default(),
        &[&own[..], &engine.variables()].concat(),
    )
}

/// A table as the stacks make it.
fn table(engine: &Engine, name: &str) {
    let attribute = |name: &str| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect("whole")
    };
    let key = |name: &str, key_type: KeyType| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(key_type)
            .build()
            .expect("whole")
    };
    let index = GlobalSecondaryIndex::builder()
        .index_name("ByUploadTime")
        .key_schema(key("Kind", KeyType::Hash))
        .key_schema(key("UploadTime", KeyType::Range))
        .projection(
            Projection::builder()
                .projection_type(ProjectionType::All)
                .build(),
        )
        .build()
        .expect("whole");
    let made = engine
        .dynamodb
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("ImageID"))
        .attribute_definitions(attribute("Kind"))
        .attribute_definitions(attribute("UploadTime"))
        .key_schema(key("ImageID", KeyType::Hash))
        .global_secondary_indexes(index)
        .send();
    engine.runtime.block_on(made).expect("a new table");
}

type Item = HashMap<String, AttributeValue>;

fn item(engine: &Engine, table: &str, key: &str) -> Option<Item> {
    let id = AttributeValue::S(image_id(key));
    let get = engine
        .dynamodb
        .get_item()
        .table_name(table)
        .key("ImageID", id)
        .send();
    engine.runtime.block_on(get).expect("an answer").item
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item[name].as_s().expect("a text")
}

fn put(engine: &Engine, table: &str, item: Item) {
    let put = engine
        .dynamodb
        .put_item()
        .table_name(table)
        .set_item(Some(item))
        .send();
    engine.runtime.block_on(put).expect("stored");
}

fn one(lambda: &Lambda, id: &str) -> Called {
    let mut event = request("GET", "/images/{id}");
    event["pathParameters"] = json!({ "id": id });
    lambda.call(&event)
}

fn list(lambda: &Lambda, query: &Value) -> Called {
    let mut event = request("GET", "/images");
    event["queryStringParameters"] = query.clone();
    lambda.call(&event)
}

fn page(answer: &Called) -> ImagePage {
    assert_eq!(answer.status(), 200, "{answer:?}");
    serde_json::from_value(answer.json()).expect("a page")
}

/// `resize-image` on the engine, with buckets and a table of its own.
struct Pipeline<'a> {
    engine: &'a Engine,
    lambda: Lambda,
    name: &'a str,
}

impl<'a> Pipeline<'a> {
    fn start(engine: &'a Engine, name: &'a str) -> Self {
        let (source, resized) = (format!("{name}-originals"), format!("{name}-resized"));
        engine.bucket(&source);
        engine.bucket(&resized);
        table(engine, name);
        let own = [
            ("SOURCE_BUCKET", Some(source.as_str())),
            ("RESIZED_BUCKET", Some(resized.as_str())),
            ("METADATA_TABLE", Some(name)),
            ("MAX_WIDTH", Some("500")),
            ("MAX_HEIGHT", Some("500")),
        ];
        let lambda = Lambda::start_with(&[&own[..], &engine.variables()].concat());
        Self {
            engine,
            lambda,
            name,
        }
    }

    fn put(&self, key: &str, bytes: Vec<u8>) -> String {
        self.engine
            .put(&format!("{}-originals", self.name), key, bytes)
    }

    fn tell(&self, key: &str, etag: &str, sequencer: &str) -> Outcome {
        let bucket = format!("{}-originals", self.name);
        let event = json!({"Records": [{
            "eventName": "ObjectCreated:Put", "eventTime": "2025-01-01T10:20:30.400Z",
            "s3": {
                "bucket": {"name": bucket},
                "object": {"key": key, "size": 9, "eTag": etag, "sequencer": sequencer},
            },
        }]});
        self.lambda.send(&event.to_string())
    }

    fn item(&self, key: &str) -> Item {
        item(self.engine, self.name, key).expect("a record")
    }
}

#[test]
fn what_resize_image_writes_down_is_read_back() {
    with_engine("metadata of images", |engine| {
        let pipeline = Pipeline::start(engine, "read-back");
        let source = photo(1000, 800);
        let etag = pipeline.put("uploads/1/cat.jpg", source.clone());
        let outcome = pipeline.tell("uploads/1/cat.jpg", &etag, "0A");
        assert!(outcome.succeeded, "{outcome:?}");
        assert_eq!(outcome.body["processed"], 1);
        let outcome = pipeline.tell("uploads/1/cat.jpg", &etag, "0A");
        assert_eq!(outcome.body["duplicate"], 1, "{outcome:?}");
        let bad = pipeline.put("uploads/2/note.txt", b"hello".to_vec());
        assert!(!pipeline.tell("uploads/2/note.txt", &bad, "0A").succeeded);

        let lambda = start(engine, "read-back");
        let id = image_id("uploads/1/cat.jpg");
        let answer = one(&lambda, &id);
        assert_eq!(answer.status(), 200, "{answer:?}");
        let mut record = answer.json();
        let upload_time = record["uploadTime"].take();
        let processed_time = record["processedTime"].take();
        for time in [&upload_time, &processed_time] {
            let time = time.as_str().expect("a time");
            assert!(
                time.len() == 20 && time.starts_with("20") && time.ends_with('Z'),
                "{time}"
            );
        }
        let size = record["result"]["size"].take();
        let head = engine
            .s3
            .head_object()
            .bucket("read-back-resized")
            .key("thumbs/uploads/1/cat.jpg");
        let head = engine.runtime.block_on(head.send()).expect("a result");
        assert_eq!(size.as_i64(), head.content_length());
        assert_eq!(
            record,
            json!({
                "id": id, "status": "processed", "fileName": "cat.jpg",
                "source": {
                    "bucket": "read-back-originals", "key": "uploads/1/cat.jpg",
                    "size": source.len(), "width": 1000, "height": 800, "etag": etag,
                },
                "result": {
                    "bucket": "read-back-resized", "key": "thumbs/uploads/1/cat.jpg", "size": null,
                    "width": 500, "height": 400, "contentType": "image/jpeg",
                },
                "format": "jpeg", "uploadTime": null, "processedTime": null,
            })
        );

        let failed: ImageRecord =
            serde_json::from_value(one(&lambda, &image_id("uploads/2/note.txt")).json())
                .expect("a record");
        assert_eq!(failed.status, ImageStatus::Failed);
        let failure = failed.error.expect("a reason");
        assert_eq!(failure.name, "UnsupportedFormat");
        assert!(
            failure.message.contains("uploads/2/note.txt"),
            "{}",
            failure.message
        );
        assert_eq!(failed.source.size, Some(5));
        assert_eq!(failed.result, None);

        assert_eq!(page(&list(&lambda, &json!(null))).images.len(), 2);
        let unknown = image_id("other");
        for id in [unknown.as_str(), "", "x", &id.to_uppercase(), &id[..31]] {
            one(&lambda, id).is_error(404, "NotFound", "image");
        }
    });
}

#[test]
fn an_older_record_gives_way_and_a_newer_one_stays() {
    with_engine("conditions of the table", |engine| {
        let pipeline = Pipeline::start(engine, "conditions");
        let source = photo(40, 30);
        let etag = pipeline.put("made.jpg", source.clone());
        assert!(pipeline.tell("made.jpg", &etag, "05").succeeded);
        let made = pipeline.item("made.jpg");

        // What is there already, and whether the news about the object takes its place.
        for (n, (time, sequencer, its_etag, replaced)) in [
            ("2000-01-01T00:00:00Z", Some("09"), "older", true),
            ("2999-01-01T00:00:00Z", Some("09"), "newer", false),
            // Uploaded in parts: its time is that of the first part, and does not tell.
            ("2999-01-01T00:00:00Z", Some("01"), "parts", true),
            // A failure to read, which knows nothing of the object.
            ("2999-01-01T00:00:00Z", None, "", true),
            ("2999-01-01T00:00:00Z", Some("09"), etag.as_str(), true),
            ("same", Some("04"), "before", true),
            ("same", Some("0500"), "behind", false),
            ("same", None, "unknown", true),
        ]
        .into_iter()
        .enumerate()
        {
            let key = format!("{n}.jpg");
            let etag = pipeline.put(&key, source.clone());
            let head = engine.s3.head_object();
            let head = head.bucket("conditions-originals").key(&key).send();
            let head = engine.runtime.block_on(head).expect("it is there");
            let modified = head.last_modified().expect("a time").secs();
            let modified = aws_sdk_s3::primitives::DateTime::from_secs(modified).to_string();
            let time = if time == "same" { &modified } else { time };
            let mut there = made.clone();
            let mut set = |name: &str, value: &str| {
                there.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
            };
            set("ImageID", &image_id(&key));
            set("UploadTime", time);
            set("SourceETag", its_etag);
            set("FileName", "there before");
            if its_etag.is_empty() {
                there.remove("SourceETag");
            }
            let mut set = |name: &str, value: &str| {
                there.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
            };
            match sequencer {
                Some(sequencer) => set("Sequencer", sequencer),
                None => drop(there.remove("Sequencer")),
            }
            put(engine, "conditions", there);
            assert!(pipeline.tell(&key, &etag, "05").succeeded, "{n}");
            let name = text(&pipeline.item(&key), "FileName").to_owned();
            let expected = if replaced {
                key.as_str()
            } else {
                "there before"
            };
            assert_eq!(name, expected, "{n}: {time} {sequencer:?}");
        }
    });
}

/// Takes the sequencer from the notes of a result, as if an event about an earlier object had brought it there.
fn made_by_another_event(engine: &Engine, bucket: &str, key: &str) {
    let head = engine.s3.head_object().bucket(bucket).key(key).send();
    let head = engine.runtime.block_on(head).expect("a result");
    let mut notes = head.metadata.expect("notes");
    notes.remove("source-sequencer").expect("it is noted");
    let copy = engine
        .s3
        .copy_object()
        .bucket(bucket)
        .key(key)
        .copy_source(format!("{bucket}/{key}"))
        .metadata_directive(MetadataDirective::Replace)
        .set_metadata(Some(notes))
        .set_content_type(head.content_type)
        .send();
    engine.runtime.block_on(copy).expect("written");
}

/// Two results of one second, both made by events about earlier objects: only the event of the newest can tell
/// which of the records is right.
#[test]
fn an_event_orders_the_record_of_its_object_whoever_made_the_result() {
    with_engine("orders of records", |engine| {
        let pipeline = Pipeline::start(engine, "orders");
        for (n, (is_its, sequencer, after)) in [
            (false, None, Some("05")),
            (false, Some("0500"), None),
            (true, None, Some("05")),
            (true, Some("04"), Some("05")),
            (true, Some("05"), None),
            (true, Some("0500"), None),
        ]
        .into_iter()
        .enumerate()
        {
            let key = format!("{n}.jpg");
            let etag = pipeline.put(&key, photo(40, 30));
            assert!(pipeline.tell(&key, &etag, "05").succeeded);
            made_by_another_event(engine, "orders-resized", &format!("thumbs/{key}"));
            let mut there = pipeline.item(&key);
            there.remove("Sequencer").expect("it is recorded");
            let mut set = |name: &str, value: &str| {
                there.insert(name.to_owned(), AttributeValue::S(value.to_owned()));
            };
            set("FileName", "there before");
            if !is_its {
                set("SourceETag", "of another object");
            }
            if let Some(sequencer) = sequencer {
                set("Sequencer", sequencer);
            }
            put(engine, "orders", there.clone());

            let outcome = pipeline.tell(&key, &etag, "05");
            assert_eq!(outcome.body["duplicate"], 1, "{outcome:?}");
            let item = pipeline.item(&key);
            let Some(after) = after else {
                assert_eq!(item, there, "{n}");
                continue;
            };
            assert_eq!(text(&item, "Sequencer"), after, "{n}");
            assert_eq!(text(&item, "SourceETag"), etag, "{n}");
            assert_eq!(text(&item, "FileName"), key, "{n}");
            // From here on it is a repeated event.
            assert!(pipeline.tell(&key, &etag, "05").succeeded);
            assert_eq!(pipeline.item(&key), item, "{n}");
        }
    });
}

#[test]
fn a_failure_does_not_hide_a_success_with_the_same_object() {
    with_engine("failures after successes", |engine| {
        let pipeline = Pipeline::start(engine, "kept");
        let bad = pipeline.put("a.jpg", b"no image".to_vec());
        assert!(!pipeline.tell("a.jpg", &bad, "01").succeeded);
        let failed = pipeline.item("a.jpg");
        assert_eq!(text(&failed, "Status"), "failed");

        // The same object is said to be processed: what fails about it now is not written over that.
        let mut processed = failed.clone();
        let status = AttributeValue::S("processed".to_owned());
        processed.insert("Status".to_owned(), status);
        put(engine, "kept", processed);
        assert!(!pipeline.tell("a.jpg", &bad, "01").succeeded);
        assert_eq!(text(&pipeline.item("a.jpg"), "Status"), "processed");

        // Another object under the key is news; a failed one gives way to a success.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        let worse = pipeline.put("a.jpg", b"no image either".to_vec());
        assert!(!pipeline.tell("a.jpg", &worse, "02").succeeded);
        assert_eq!(text(&pipeline.item("a.jpg"), "Status"), "failed");
        let good = pipeline.put("a.jpg", photo(40, 30));
        assert!(pipeline.tell("a.jpg", &good, "03").succeeded);
        let item = pipeline.item("a.jpg");
        assert_eq!(text(&item, "Status"), "processed");
        assert!(
            !item.contains_key("Error"),
            "nothing is left of the failure"
        );
    });
}

/// A record with this key and time.
fn made_up(engine: &Engine, table: &str, key: &str, time: &str) {
    let item = json!({
        "ImageID": image_id(key), "Kind": "image", "Status": "failed", "FileName": key, "Bucket": "b",
        "Key": key, "UploadTime": time, "ProcessedTime": time, "Error": "CorruptImage", "Message": "m",
    });
    let item = item
        .as_object()
        .expect("an object")
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                AttributeValue::S(value.as_str().expect("a text").to_owned()),
            )
        });
    put(engine, table, item.collect());
}

#[test]
fn pages_show_every_image_once_newest_first() {
    with_engine("pages of images", |engine| {
        table(engine, "pages");
        // Three to a second.
        for n in 0..45 {
            let time = format!("2025-01-01T00:00:{:02}Z", n / 3);
            made_up(engine, "pages", &format!("{n}.jpg"), &time);
        }
        let lambda = start(engine, "pages");
        for (limit, pages) in [
            (None, 3),
            (Some("7"), 7),
            (Some("15"), 3),
            (Some("45"), 1),
            (Some("100"), 1),
            (Some("1"), 45),
        ] {
            let mut seen = Vec::new();
            let mut cursor = None;
            let mut asked = 0;
            loop {
                let query = json!({ "limit": limit, "cursor": cursor });
                let query: Value = query
                    .as_object()
                    .expect("an object")
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<serde_json::Map<_, _>>()
                    .into();
                let page = page(&list(&lambda, &query));
                asked += 1;
                seen.extend(
                    page.images
                        .into_iter()
                        .map(|image| (image.upload_time, image.file_name)),
                );
                cursor = page.cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(asked, pages, "{limit:?}: no empty page at the end");
            assert!(
                seen.iter().rev().map(|(time, _)| time).is_sorted(),
                "{limit:?}: newest first"
            );
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 45, "{limit:?}: every image once");
        }
    });
}

#[test]
fn wrong_pages_are_refused() {
    with_engine("cursors", |engine| {
        table(engine, "cursors");
        table(engine, "another");
        for n in 0..3 {
            made_up(engine, "cursors", &n.to_string(), "2025-01-01T00:00:00Z");
        }
        let lambda = start(engine, "cursors");
        let empty = start(engine, "another");
        assert_eq!(
            page(&list(&empty, &json!(null))),
            ImagePage {
                images: Vec::new(),
                cursor: None
            }
        );
        assert_eq!(list(&empty, &json!(null)).json(), json!({"images": []}));

        let cursor = page(&list(&lambda, &json!({"limit": "1"})))
            .cursor
            .expect("there are more");
        assert!(
            cursor
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)),
            "{cursor}"
        );
        assert_eq!(
            list(&lambda, &json!({"limit": "2", "cursor": cursor})).status(),
            200
        );
        list(&empty, &json!({ "cursor": cursor })).is_error(400, "InvalidRequest", "cursor");
        let mut changed = cursor.clone();
        changed.replace_range(20..21, if &cursor[20..21] == "A" { "B" } else { "A" });
        for wrong in [
            changed.as_str(),
            &cursor[1..],
            "x",
            "\u{e9}",
            "%3D",
            "eyJhIjoxfQ",
        ] {
            list(&lambda, &json!({ "cursor": wrong })).is_error(400, "InvalidRequest", "cursor");
        }
        for wrong in ["0", "101", "-1", "+5", "1.5", "ten", "99999999999"] {
            list(&lambda, &json!({ "limit": wrong })).is_error(400, "InvalidRequest", "1 to 100");
        }
    });
}

#[test]
fn a_table_that_is_not_there_is_an_error_of_the_function() {
    with_engine("a missing table", |engine| {
        let lambda = start(engine, "no-such-table");
        one(&lambda, &image_id("a")).is_error(500, "InternalError", "log");
        list(&lambda, &json!(null)).is_error(500, "InternalError", "log");
        let log = lambda.log();
        let cause = log[0]["cause"].as_str().expect("a cause");
        assert!(
            cause.contains("dynamodb:GetItem") && cause.contains("no-such-table"),
            "{cause}"
        );
    });
}

#[test]
fn an_item_that_is_none_of_ours_does_not_hide_the_others() {
    with_engine("foreign items", |engine| {
        table(engine, "foreign");
        made_up(engine, "foreign", "good", "2025-01-01T00:00:00Z");
        let foreign = [
            ("ImageID", image_id("foreign")),
            ("Kind", "image".to_owned()),
            ("UploadTime", "2025-01-02T00:00:00Z".to_owned()),
        ];
        let foreign = foreign.map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
        put(engine, "foreign", foreign.into());
        let lambda = start(engine, "foreign");
        let page = page(&list(&lambda, &json!(null)));
        let names: Vec<_> = page
            .images
            .iter()
            .map(|image| image.file_name.as_str())
            .collect();
        assert_eq!(names, ["good"]);
        one(&lambda, &image_id("foreign")).is_error(500, "InternalError", "log");
    });
}
