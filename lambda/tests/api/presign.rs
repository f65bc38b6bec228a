//! `presign-upload`, and its URLs on an engine that checks signatures.

use std::sync::Arc;
use std::time::Duration;

use lambda::upload::{ResultLink, UPLOAD_HEADERS, UploadGrant};
use serde_json::{Value, json};

use crate::support::engine::{Engine, with_engine};
use crate::support::http::{Answer, fetch};
use crate::support::{Called, Lambda, photo, request};

const SETTINGS: [(&str, Option<&str>); 6] = [
    ("SOURCE_BUCKET", Some("originals")),
    ("RESIZED_BUCKET", Some("resized")),
    ("OUTPUT_PREFIX", Some("thumbs/")),
    ("UPLOAD_PREFIX", Some("uploads/")),
    ("MAX_UPLOAD_BYTES", Some("1000000")),
    ("URL_EXPIRES_SECONDS", Some("300")),
];

fn start(changes: &[(&str, Option<&str>)]) -> Lambda {
    let program = env!("CARGO_BIN_EXE_presign-upload");
    Lambda::run(program, &Arc::default(), &[&SETTINGS, changes].concat())
}

fn ask(lambda: &Lambda, body: &Value) -> Called {
    let mut event = request("POST", "/uploads");
    event["body"] = json!(body.to_string());
    lambda.call(&event)
}

fn result_of(lambda: &Lambda, query: &Value) -> Called {
    let mut event = request("GET", "/results");
    event["queryStringParameters"] = query.clone();
    lambda.call(&event)
}

#[test]
fn a_grant_says_all_that_is_to_be_sent() {
    let lambda = start(&[]);
    let asked = json!({"filename": "Caf\u{e9} photo.JPG", "contentType": "image/jpeg", "contentLength": 12345});
    let answer = ask(&lambda, &asked);
    assert_eq!(answer.status(), 200, "{answer:?}");
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let fields = answer.json();
    let fields: Vec<_> = fields.as_object().expect("an object").keys().collect();
    assert_eq!(
        fields,
        ["url", "method", "headers", "bucket", "key", "expiresIn"]
    );
    let grant: UploadGrant = serde_json::from_value(answer.json()).expect("a grant");
    assert_eq!(grant.method, "PUT");
    assert_eq!(grant.bucket, "originals");
    assert_eq!(grant.expires_in, 300);
    let headers: Vec<_> = grant
        .headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let expected = [
        ("content-length", "12345"),
        ("content-type", "image/jpeg"),
        ("if-none-match", "*"),
    ];
    assert_eq!(headers, expected);
    assert_eq!(
        headers.len(),
        UPLOAD_HEADERS.len() + 1,
        "what the bucket's CORS rule allows"
    );
    assert!(
        UPLOAD_HEADERS
            .iter()
            .all(|name| grant.headers.contains_key(*name))
    );
    let id = grant
        .key
        .strip_prefix("uploads/")
        .and_then(|key| key.strip_suffix("/Caf\u{e9}-photo.jpg"));
    assert_eq!(id.expect("prefix, id and name").len(), 32);
    let signed = "&X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match";
    assert!(grant.url.contains(signed), "{}", grant.url);
    assert!(grant.url.contains("&X-Amz-Expires=300&"), "{}", grant.url);
    // A page cannot send a checksum that was made without the file.
    assert!(
        !grant.url.to_lowercase().contains("checksum"),
        "{}",
        grant.url
    );
    assert!(lambda.s3().requests.is_empty(), "signing needs no network");

    let again: UploadGrant = serde_json::from_value(ask(&lambda, &asked).json()).expect("a grant");
    assert_ne!(again.key, grant.key);
}

#[test]
fn a_body_in_base64_is_read_as_well() {
    use base64::Engine as _;

    let lambda = start(&[]);
    let body = r#"{"filename": "a.gif", "contentType": "image/gif", "contentLength": 1}"#;
    let mut event = request("POST", "/uploads");
    event["isBase64Encoded"] = json!(true);
    event["body"] = json!(base64::engine::general_purpose::STANDARD.encode(body));
    assert_eq!(lambda.call(&event).status(), 200);
    event["body"] = json!("not base64!");
    lambda
        .call(&event)
        .is_error(400, "InvalidRequest", "base64");
}

