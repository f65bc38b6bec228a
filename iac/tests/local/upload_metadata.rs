//! `upload-metadata` as a client sees it: images through a function, and what the table says of them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lambda::metadata::{ImagePage, ImageRecord, ImageStatus, image_id};
use lambda::upload::ImageAccepted;
use serde_json::json;

use crate::events::{
    assert_each_processed_once, assert_given_up_once, assert_late_events_change_nothing,
    assert_the_last_of_many_counts, at_once,
};
use crate::gateway::{JSON, says};
use crate::http::{Reply, encoded};
use crate::picture;
use crate::system::{System, call};
use crate::uploads::{JPEG, NAMES, Stack, half_a_jpeg, item, items, keys, result_size, size, wait};

static STACK: Stack = Stack::new("upload-metadata");

fn accepted(reply: &Reply) -> ImageAccepted {
    assert_eq!(reply.status, 202, "{reply:?}");
    let accepted: ImageAccepted = serde_json::from_value(reply.json()).expect("of the model");
    assert_eq!(
        reply.header("location"),
        Some(format!("images/{}", accepted.id).as_str())
    );
    assert_eq!(
        (accepted.id.as_str(), accepted.status.as_str()),
        (image_id(&accepted.key).as_str(), "accepted")
    );
    accepted
}

fn record(system: &System, id: &str) -> Option<ImageRecord> {
    let reply = call(system, "GET", &format!("/images/{id}"), &[], b"");
    if reply.status == 404 {
        return None;
    }
    assert_eq!(reply.status, 200, "{reply:?}");
    Some(serde_json::from_value(reply.json()).expect("of the model"))
}

#[test]
fn an_image_in_the_body_is_resized_and_recorded() {
    STACK.with("an_image_in_the_body_is_resized_and_recorded", |system| {
        let photo = picture::jpeg(1000, 400);
        let json = json!({"filename": "in json.jpg", "contentType": "image/jpeg", "data": BASE64_STANDARD.encode(&photo)});
        let replies = [
            call(system, "POST", "/images?filename=a+cat.jpg", &[JPEG], &photo),
            call(system, "POST", "/images", &[JSON], json.to_string().as_bytes()),
            call(system, "POST", "/images", &[JPEG, ("x-filename", "named.jpg")], &photo),
        ];
        let images = replies.each_ref().map(accepted);
        for accepted in &images {
            let stored = system.session.storage.get(&accepted.bucket, &accepted.key);
            let stored = system.runtime.block_on(stored).expect("stored");
            assert_eq!(stored.bytes, photo, "{}", accepted.key);
            let record = wait("the metadata", || record(system, &accepted.id));
            assert_eq!((record.status, &record.error), (ImageStatus::Processed, &None));
            assert_eq!((record.source.width, record.source.height), (Some(1000), Some(400)));
            assert_eq!(record.source.size, Some(photo.len() as u64));
            let result = record.result.expect("a result");
            assert_eq!((result.width, result.height), (500, 200));
            assert_eq!(size(system, &result.bucket, &result.key), (500, 200));
            assert_eq!(record.format.as_deref(), Some("jpeg"));
            let item = item(system, &accepted.key).expect("an item");
            assert_eq!(item["Status"]["S"], "processed", "{item}");
            assert_eq!(item["Dimensions"]["S"], "500x200", "{item}");
            assert_eq!(item["URL"]["S"], format!("s3://{}/{}", result.bucket, result.key));
        }
        assert_each_processed_once(system, &images.map(|image| image.key));
    });
}

#[test]
fn an_image_that_was_put_into_the_bucket_is_resized_and_recorded() {
    let name = "an_image_that_was_put_into_the_bucket_is_resized_and_recorded";
    STACK.with(name, |system| {
        let key = "holiday/2026 (1)/caf\u{e9}+sun.jpg";
        system.put(key, picture::jpeg(600, 900));
        let record = wait("the metadata", || record(system, &image_id(key)));
        assert_eq!(record.status, ImageStatus::Processed);
        let result = record.result.expect("a result");
        assert_eq!(result.key, format!("thumbs/{key}"));
        assert_eq!(size(system, &result.bucket, &result.key), (333, 500));
    });
}

