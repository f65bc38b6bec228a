//! `upload-events` as a client sees it: signed and direct uploads, and what S3 makes of them.

use std::sync::Barrier;

use axum::body::Bytes;
use axum::http::Method;
use lambda::upload::{ResultLink, UploadGrant};
use serde_json::{Value, json};

use crate::changed::changed;
use crate::gateway::{JSON, says};
use crate::http::{Reply, send};
use crate::system::{System, call};
use crate::uploads::{
    JPEG, Stack, assert_given_up_once, assert_only_images_are_taken, keys, object, outcomes, size,
    wait,
};
use crate::{picture, tools};

static STACK: Stack = Stack::new("upload-events");

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
    let path = format!("/results?key={}", key.replace('/', "%2F"));
    let reply = call(system, "GET", &path, &[], b"");
    if reply.status == 404 {
        assert_eq!(reply.json()["error"], "NotReady", "{reply:?}");
        return None;
    }
    assert_eq!(reply.status, 200, "{reply:?}");
    Some(serde_json::from_value(reply.json()).expect("exactly the fields of the model"))
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
        let link = wait("the result", || result_of(system, &grant.key));
        assert_eq!(link.key, format!("thumbs/{}", grant.key));
        assert_eq!(size(system, &link.bucket, &link.key), (720, 360));
        let access = system.session.engine.access();
        let got = access.send_to(Method::GET, &link.url, None, &[], Bytes::new());
        let got = system.runtime.block_on(got).expect("an answer");
        assert_eq!(
            (got.status.as_u16(), &got.headers["content-type"]),
            (200, &"image/jpeg".parse().expect("a value"))
        );
        assert_eq!(outcomes(system, &grant.key), ["processed"]);
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
        let answer = system.runtime.block_on(async {
            deployment.propose(&short, &code.into()).await.expect("a change set");
            deployment.execute(|_, _| {}).await.expect("deployed");
            invoke(system, "expiring-presign-upload", &event).await
        });
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

async fn invoke(system: &System, function: &str, event: &Value) -> Value {
    let access = system.session.engine.access();
    let port = port_and_path(&format!("{}/", access.endpoint())).0;
    let path = format!("/2015-03-31/functions/{function}/invocations");
    let signature = Some(("lambda", &access.credentials));
    let address = ([127, 0, 0, 1], port).into();
    let answer = access.post_to(address, &path, signature, &[JSON], event.to_string().into());
    let answer = answer.await.expect("an answer");
    serde_json::from_slice(&answer.body).expect("JSON")
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

#[test]
fn a_direct_upload_is_stored_byte_for_byte() {
    STACK.with("a_direct_upload_is_stored_byte_for_byte", |system| {
        let photo = picture::jpeg(900, 300);
        let reply = call(
            system,
            "PUT",
            "/uploads/direct%20%C3%BC+1.jpg",
            &[JPEG],
            &photo,
        );
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.json()["bucket"], system.output("SourceBucketName"));
        let key = "uploads/direct ü+1.jpg";
        let bucket = system.output("SourceBucketName");
        let stored = system.session.storage.get(&bucket, key);
        let stored = system.runtime.block_on(stored).expect("stored");
        assert_eq!(
            (stored.bytes, stored.content_type.as_str()),
            (photo.clone(), "image/jpeg")
        );
        // Another image of this name does not take its place, even for a client that would rather have an
        // image for an answer.
        let accept = [JPEG, ("accept", "image/*")];
        let path = "/uploads/direct%20%C3%BC+1.jpg";
        let reply = call(system, "PUT", path, &accept, b"another");
        says(&reply, 409, &["NameTaken", "choose another name"]);
        let kept = system.session.storage.get(&bucket, key);
        let kept = system.runtime.block_on(kept).expect("still there");
        assert_eq!(kept.bytes, photo);
        let resized = system.output("ResizedBucketName");
        let result = wait("the result", || {
            let object = system
                .session
                .storage
                .get(&resized, "thumbs/uploads/direct ü+1.jpg");
            system.runtime.block_on(object).ok()
        });
        let result = image::load_from_memory(&result.bytes).expect("an image");
        assert_eq!((result.width(), result.height()), (720, 240));
    });
}

/// What is mapped into the request that puts a direct upload into S3.
fn parameters(stack: &mut iac::local::template::DeployedStack) -> &mut Value {
    let paths = &mut stack.template["Resources"]["Api"]["Properties"]["Body"]["paths"];
    let integration = &mut paths["/uploads/{key}"]["put"]["x-amazon-apigateway-integration"];
    &mut integration["requestParameters"]
}

