//! `upload-metadata` as a client sees it: images through a function, and what the table says of them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lambda::metadata::{ImagePage, ImageRecord, ImageStatus, image_id};
use lambda::upload::ImageAccepted;
use serde_json::json;

use crate::gateway::{JSON, says};
use crate::http::Reply;
use crate::picture;
use crate::system::{System, call};
use crate::uploads::{JPEG, Stack, ask, assert_given_up_once, keys, outcomes, size, wait};

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
        for reply in replies {
            let accepted = accepted(&reply);
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
            assert_eq!(outcomes(system, &accepted.key), ["processed"]);
            let table = system.output("MetadataTableName");
            let question = json!({"TableName": table, "Key": {"ImageID": {"S": accepted.id}}});
            let item = &ask(system, "dynamodb", "DynamoDB_20120810.GetItem", &question)["Item"];
            assert_eq!(item["Status"]["S"], "processed", "{item}");
            assert_eq!(item["Dimensions"]["S"], "500x200", "{item}");
            assert_eq!(item["URL"]["S"], format!("s3://{}/{}", result.bucket, result.key));
        }
    });
}

#[test]
fn an_image_that_was_put_into_the_bucket_is_resized_and_recorded() {
    let name = "an_image_that_was_put_into_the_bucket_is_resized_and_recorded";
    STACK.with(name, |system| {
        let key = "holiday/2026 (1)/caf\u{e9}+sun.jpg";
        let bucket = system.output("SourceBucketName");
        let put = system
            .session
            .storage
            .put(&bucket, key, picture::jpeg(600, 900));
        system.runtime.block_on(put).expect("stored");
        let record = wait("the metadata", || record(system, &image_id(key)));
        assert_eq!(record.status, ImageStatus::Processed);
        let result = record.result.expect("a result");
        assert_eq!(result.key, format!("thumbs/{key}"));
        assert_eq!(size(system, &result.bucket, &result.key), (333, 500));
    });
}

/// More than may be resized at once: none is lost, none is done or recorded twice.
#[test]
fn twenty_images_at_once_are_each_recorded_once() {
    STACK.with("twenty_images_at_once_are_each_recorded_once", |system| {
        let replies: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|number| {
                    scope.spawn(move || {
                        let path = format!("/images?filename=many-{number}.jpg");
                        call(
                            system,
                            "POST",
                            &path,
                            &[JPEG],
                            &picture::jpeg(30 + number, 20),
                        )
                    })
                })
                .collect();
            let replies = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
            replies.map(|reply| reply.expect("an answer")).collect()
        });
        for (number, reply) in (0..).zip(&replies) {
            let accepted = accepted(reply);
            let record = wait("the metadata", || record(system, &accepted.id));
            assert_eq!(record.status, ImageStatus::Processed, "{record:?}");
            assert_eq!(record.source.width, Some(30 + number));
            assert_eq!(outcomes(system, &accepted.key), ["processed"]);
        }
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
            let cursor = cursor
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D");
            path = format!("/images?limit=2&cursor={cursor}");
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

/// Put into the bucket past the API: the table tells that it failed, and the queue has the event.
#[test]
fn a_file_that_is_no_image_is_recorded_as_failed() {
    STACK.with("a_file_that_is_no_image_is_recorded_as_failed", |system| {
        let (bucket, key) = (system.output("SourceBucketName"), "uploads/words.jpg");
        let put = system
            .session
            .storage
            .put(&bucket, key, b"these are words".to_vec());
        system.runtime.block_on(put).expect("stored");
        assert_given_up_once(system, key, "UnsupportedFormat");
        let record = record(system, &image_id(key)).expect("recorded");
        assert_eq!(
            (record.status, &record.result),
            (ImageStatus::Failed, &None)
        );
        assert_eq!(record.error.expect("an error").name, "UnsupportedFormat");
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