#[test]
fn any_name_is_taken_through_the_api_and_in_the_bucket() {
    STACK.with(
        "any_name_is_taken_through_the_api_and_in_the_bucket",
        |system| {
            for (width, name) in (30..).zip(NAMES) {
                let photo = picture::jpeg(width, 20);
                let path = format!("/images?filename={}", encoded(name));
                let through = accepted(&call(system, "POST", &path, &[JPEG], &photo)).key;
                let straight = format!("any name/{name}");
                system.put(&straight, photo);
                for key in [&through, &straight] {
                    let record = wait(key, || record(system, &image_id(key)));
                    assert_eq!(record.status, ImageStatus::Processed, "{record:?}");
                    assert_eq!(
                        (&record.source.key, record.source.width),
                        (key, Some(width))
                    );
                    assert_eq!(Some(record.file_name.as_str()), key.rsplit('/').next());
                    let result = record.result.expect("a result");
                    assert_eq!(result.key, format!("thumbs/{key}"));
                    assert_eq!(
                        size(system, &result.bucket, &result.key),
                        (width, 20),
                        "{key}"
                    );
                }
            }
        },
    );
}

/// More than may be resized at once: none is lost, none is done or recorded twice.
#[test]
fn twenty_images_at_once_are_each_recorded_once() {
    STACK.with("twenty_images_at_once_are_each_recorded_once", |system| {
        let images = at_once(20, |number| {
            let path = format!("/images?filename=many-{number}.jpg");
            let photo = picture::jpeg(30 + number, 20);
            accepted(&call(system, "POST", &path, &[JPEG], &photo))
        });
        let keys: Vec<_> = images.iter().map(|image| image.key.clone()).collect();
        assert_each_processed_once(system, &keys);
        for (width, image) in (30..).zip(&images) {
            let record = record(system, &image.id).expect("recorded");
            assert_eq!(record.status, ImageStatus::Processed, "{record:?}");
            assert_eq!(
                (&record.source.key, record.source.width),
                (&image.key, Some(width))
            );
            assert_eq!(result_size(system, &image.key), (width, 20));
        }
        let mut recorded = items(system, "uploads/");
        recorded.retain(|item| {
            item["FileName"]["S"]
                .as_str()
                .is_some_and(|name| name.starts_with("many-"))
        });
        assert_eq!(recorded.len(), 20, "{recorded:?}");
    });
}

/// Straight into the bucket: through the API each image has a key of its own.
#[test]
fn events_that_come_again_or_late_do_no_harm() {
    STACK.with("events_that_come_again_or_late_do_no_harm", |system| {
        let key = "albums/late.jpg";
        let put = |image: &[u8]| system.put(key, image.to_vec());
        assert_late_events_change_nothing(system, key, put);
    });
}

#[test]
fn the_last_of_many_images_of_one_name_counts() {
    STACK.with("the_last_of_many_images_of_one_name_counts", |system| {
        let key = "albums/last.jpg";
        let put = |image: &[u8]| system.put(key, image.to_vec());
        assert_the_last_of_many_counts(system, key, put);
    });
}

#[test]
fn the_list_has_every_image_once() {
    STACK.with("the_list_has_every_image_once", |system| {
        let photo = picture::jpeg(20, 20);
        let ids: Vec<_> = (0..5)
            .map(|number| {
                let path = format!("/images?filename=list-{number}.jpg");
                accepted(&call(system, "POST", &path, &[JPEG], &photo)).id
            })
            .collect();
        for id in &ids {
            wait("the metadata", || record(system, id));
        }
        let (mut seen, mut times, mut path) =
            (Vec::new(), Vec::new(), "/images?limit=2".to_owned());
        loop {
            let reply = call(system, "GET", &path, &[], b"");
            assert_eq!(reply.status, 200, "{reply:?}");
            let page: ImagePage = serde_json::from_value(reply.json()).expect("of the model");
            assert!(page.images.len() <= 2, "{page:?}");
            for image in page.images {
                times.push(image.upload_time);
                seen.push(image.id);
            }
            let Some(cursor) = page.cursor else { break };
            path = format!("/images?limit=2&cursor={}", encoded(&cursor));
        }
        for id in &ids {
            assert_eq!(
                seen.iter().filter(|seen| *seen == id).count(),
                1,
                "{id} in {seen:?}"
            );
        }
        assert!(
            times.is_sorted_by(|one, next| one >= next),
            "newest first: {times:?}"
        );
        for bad in ["limit=0", "limit=1000", "limit=x", "cursor=nonsense"] {
            says(
                &call(system, "GET", &format!("/images?{bad}"), &[], b""),
                400,
                &[bad.split('=').next().expect("a name")],
            );
        }
        assert_eq!(record(system, "00000000000000000000000000000000"), None);
    });
}

