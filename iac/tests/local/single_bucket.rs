//! `single-bucket` as a client sees it: one bucket, in and out, and a table.

use serde_json::{Value, json};

use crate::events::{
    assert_each_processed_once, assert_given_up_once, assert_late_events_change_nothing,
    assert_the_last_of_many_counts, at_once, outcomes,
};
use crate::gateway::says;
use crate::http::encoded;
use crate::media_types::assert_only_images_are_taken;
use crate::picture;
use crate::system::{System, call};
use crate::uploads::{
    JPEG, NAMES, Stack, elements, half_a_jpeg, item, items, keys, result_size, s3, size, wait,
};

static STACK: Stack = Stack::new("single-bucket");

/// Puts an image under a name and returns its key.
fn upload(system: &System, name: &str, image: &[u8]) -> String {
    let path = format!("/upload?filename={}", encoded(name));
    let reply = call(system, "POST", &path, &[JPEG], image);
    assert_eq!(reply.status, 200, "{name}: {reply:?}");
    let key = format!("uploads/{name}");
    let stored = json!({"bucket": system.output("BucketName"), "key": key});
    assert_eq!(reply.json(), stored);
    key
}

/// Both versions of an image are kept, its result is made once for each and starts nothing by itself.
#[test]
fn an_upload_is_processed_beside_itself() {
    STACK.with("an_upload_is_processed_beside_itself", |system| {
        let bucket = system.output("BucketName");
        let table = system.output("MetadataTableName");
        assert_eq!(table, "single-bucket-ImageMetadata");
        for (width, expected) in [(900, (720, 480)), (300, (300, 200))] {
            let photo = picture::jpeg(width, width * 2 / 3);
            upload(system, "cat.jpg", &photo);
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
        let folder = ["2026/11/a.jpg"];
        for (width, name) in (30..).zip(NAMES.iter().chain(&folder)) {
            let key = upload(system, name, &picture::jpeg(width, 20));
            let item = wait(&key, || item(system, &key));
            assert_eq!(item["Key"]["S"], key, "{item}");
            assert_eq!(item["Dimensions"]["S"], format!("{width}x20"), "{item}");
            assert_eq!(result_size(system, &key), (width, 20), "{key}");
        }
        // A + in a query is a space.
        let photo = picture::jpeg(20, 20);
        let reply = call(
            system,
            "POST",
            "/upload?filename=a+form%2B.jpg",
            &[JPEG],
            &photo,
        );
        assert_eq!(reply.json()["key"], "uploads/a form+.jpg", "{reply:?}");
        wait("the metadata", || item(system, "uploads/a form+.jpg"));
        assert_eq!(result_size(system, "uploads/a form+.jpg"), (20, 20));
    });
}

/// More than may be resized at once: none is lost, none is done or recorded twice, and no result is taken for
/// an upload.
#[test]
fn twenty_uploads_at_once_are_each_processed_once() {
    STACK.with("twenty_uploads_at_once_are_each_processed_once", |system| {
        let uploads = at_once(20, |number| {
            let name = format!("many-{number}.jpg");
            upload(system, &name, &picture::jpeg(30 + number, 20))
        });
        assert_each_processed_once(system, &uploads);
        let recorded = items(system, "uploads/many-");
        assert_eq!(recorded.len(), 20, "{recorded:?}");
        let bucket = system.output("BucketName");
        for (width, key) in (30..).zip(&uploads) {
            assert_eq!(result_size(system, key), (width, 20), "{key}");
            let of_key: Vec<_> = recorded
                .iter()
                .filter(|item| item["Key"]["S"] == **key)
                .collect();
            let [item] = of_key[..] else {
                panic!("{key}: {of_key:?}");
            };
            assert_eq!(item["Status"]["S"], "processed", "{item}");
            assert_eq!(item["Dimensions"]["S"], format!("{width}x20"), "{item}");
        }
        for folder in ["uploads", "processed"] {
            let path = format!("/{bucket}?versions=&prefix={folder}%2Fmany-");
            let versions = elements(&s3(system, &path), "VersionId");
            assert_eq!(versions.len(), 20, "{folder}: {versions:?}");
        }
        assert_eq!(items(system, "processed/"), Vec::<Value>::new());
    });
}

#[test]
fn events_that_come_again_or_late_do_no_harm() {
    STACK.with("events_that_come_again_or_late_do_no_harm", |system| {
        assert_late_events_change_nothing(system, "uploads/late.jpg", |image| {
            upload(system, "late.jpg", image);
        });
    });
}

#[test]
fn the_last_of_many_images_of_one_name_counts() {
    STACK.with("the_last_of_many_images_of_one_name_counts", |system| {
        assert_the_last_of_many_counts(system, "uploads/last.jpg", |image| {
            upload(system, "last.jpg", image);
        });
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
        let request = |name: &str| ("POST", format!("/upload?filename={name}"));
        assert_only_images_are_taken(system, request);
    });
}

#[test]
fn a_file_that_is_no_image_is_recorded_and_given_up() {
    STACK.with(
        "a_file_that_is_no_image_is_recorded_and_given_up",
        |system| {
            let words = upload(system, "words.jpg", b"these are words");
            let half = upload(system, "half.jpg", &half_a_jpeg());
            let objects = [
                (words.as_str(), "UnsupportedFormat"),
                (&half, "CorruptImage"),
            ];
            assert_given_up_once(system, &objects);
        },
    );
}