#[test]
fn what_is_asked_wrongly_is_refused_in_words() {
    let lambda = start(&[]);
    let asked = |field: &str, value: Value| {
        let mut body =
            json!({"filename": "a.jpg", "contentType": "image/jpeg", "contentLength": 1});
        body[field] = value;
        body
    };
    for (body, status, name, said) in [
        (
            asked("filename", json!("")),
            400,
            "InvalidRequest",
            "filename: it has 0",
        ),
        (
            asked("filename", json!("\u{e9}".repeat(256))),
            400,
            "InvalidRequest",
            "256 characters",
        ),
        (
            asked("filename", json!(7)),
            400,
            "InvalidRequest",
            "filename",
        ),
        (
            asked("contentType", json!("image/heic")),
            400,
            "InvalidRequest",
            "image/webp",
        ),
        (
            asked("contentType", json!("text/html")),
            400,
            "InvalidRequest",
            "contentType",
        ),
        (
            asked("contentLength", json!(0)),
            400,
            "InvalidRequest",
            "contentLength",
        ),
        (
            asked("contentLength", json!(-1)),
            400,
            "InvalidRequest",
            "contentLength",
        ),
        (
            asked("contentLength", json!(1.5)),
            400,
            "InvalidRequest",
            "contentLength",
        ),
        (
            asked("contentLength", json!("12")),
            400,
            "InvalidRequest",
            "contentLength",
        ),
        (
            asked("contentLength", json!(1_000_001)),
            413,
            "ImageTooLarge",
            "1000000",
        ),
        (
            asked("acl", json!("public-read")),
            400,
            "InvalidRequest",
            "acl",
        ),
        (
            json!({"filename": "a.jpg"}),
            400,
            "InvalidRequest",
            "contentType",
        ),
        (json!([]), 400, "InvalidRequest", "the body is not valid"),
    ] {
        ask(&lambda, &body).is_error(status, name, said);
    }
    let mut event = request("POST", "/uploads");
    for body in [json!(null), json!(""), json!("{"), json!("{} {}")] {
        event["body"] = body;
        lambda
            .call(&event)
            .is_error(400, "InvalidRequest", "the body is not valid");
    }
    let edge = ask(&lambda, &asked("contentLength", json!(1_000_000)));
    assert_eq!(edge.status(), 200);
}

#[test]
fn only_results_of_uploads_are_linked() {
    let lambda = start(&[]);
    for (query, said) in [
        (json!(null), "missing"),
        (json!({"key": ""}), "missing"),
        (json!({"key": "secret/a.jpg"}), "uploads/"),
        (json!({"key": "thumbs/uploads/a.jpg"}), "uploads/"),
        (json!({"key": "uploads"}), "uploads/"),
    ] {
        result_of(&lambda, &query).is_error(400, "InvalidRequest", said);
    }
    let mut event = request("GET", "/results");
    event["queryStringParameters"] = json!({"key": "uploads/b"});
    event["multiValueQueryStringParameters"] = json!({"key": ["uploads/a", "uploads/b"]});
    lambda.call(&event).is_error(400, "InvalidRequest", "once");
    assert!(lambda.s3().requests.is_empty());
}

#[test]
fn a_result_is_not_ready_until_it_is_there() {
    let lambda = start(&[]);
    let key = json!({"key": "uploads/1/a.jpg"});
    for (status, expected, name) in [
        (None, 404, "NotReady"),
        (Some(403), 404, "NotReady"),
        (Some(503), 503, "StorageUnavailable"),
        (Some(400), 500, "InternalError"),
    ] {
        lambda.s3().head_error = status;
        result_of(&lambda, &key).is_error(expected, name, "");
    }
    let asked = lambda.s3().requests[0].clone();
    assert_eq!(
        asked,
        (
            "HEAD".to_owned(),
            b"resized/thumbs/uploads/1/a.jpg".to_vec()
        )
    );
}

/// A function that signs for two buckets of its own.
fn on_engine(engine: &Engine, name: &str, expires: &str) -> (Lambda, String, String) {
    let (source, resized) = (format!("{name}-originals"), format!("{name}-resized"));
    engine.bucket(&source);
    engine.bucket(&resized);
    let own = [
        ("SOURCE_BUCKET", Some(source.as_str())),
        ("RESIZED_BUCKET", Some(resized.as_str())),
        ("URL_EXPIRES_SECONDS", Some(expires)),
    ];
    let lambda = start(&[&own[..], &engine.variables()].concat());
    (lambda, source, resized)
}

fn grant(lambda: &Lambda, bytes: usize) -> UploadGrant {
    let asked = json!({"filename": "\u{732b} a+b%.jpg", "contentType": "image/jpeg", "contentLength": bytes});
    serde_json::from_value(ask(lambda, &asked).json()).expect("a grant")
}

