//! `upload-events` as a client sees it: signed uploads, results, and what S3's events come to.

use axum::body::Bytes;
use axum::http::Method;
use lambda::upload::{ResultLink, UploadGrant};
use serde_json::json;

use crate::events::{
    assert_each_processed_once, assert_given_up_once, assert_late_events_change_nothing,
    assert_the_last_of_many_counts,
};
use crate::gateway::{JSON, says};
use crate::http::{Reply, encoded, send};
use crate::system::{System, call};
use crate::uploads::{JPEG, NAMES, Stack, half_a_jpeg, invoke, keys, object, wait};
use crate::{picture, tools};

pub(crate) static STACK: Stack = Stack::new("upload-events");

fn sign(system: &System, name: &str, length: usize) -> UploadGrant {
    let request =
        json!({"filename": name, "contentType": "image/jpeg", "contentLength": length}).to_string();
    let reply = call(system, "POST", "/uploads", &[JSON], request.as_bytes());
    assert_eq!(reply.status, 200, "{reply:?}");
    serde_json::from_value(reply.json()).expect("exactly the fields of the model")
}

/// Puts bytes to a signed URL with its headers, of which some are changed.
fn put(grant: &UploadGrant, url: &str, changes: &[(&str, &str)], body: &[u8]) -> Reply {
    let headers = grant.headers.iter();
    let headers: Vec<_> = headers
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| {
            let other = changes.iter().find(|(other, _)| other == name);
            let value = other.map_or(value.as_str(), |(_, value)| *value);
            (name.as_str(), value)
        })
        .collect();
    let (port, path) = port_and_path(url);
    send(port, "PUT", &path, &headers, body)
}

fn port_and_path(url: &str) -> (u16, String) {
    let rest = url
        .strip_prefix("http://127.0.0.1:")
        .expect("the engine's address");
    let (port, path) = rest.split_once('/').expect("a path");
    (port.parse().expect("a port"), format!("/{path}"))
}

fn result_of(system: &System, key: &str) -> Option<ResultLink> {
    let path = format!("/results?key={}", encoded(key));
    let reply = call(system, "GET", &path, &[], b"");
    if reply.status == 404 {
        assert_eq!(reply.json()["error"], "NotReady", "{reply:?}");
        return None;
    }
    assert_eq!(reply.status, 200, "{reply:?}");
    Some(serde_json::from_value(reply.json()).expect("exactly the fields of the model"))
}

/// Waits for a result and follows the link to it, as a client does.
pub(crate) fn is_the_result(system: &System, key: &str, size: (u32, u32)) {
    let link = wait("the result", || result_of(system, key));
    assert_eq!(link.key, format!("thumbs/{key}"));
    let access = system.session.engine.access();
    let got = access.send_to(Method::GET, &link.url, None, &[], Bytes::new());
    let got = system.runtime.block_on(got).expect("an answer");
    assert_eq!(got.status.as_u16(), 200, "{key}: {got:?}");
    assert_eq!(got.headers["content-type"], "image/jpeg", "{key}");
    let picture = image::load_from_memory(&got.body).expect("an image");
    assert_eq!((picture.width(), picture.height()), size, "{key}");
}

#[test]
fn a_signed_upload_becomes_a_thumbnail() {
    STACK.with("a_signed_upload_becomes_a_thumbnail", |system| {
        let photo = picture::jpeg(1000, 500);
        let grant = sign(system, "My cät (1).jpg", photo.len());
        assert_eq!((grant.method.as_str(), grant.expires_in), ("PUT", 300));
        assert!(grant.url.contains("X-Amz-Expires=300&"), "{}", grant.url);
        assert_eq!(grant.headers["content-type"], "image/jpeg");
        assert_eq!(grant.headers["content-length"], photo.len().to_string());
        let name = grant
            .key
            .strip_prefix("uploads/")
            .expect("under the prefix");
        assert!(
            name.contains("cat-1") || name.contains("My"),
            "readable: {name}"
        );
        assert_eq!(result_of(system, &grant.key), None);
        let reply = put(&grant, &grant.url, &[], &photo);
        assert_eq!(reply.status, 200, "{reply:?}");
        is_the_result(system, &grant.key, (720, 360));
        assert_each_processed_once(system, &[grant.key]);
    });
}

