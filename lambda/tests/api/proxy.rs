//! What the three functions have in common: proxy events, CORS, and a wrong environment.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::support::{Called, Lambda, refused, request};
use lambda::{FailureName, names};

const ORIGINS: &str = "https://photos.example, http://localhost:8080";

/// All that any of them is told.
const VARIABLES: [(&str, Option<&str>); 9] = [
    ("SOURCE_BUCKET", Some("originals")),
    ("RESIZED_BUCKET", Some("resized")),
    ("OUTPUT_PREFIX", Some("thumbs/")),
    ("UPLOAD_PREFIX", Some("uploads/")),
    ("ALLOWED_ORIGINS", Some(ORIGINS)),
    ("MAX_UPLOAD_BYTES", Some("1000000")),
    ("URL_EXPIRES_SECONDS", Some("300")),
    ("METADATA_TABLE", Some("images")),
    ("TABLE_INDEX", Some("ByUploadTime")),
];

const PROGRAMS: [(&str, &str, &str); 3] = [
    (env!("CARGO_BIN_EXE_presign-upload"), "POST", "/uploads"),
    (env!("CARGO_BIN_EXE_upload-image"), "POST", "/images"),
    (env!("CARGO_BIN_EXE_read-metadata"), "GET", "/images/{id}"),
];

#[test]
fn the_executables_have_the_names_that_the_stacks_are_told() {
    for (name, program) in [
        (names::PRESIGN_UPLOAD, PROGRAMS[0].0),
        (names::UPLOAD_IMAGE, PROGRAMS[1].0),
        (names::READ_METADATA, PROGRAMS[2].0),
        (names::RESIZE_IMAGE, env!("CARGO_BIN_EXE_resize-image")),
    ] {
        assert_eq!(Path::new(program).file_name(), Some(OsStr::new(name)));
    }
}

fn start(program: &str, changes: &[(&str, Option<&str>)]) -> Lambda {
    Lambda::run(program, &Arc::default(), &[&VARIABLES, changes].concat())
}

fn from(lambda: &Lambda, method: &str, resource: &str, origin: Option<&str>) -> Called {
    let mut event = request(method, resource);
    event["headers"] = json!({"Content-Type": "text/plain", "Host": "x"});
    if let Some(origin) = origin {
        event["headers"]["Origin"] = json!(origin);
    }
    lambda.call(&event)
}

#[test]
fn preflights_are_answered_for_allowed_origins_only() {
    for (program, _, resource) in PROGRAMS {
        let lambda = start(program, &[]);
        for origin in ["https://photos.example", "http://localhost:8080"] {
            let answer = from(&lambda, "OPTIONS", resource, Some(origin));
            assert_eq!(answer.status(), 204);
            assert_eq!(answer.0["body"], "");
            assert_eq!(answer.header("Access-Control-Allow-Origin"), Some(origin));
            assert_eq!(answer.header("Vary"), Some("Origin"));
            let methods = answer
                .header("Access-Control-Allow-Methods")
                .expect("methods");
            assert!(
                methods.contains("GET") && methods.contains("POST"),
                "{methods}"
            );
            let headers = answer
                .header("Access-Control-Allow-Headers")
                .expect("headers");
            for name in ["Content-Type", "X-Api-Key", "Authorization", "X-Filename"] {
                assert!(headers.split(',').any(|header| header == name), "{headers}");
            }
        }
        for origin in [None, Some("https://evil.example"), Some("null")] {
            let answer = from(&lambda, "OPTIONS", resource, origin);
            assert_eq!(answer.status(), 204);
            assert_eq!(
                answer.header("Access-Control-Allow-Origin"),
                None,
                "{origin:?}"
            );
            assert_eq!(
                answer.header("Access-Control-Allow-Methods"),
                None,
                "{origin:?}"
            );
            assert_eq!(answer.header("Vary"), Some("Origin"));
        }
        assert!(lambda.s3().requests.is_empty());
    }
}