/// PUTs as a browser does: all headers of the grant but the length, which it sets by itself.
fn put(grant: &UploadGrant, url: &str, changes: &[(&str, Option<&str>)], body: &[u8]) -> Answer {
    let mut headers = grant.headers.clone();
    headers.remove("content-length");
    for (name, value) in changes {
        match value {
            Some(value) => headers.insert((*name).to_owned(), (*value).to_owned()),
            None => headers.remove(*name),
        };
    }
    let headers: Vec<_> = headers
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    fetch("PUT", url, &headers, body)
}

#[test]
fn a_grant_is_good_for_one_upload_of_this_key_type_and_length() {
    with_engine("presigned uploads", |engine| {
        let (lambda, source, _) = on_engine(engine, "grant", "300");
        let bytes = photo(40, 30);
        let grant = grant(&lambda, bytes.len());
        let longer = [&bytes[..], b"x"].concat();
        let elsewhere = grant.url.replacen("/uploads/", "/uploads/other/", 1);
        let longer_lived = grant.url.replace("X-Amz-Expires=300", "X-Amz-Expires=3000");
        assert!(elsewhere != grant.url && longer_lived != grant.url);
        for (what, url, changes, body) in [
            (
                "another type",
                &grant.url,
                &[("content-type", Some("text/html"))][..],
                &bytes,
            ),
            ("no type", &grant.url, &[("content-type", None)], &bytes),
            ("longer", &grant.url, &[], &longer),
            ("shorter", &grant.url, &[], &bytes[1..].to_vec()),
            ("another key", &elsewhere, &[], &bytes),
            ("a longer life", &longer_lived, &[], &bytes),
            (
                "overwriting",
                &grant.url,
                &[("if-none-match", None)],
                &bytes,
            ),
        ] {
            let answer = put(&grant, url, changes, body);
            assert_eq!(
                answer.status,
                403,
                "{what}: {}",
                String::from_utf8_lossy(&answer.body)
            );
        }
        let fetched = fetch("GET", &grant.url, &[], b"");
        assert_eq!(fetched.status, 403, "it is for a PUT");
        let list = engine.s3.list_objects_v2().bucket(&source).send();
        let list = engine.runtime.block_on(list).expect("a list");
        assert!(
            list.contents().is_empty(),
            "nothing is left of what was refused"
        );

        let answer = put(&grant, &grant.url, &[], &bytes);
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let head = engine
            .s3
            .head_object()
            .bucket(&source)
            .key(&grant.key)
            .send();
        let head = engine.runtime.block_on(head).expect("it is there");
        assert_eq!(head.content_type(), Some("image/jpeg"));
        assert_eq!(head.content_length(), i64::try_from(bytes.len()).ok());

        let second = put(&grant, &grant.url, &[], &bytes);
        assert_eq!(second.status, 412, "a second use does not overwrite");
    });
}

#[test]
fn a_grant_expires() {
    with_engine("expired uploads", |engine| {
        let (lambda, ..) = on_engine(engine, "expiry", "1");
        let bytes = photo(40, 30);
        let grant = grant(&lambda, bytes.len());
        assert_eq!(grant.expires_in, 1);
        std::thread::sleep(Duration::from_millis(2100));
        assert_eq!(put(&grant, &grant.url, &[], &bytes).status, 403);
    });
}

#[test]
fn a_result_is_linked_for_some_minutes() {
    with_engine("links to results", |engine| {
        let (lambda, _, resized) = on_engine(engine, "link", "300");
        let key = "uploads/1/\u{732b} a+b.jpg";
        let query = json!({ "key": key });
        result_of(&lambda, &query).is_error(404, "NotReady", "again");
        let bytes = photo(40, 30);
        engine.put(&resized, &format!("thumbs/{key}"), bytes.clone());
        let answer = result_of(&lambda, &query);
        assert_eq!(answer.status(), 200, "{answer:?}");
        let fields = answer.json();
        let fields: Vec<_> = fields.as_object().expect("an object").keys().collect();
        assert_eq!(
            fields,
            ["url", "bucket", "key", "contentLength", "expiresIn"]
        );
        let link: ResultLink = serde_json::from_value(answer.json()).expect("a link");
        assert_eq!(link.bucket, resized);
        assert_eq!(link.key, format!("thumbs/{key}"));
        assert_eq!(link.content_length, bytes.len() as u64);
        assert_eq!(link.expires_in, 300);
        let fetched = fetch("GET", &link.url, &[], b"");
        assert_eq!(fetched.status, 200);
        assert_eq!(fetched.body, bytes);
        let other = link
            .url
            .replacen("/thumbs/uploads/1/", "/thumbs/uploads/2/", 1);
        assert_eq!(fetch("GET", &other, &[], b"").status, 403);
        assert_eq!(fetch("PUT", &link.url, &[], b"x").status, 403);
        assert_eq!(fetch("DELETE", &link.url, &[], b"").status, 403);
    });
}
