//! `single-bucket` as a client sees it: one bucket, in and out, and a table.

use lambda::metadata::image_id;
use serde_json::{Value, json};

use crate::gateway::says;
use crate::picture;
use crate::system::{System, call};
use crate::uploads::{
    JPEG, Stack, ask, assert_given_up_once, assert_only_images_are_taken, elements, keys, outcomes,
    s3, size, wait,
};

static STACK: Stack = Stack::new("single-bucket");

fn item(system: &System, key: &str) -> Option<Value> {
    let table = system.output("MetadataTableName");
    assert_eq!(table, "single-bucket-ImageMetadata");
    let question = json!({"TableName": table, "Key": {"ImageID": {"S": image_id(key)}}});
    let answer = ask(system, "dynamodb", "DynamoDB_20120810.GetItem", &question);
    answer.get("Item").cloned()
}

/// Both versions of an image are kept, its result is made once for each and starts nothing by itself.
#[test]
fn an_upload_is_processed_beside_itself() {
    STACK.with("an_upload_is_processed_beside_itself", |system| {
        let bucket = system.output("BucketName");
        for (width, expected) in [(900, (720, 480)), (300, (300, 200))] {
            let photo = picture::jpeg(width, width * 2 / 3);
            let reply = call(system, "POST", "/upload?filename=cat.jpg", &[JPEG], &photo);
            assert_eq!(reply.status, 200, "{reply:?}");
            assert_eq!(
                reply.json(),
                json!({"bucket": bucket, "key": "uploads/cat.jpg"})
            );
            let dimensions = format!("{}x{}", expected.0, expected.1);
            let item = wait("the metadata", || {
                item(system, "uploads/cat.jpg").filter(|item| item["Dimensions"]["S"] == dimensions)
            });
            assert_eq!(item["Status"]["S"], "processed", "{item}");
            assert_eq!(item["URL"]["S"], format!("s3://{bucket}/processed/cat.jpg"));
            assert_eq!(item["SourceSize"]["N"], photo.len().to_string(), "{item}");
            assert!(
                item["UploadTime"]["S"].is_string() && item["SourceVersion"]["S"].is_string(),
                "{item}"
            );
            assert_eq!(size(system, &bucket, "processed/cat.jpg"), expected);
        }
        let versions = s3(
            system,
            &format!("/{bucket}?versions=&prefix=uploads%2Fcat.jpg"),
        );
        assert_eq!(elements(&versions, "VersionId").len(), 2);
        std::thread::sleep(std::time::Duration::from_secs(1));
        assert_eq!(
            outcomes(system, "uploads/cat.jpg"),
            ["processed", "processed"]
        );
        assert_eq!(outcomes(system, "processed/cat.jpg"), Vec::<String>::new());
        let processed = s3(
            system,
            &format!("/{bucket}?versions=&prefix=processed%2Fcat.jpg"),
        );
        assert_eq!(elements(&processed, "VersionId").len(), 2);
    });
}

#[test]
fn any_name_is_a_key() {
    STACK.with("any_name_is_a_key", |system| {
        let bucket = system.output("BucketName");
        for (query, name) in [
            ("my+c%C3%A4t%2B%281%29.jpg", "my cät+(1).jpg"),
            ("2026%2F11%2Fa.jpg", "2026/11/a.jpg"),
        ] {
            let reply = call(
                system,
                "POST",
                &format!("/upload?filename={query}"),
                &[JPEG],
                &picture::jpeg(40, 30),
            );
            assert_eq!(reply.status, 200, "{reply:?}");
            assert_eq!(reply.json()["key"], format!("uploads/{name}"));
            wait("the metadata", || item(system, &format!("uploads/{name}")));
            assert_eq!(
                size(system, &bucket, &format!("processed/{name}")),
                (40, 30)
            );
        }
    });
}

#[test]
fn bad_uploads_are_refused() {
    STACK.with("bad_uploads_are_refused", |system| {
        says(
            &call(system, "POST", "/upload", &[JPEG], b"x"),
            400,
            &["filename", "requestId"],
        );
        says(
            &call(system, "POST", "/upload?filename=untyped.jpg", &[], b"x"),
            400,
            &["Content-Type"],
        );
        let reply = call(
            system,
            "POST",
            "/upload?filename=large.jpg",
            &[JPEG],
            &vec![0; 11 << 20],
        );
        says(&reply, 413, &["10485760"]);
        let bucket = system.output("BucketName");
        for name in ["untyped", "large"] {
            assert_eq!(
                keys(system, &bucket, &format!("uploads/{name}")),
                Vec::<String>::new()
            );
        }
    });
}

#[test]
fn an_upload_is_of_an_images_type() {
    STACK.with("an_upload_is_of_an_images_type", |system| {
        let bucket = system.output("BucketName");
        assert_only_images_are_taken(
            system,
            &bucket,
            |name| ("POST", format!("/upload?filename={name}")),
            |name| (bucket.clone(), format!("processed/{name}")),
        );
    });
}

#[test]
fn a_file_that_is_no_image_is_recorded_and_given_up() {
    STACK.with(
        "a_file_that_is_no_image_is_recorded_and_given_up",
        |system| {
            let reply = call(
                system,
                "POST",
                "/upload?filename=words.jpg",
                &[JPEG],
                b"these are words",
            );
            assert_eq!(reply.status, 200, "{reply:?}");
            assert_given_up_once(system, "uploads/words.jpg", "UnsupportedFormat");
            let item = item(system, "uploads/words.jpg").expect("recorded");
            assert_eq!(
                (&item["Status"]["S"], &item["Error"]["S"]),
                (&json!("failed"), &json!("UnsupportedFormat"))
            );
        },
    );
}