#[test]
fn a_bad_direct_upload_is_refused() {
    STACK.with("a_bad_direct_upload_is_refused", |system| {
        let reply = call(
            system,
            "PUT",
            "/uploads/large.jpg",
            &[JPEG],
            &vec![0; 11 << 20],
        );
        says(&reply, 413, &["10485760"]);
        let reply = call(system, "PUT", "/uploads/untyped.jpg", &[], b"x");
        says(&reply, 400, &["Content-Type", "requestId"]);
        // S3 says 400 of a name that is too long, and of a sum that is none; the engine only of the second.
        let unsound = |stack: &mut iac::local::template::DeployedStack| {
            parameters(stack)["integration.request.header.Content-MD5"] = json!("'x'");
        };
        let reply = changed(system, unsound, |port| {
            send(port, "PUT", "/prod/uploads/unsound.jpg", &[JPEG], b"x")
        });
        let words = ["UploadRefused", "shorter name", "requestId"];
        says(&reply.expect("served"), 400, &words);
        // As a role that may not write there: the answer is that for another type, and says whom to ask.
        let weaker = |stack: &mut iac::local::template::DeployedStack| {
            let resources = &mut stack.template["Resources"];
            let trust = resources["UploadRole"]["Properties"]["AssumeRolePolicyDocument"].clone();
            resources["ResizeImageRole"]["Properties"]["AssumeRolePolicyDocument"] = trust;
            let put = &mut resources["Api"]["Properties"]["Body"]["paths"]["/uploads/{key}"]["put"];
            put["x-amazon-apigateway-integration"]["credentials"] =
                json!({"Fn::GetAtt": ["ResizeImageRole", "Arn"]});
        };
        let reply = changed(system, weaker, |port| {
            send(port, "PUT", "/prod/uploads/forbidden.jpg", &[JPEG], b"x")
        });
        says(
            &reply.expect("served"),
            415,
            &["the request id to whoever runs the API", "requestId"],
        );
        let bucket = system.output("SourceBucketName");
        for name in ["large", "untyped", "unsound", "forbidden"] {
            assert_eq!(
                keys(system, &bucket, &format!("uploads/{name}")),
                Vec::<String>::new()
            );
        }
    });
}

#[test]
fn a_direct_upload_is_of_an_images_type() {
    STACK.with("a_direct_upload_is_of_an_images_type", |system| {
        let results = system.output("ResizedBucketName");
        assert_only_images_are_taken(
            system,
            &system.output("SourceBucketName"),
            |name| ("PUT", format!("/uploads/{name}")),
            |name| (results.clone(), format!("thumbs/uploads/{name}")),
        );
    });
}

/// API Gateway says its own name to S3 then, and the role lets that through.
#[test]
fn an_upload_whose_type_is_not_mapped_is_stored() {
    STACK.with("an_upload_whose_type_is_not_mapped_is_stored", |system| {
        let unmapped = |stack: &mut iac::local::template::DeployedStack| {
            let parameters = parameters(stack).as_object_mut().expect("an object");
            let agent = "integration.request.header.User-Agent";
            parameters.remove(agent).expect(agent);
        };
        let reply = changed(system, unmapped, |port| {
            let text = [("content-type", "text/plain")];
            send(port, "PUT", "/prod/uploads/unmapped.jpg", &text, b"words")
        });
        let reply = reply.expect("served");
        assert_eq!(reply.status, 200, "{reply:?}");
        let bucket = system.output("SourceBucketName");
        let stored = object(system, &bucket, "uploads/unmapped.jpg").expect("stored");
        assert_eq!(stored["content-type"], "text/plain");
    });
}

/// More than may be resized at once: none is lost, none is done twice.
#[test]
fn twenty_uploads_at_once_are_each_resized_once() {
    STACK.with("twenty_uploads_at_once_are_each_resized_once", |system| {
        let start = Barrier::new(20);
        std::thread::scope(|scope| {
            for number in 0..20 {
                let start = &start;
                scope.spawn(move || {
                    let photo = picture::jpeg(30 + number, 20);
                    start.wait();
                    let path = format!("/uploads/many-{number}.jpg");
                    let reply = call(system, "PUT", &path, &[JPEG], &photo);
                    assert_eq!(reply.status, 200, "{reply:?}");
                });
            }
        });
        let bucket = system.output("ResizedBucketName");
        let all = || keys(system, &bucket, "thumbs/uploads/many-");
        wait("all results", || (all().len() == 20).then_some(()));
        for number in 0..20 {
            let key = format!("uploads/many-{number}.jpg");
            assert_eq!(
                size(system, &bucket, &format!("thumbs/{key}")),
                (30 + number, 20)
            );
            assert_eq!(outcomes(system, &key), ["processed"], "{key}");
        }
    });
}

#[test]
fn an_event_that_comes_again_does_no_harm() {
    STACK.with("an_event_that_comes_again_does_no_harm", |system| {
        let key = "uploads/again.jpg";
        let reply = call(system, "PUT", "/uploads/again.jpg", &[JPEG], &picture::jpeg(50, 50));
        assert_eq!(reply.status, 200, "{reply:?}");
        let (source, resized) = (system.output("SourceBucketName"), system.output("ResizedBucketName"));
        let result = format!("thumbs/{key}");
        let first = wait("the result", || object(system, &resized, &result));
        let etag = object(system, &source, key).expect("stored")["etag"].clone();
        let etag = etag.to_str().expect("text").trim_matches('"').to_owned();
        let event = json!({"Records": [{
            "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": "2026-11-20T00:00:00.000Z",
            "s3": {"bucket": {"name": source}, "object": {"key": key, "size": 1000, "eTag": etag, "sequencer": "00"}},
        }]});
        for _ in 0..2 {
            let answer = invoke(system, "upload-events-resize-image", &event);
            let answer = system.runtime.block_on(answer);
            assert_eq!(answer["duplicate"], 1, "{answer}");
        }
        let then = object(system, &resized, &result).expect("still there");
        assert_eq!(then["last-modified"], first["last-modified"]);
        assert_eq!(outcomes(system, key), ["processed", "duplicate", "duplicate"]);
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
        assert_given_up_once(system, "uploads/no-image.jpg", "UnsupportedFormat");
        let bucket = system.output("ResizedBucketName");
        assert_eq!(object(system, &bucket, "thumbs/uploads/no-image.jpg"), None);
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