/// A signed URL is good for exactly one upload: this key, this type, this length, once.
#[test]
fn a_signed_url_takes_nothing_else() {
    STACK.with("a_signed_url_takes_nothing_else", |system| {
        let photo = picture::jpeg(60, 40);
        let grant = sign(system, "strict.jpg", photo.len());
        let refused = |what: &str, reply: &Reply| {
            assert_eq!(reply.status, 403, "{what}: {reply:?}");
            assert!(
                object(system, &grant.bucket, &grant.key).is_none(),
                "{what}"
            );
        };
        refused(
            "type",
            &put(&grant, &grant.url, &[("content-type", "text/html")], &photo),
        );
        refused(
            "shorter",
            &put(&grant, &grant.url, &[], &photo[..photo.len() - 1]),
        );
        refused(
            "longer",
            &put(&grant, &grant.url, &[], &[&photo[..], b"x"].concat()),
        );
        let other = grant.key.replace("strict", "other");
        refused(
            "key",
            &put(&grant, &grant.url.replace("strict", "other"), &[], &photo),
        );
        assert!(object(system, &grant.bucket, &other).is_none());
        let longer = grant.url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000");
        refused("expiry", &put(&grant, &longer, &[], &photo));
        let (port, path) = port_and_path(&grant.url);
        refused("method", &send(port, "GET", &path, &[], b""));
        // What was refused does not use it up; the upload itself does.
        assert_eq!(put(&grant, &grant.url, &[], &photo).status, 200);
        let again = put(&grant, &grant.url, &[], &photo);
        assert_eq!(again.status, 412, "{again:?}");
    });
}

/// The stack once more, with URLs that live for a second.
#[test]
fn an_expired_url_takes_nothing() {
    STACK.with("an_expired_url_takes_nothing", |system| {
        let path = tools::root().join("generated/upload-events/template.yaml");
        let template = std::fs::read_to_string(path).expect("a template");
        let short = template.replace("URL_EXPIRES_SECONDS: '300'", "URL_EXPIRES_SECONDS: '1'");
        assert_ne!(short, template, "the stack sets the expiry");
        let given = &system.session.deployed.parameters;
        let code = ["CodeBucket", "CodeKey", "PresignUploadCodeKey"];
        let code = code.map(|name| (name.to_owned(), given[name].clone()));
        let access = system.session.engine.access();
        let deployment = iac::local::deploy::Deployment::new(access, "expiring");
        let event = json!({
            "httpMethod": "POST", "resource": "/uploads", "headers": {"content-type": "application/json"},
            "body": json!({"filename": "late.jpg", "contentType": "image/jpeg", "contentLength": 3}).to_string(),
        });
        system.runtime.block_on(async {
            deployment.propose(&short, &code.into()).await.expect("a change set");
            deployment.execute(|_, _| {}).await.expect("deployed");
        });
        let answer = invoke(system, "expiring-presign-upload", &event);
        let grant = answer["body"].as_str().expect("a body");
        let grant: UploadGrant = serde_json::from_str(grant).expect("a grant");
        assert_eq!(grant.expires_in, 1);
        std::thread::sleep(std::time::Duration::from_secs(3));
        let reply = put(&grant, &grant.url, &[], b"abc");
        assert_eq!(reply.status, 403, "{reply:?}");
        assert!(reply.body.contains("expired"), "{reply:?}");
        assert_eq!(keys(system, &grant.bucket, &grant.key), Vec::<String>::new());
    });
}