#[test]
fn bad_uploads_are_refused_and_leave_nothing() {
    STACK.with("bad_uploads_are_refused_and_leave_nothing", |system| {
        let photo = picture::jpeg(20, 20);
        let bad = |headers: &[(&str, &str)], body: &[u8], status: u16, word: &str| {
            let reply = call(
                system,
                "POST",
                "/images?filename=bad-upload.jpg",
                headers,
                body,
            );
            says(&reply, status, &[word, "message"]);
        };
        bad(&[JPEG], b"not an image", 415, "UnsupportedFormat");
        bad(
            &[("content-type", "image/png")],
            &photo,
            415,
            "UnsupportedFormat",
        );
        bad(
            &[("content-type", "text/plain")],
            b"hello",
            415,
            "UnsupportedFormat",
        );
        bad(
            &[JSON],
            br#"{"filename":"bad-upload.jpg","contentType":"image/jpeg","data":"%%%%"}"#,
            400,
            "base64",
        );
        bad(
            &[JSON],
            br#"{"filename":"bad-upload.jpg","contentType":"image/jpeg"}"#,
            400,
            "data",
        );
        bad(
            &[JSON],
            br#"{"filename":"bad-upload.jpg","contentType":"image/jpeg","data":"aGVsbG8=","x":1}"#,
            400,
            "x",
        );
        bad(
            &[JPEG],
            &[&photo[..], &vec![0; 4_550_000]].concat(),
            413,
            "bytes",
        );
        // More than Lambda takes: the function never sees it.
        let reply = call(system, "POST", "/images", &[JPEG], &vec![0; 9 << 20]);
        assert_eq!(reply.status, 413, "{reply:?}");
        let bucket = system.output("SourceBucketName");
        let left = keys(system, &bucket, "uploads/");
        assert!(
            !left.iter().any(|key| key.contains("bad-upload")),
            "{left:?}"
        );
    });
}

/// Past the API, and through it with a beginning like a JPEG's: the table tells that it failed, and the queue
/// has the event.
#[test]
fn a_file_that_is_no_image_is_recorded_as_failed() {
    STACK.with("a_file_that_is_no_image_is_recorded_as_failed", |system| {
        system.put("uploads/words.jpg", b"these are words".to_vec());
        let half = call(
            system,
            "POST",
            "/images?filename=half.jpg",
            &[JPEG],
            &half_a_jpeg(),
        );
        let half = accepted(&half).key;
        let objects = [
            ("uploads/words.jpg", "UnsupportedFormat"),
            (&half, "CorruptImage"),
        ];
        assert_given_up_once(system, &objects);
        for (key, error) in objects {
            let record = record(system, &image_id(key)).expect("recorded");
            assert_eq!(
                (record.status, &record.result),
                (ImageStatus::Failed, &None)
            );
            assert_eq!(record.error.expect("an error").name, error);
        }
    });
}

#[test]
fn only_the_configured_origins_get_through_a_browser() {
    STACK.with(
        "only_the_configured_origins_get_through_a_browser",
        |system| {
            let own = format!("http://localhost:{}", system.port());
            for (origin, is_allowed) in [(own.as_str(), true), ("https://evil.example.com", false)]
            {
                for (path, method) in [("/images", "POST"), ("/images/x", "GET")] {
                    let asks = [
                        ("origin", origin),
                        ("access-control-request-method", method),
                    ];
                    let reply = call(system, "OPTIONS", path, &asks, b"");
                    assert!([200, 204].contains(&reply.status), "{reply:?}");
                    let expected = is_allowed.then_some(origin);
                    assert_eq!(
                        reply.header("access-control-allow-origin"),
                        expected,
                        "{reply:?}"
                    );
                }
            }
        },
    );
}