#[test]
fn a_page_can_read_errors_too() {
    for (program, method, resource) in PROGRAMS {
        let lambda = start(program, &[]);
        let answer = from(&lambda, method, resource, Some("https://photos.example"));
        assert!((400..500).contains(&answer.status()), "{answer:?}");
        assert_eq!(
            answer.header("Access-Control-Allow-Origin"),
            Some("https://photos.example")
        );
        assert_eq!(answer.header("Cache-Control"), Some("no-store"));
        let other = from(&lambda, method, resource, Some("https://evil.example"));
        assert_eq!(other.header("Access-Control-Allow-Origin"), None);
    }
}

#[test]
fn without_origins_no_page_may() {
    let (program, method, resource) = PROGRAMS[0];
    let lambda = start(program, &[("ALLOWED_ORIGINS", None)]);
    let answer = from(&lambda, method, resource, Some("https://photos.example"));
    assert_eq!(answer.header("Access-Control-Allow-Origin"), None);
    assert_eq!(answer.header("Vary"), None);
}

#[test]
fn other_resources_are_not_found() {
    for (program, ..) in PROGRAMS {
        let lambda = start(program, &[]);
        from(&lambda, "DELETE", "/images", None).is_error(404, "NotFound", "DELETE /images");
        from(&lambda, "GET", "/{proxy+}", None).is_error(404, "NotFound", "GET /{proxy+}");
    }
}

#[test]
fn events_of_something_else_are_failures_of_the_function() {
    for (program, ..) in PROGRAMS {
        let mut lambda = start(program, &[]);
        for event in [
            "{}",
            "[]",
            "null",
            r#"{"httpMethod": "GET"}"#,
            r#"{"version": "2.0"}"#,
        ] {
            let said = ["proxy event"];
            refused(&lambda.send(event), FailureName::InvalidRequest, &said);
        }
        assert!(lambda.alive());
    }
}

#[test]
fn a_wrong_environment_is_an_error_that_tells_clients_nothing() {
    let (presign, upload, read) = (PROGRAMS[0], PROGRAMS[1], PROGRAMS[2]);
    for ((program, method, resource), variable, value) in [
        (presign, "SOURCE_BUCKET", None),
        (presign, "RESIZED_BUCKET", None),
        (presign, "OUTPUT_PREFIX", Some("thumbs")),
        (presign, "UPLOAD_PREFIX", Some("uploads")),
        (presign, "MAX_UPLOAD_BYTES", Some("0")),
        (presign, "MAX_UPLOAD_BYTES", Some("67108865")),
        (presign, "URL_EXPIRES_SECONDS", Some("0")),
        (presign, "URL_EXPIRES_SECONDS", Some("43201")),
        (presign, "AWS_ACCESS_KEY_ID", None),
        (upload, "SOURCE_BUCKET", Some("")),
        (upload, "MAX_UPLOAD_BYTES", Some("many")),
        (read, "METADATA_TABLE", None),
        (read, "TABLE_INDEX", None),
    ] {
        let lambda = start(program, &[(variable, value)]);
        let answer = from(&lambda, method, resource, Some("https://photos.example"));
        answer.is_error(500, "InternalError", "log");
        assert!(answer.header("Access-Control-Allow-Origin").is_some());
        assert!(!answer.0.to_string().contains(variable), "{answer:?}");
        let log = lambda.log();
        let told = log
            .iter()
            .filter(|line| line.to_string().contains(variable));
        assert_eq!(told.count(), 2, "{log:#?}");
    }
}

#[test]
fn each_request_is_one_line_of_the_log() {
    let (program, method, resource) = PROGRAMS[2];
    let lambda = start(program, &[]);
    from(&lambda, method, resource, None);
    from(&lambda, "OPTIONS", resource, None);
    let log = lambda.log();
    assert_eq!(log.len(), 2, "{log:#?}");
    for (line, outcome, status) in [(0, "refused", 404), (1, "success", 204)] {
        assert_eq!(log[line]["outcome"], outcome);
        assert_eq!(log[line]["status"], status);
        assert_eq!(log[line]["resource"], resource);
        assert_eq!(log[line]["api_request_id"], crate::support::API_REQUEST_ID);
        assert!(log[line]["duration_ms"].is_u64());
    }
    assert_eq!(log[0]["error"], "NotFound");
    assert_eq!(log[0]["method"], "GET");
}