#[test]
fn a_request_that_cannot_be_signed_names_the_field() {
    STACK.with("a_request_that_cannot_be_signed_names_the_field", |system| {
        for (body, word) in [
            (r#"{"filename":"a.jpg","contentType":"image/jpeg"}"#, "contentLength"),
            (r#"{"filename":"a.jpg","contentType":"text/html","contentLength":1}"#, "contentType"),
            (r#"{"filename":"","contentType":"image/jpeg","contentLength":1}"#, "filename"),
            (r#"{"filename":"a.jpg","contentType":"image/jpeg","contentLength":0}"#, "contentLength"),
            (r#"{"filename":"a.jpg","contentType":"image/jpeg","contentLength":"1"}"#, "contentLength"),
            (r#"{"filename":"a.jpg","contentType":"image/jpeg","contentLength":1,"key":"x"}"#, "key"),
            ("nope", "Invalid JSON"),
        ] {
            says(&call(system, "POST", "/uploads", &[JSON], body.as_bytes()), 400, &[word, "requestId"]);
        }
        let body = r#"{"filename":"a.jpg","contentType":"image/jpeg","contentLength":100000000}"#;
        let reply = call(system, "POST", "/uploads", &[JSON], body.as_bytes());
        assert!([400, 413].contains(&reply.status), "{reply:?}");
        assert!(reply.body.contains("contentLength"), "{reply:?}");
        says(&call(system, "GET", "/results", &[], b""), 400, &["key"]);
        says(&call(system, "GET", "/results?key=secret%2Fx.jpg", &[], b""), 400, &["uploads/"]);
    });
}

/// The key is a safe form of the name; the client sends what it was told, and never builds it.
#[test]
fn any_name_can_be_signed_for() {
    STACK.with("any_name_can_be_signed_for", |system| {
        for (width, name) in (30..).zip(NAMES) {
            let photo = picture::jpeg(width, 20);
            let grant = sign(system, name, photo.len());
            let reply = put(&grant, &grant.url, &[], &photo);
            assert_eq!(reply.status, 200, "{name}: {reply:?}");
            is_the_result(system, &grant.key, (width, 20));
        }
    });
}

/// Straight into the bucket: the API takes no second image of a name.
#[test]
fn events_that_come_again_or_late_do_no_harm() {
    STACK.with("events_that_come_again_or_late_do_no_harm", |system| {
        let key = "uploads/late.jpg";
        let put = |image: &[u8]| system.put(key, image.to_vec());
        assert_late_events_change_nothing(system, key, put);
    });
}

#[test]
fn the_last_of_many_images_of_one_name_counts() {
    STACK.with("the_last_of_many_images_of_one_name_counts", |system| {
        let key = "uploads/last.jpg";
        let put = |image: &[u8]| system.put(key, image.to_vec());
        assert_the_last_of_many_counts(system, key, put);
    });
}

#[test]
fn a_file_that_is_no_image_is_given_up_once() {
    STACK.with("a_file_that_is_no_image_is_given_up_once", |system| {
        let reply = call(
            system,
            "PUT",
            "/uploads/no-image.jpg",
            &[JPEG],
            b"these are words",
        );
        assert_eq!(reply.status, 200, "{reply:?}");
        let half = half_a_jpeg();
        let grant = sign(system, "half.jpg", half.len());
        let reply = put(&grant, &grant.url, &[], &half);
        assert_eq!(reply.status, 200, "{reply:?}");
        let objects = [
            ("uploads/no-image.jpg", "UnsupportedFormat"),
            (&grant.key, "CorruptImage"),
        ];
        assert_given_up_once(system, &objects);
        assert_eq!(result_of(system, &grant.key), None);
    });
}

/// The page's origin may call the API and put into the bucket; no other may.
#[test]
fn only_the_pages_origin_gets_through_a_browser() {
    STACK.with("only_the_pages_origin_gets_through_a_browser", |system| {
        let allowed = [
            format!("http://127.0.0.1:{}", system.port()),
            format!("http://localhost:{}", system.port()),
        ];
        let origins = allowed.iter().map(String::as_str);
        for origin in origins.chain(["https://evil.example.com"]) {
            let is_allowed = origin.starts_with("http://");
            let expected = is_allowed.then_some(origin);
            let asks = [
                ("origin", origin),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type"),
            ];
            let reply = call(system, "OPTIONS", "/uploads", &asks, b"");
            assert!([200, 204].contains(&reply.status), "{reply:?}");
            assert_eq!(
                reply.header("access-control-allow-origin"),
                expected,
                "{reply:?}"
            );
            assert_eq!(reply.header("vary"), Some("Origin"), "{reply:?}");
            let body = br#"{"filename":"a.jpg","contentType":"image/jpeg","contentLength":1}"#;
            let reply = call(
                system,
                "POST",
                "/uploads",
                &[JSON, ("origin", origin)],
                body,
            );
            assert_eq!(
                reply.header("access-control-allow-origin"),
                expected,
                "{reply:?}"
            );

            let access = system.session.engine.access();
            let port = port_and_path(&format!("{}/", access.endpoint())).0;
            let path = format!("/{}/uploads/x.jpg", system.output("SourceBucketName"));
            let asks = [
                ("origin", origin),
                ("access-control-request-method", "PUT"),
                (
                    "access-control-request-headers",
                    "content-type,if-none-match",
                ),
            ];
            let reply = send(port, "OPTIONS", &path, &asks, b"");
            assert_eq!(reply.status == 200, is_allowed, "{reply:?}");
            assert_eq!(
                reply.header("access-control-allow-origin"),
                expected,
                "{reply:?}"
            );
        }
    });
}
