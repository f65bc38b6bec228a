//! S3 behind the gateway, with a stack made for that and for functions.

use std::sync::OnceLock;

use iac::local::functions::Executables;
use iac::local::storage::Object;
use serde_json::{Value, json};

use crate::gateway::says;
use crate::stack::{self, ECHO};
use crate::system::{System, call};

/// The stack's own system; all tests here share it.
pub(crate) fn with_stack(name: &str, test: impl FnOnce(&System)) {
    static SYSTEM: OnceLock<Result<System, String>> = OnceLock::new();
    let start = || {
        let generated = tempfile::tempdir().expect("a folder");
        let folder = generated.path().join("integrations");
        std::fs::create_dir(&folder).expect("made");
        let template = stack::template().to_string();
        std::fs::write(folder.join("template.yaml"), template).expect("written");
        let executables = Executables::default();
        System::start(
            "integrations",
            generated.path().to_owned(),
            executables,
            &[],
        )
    };
    match SYSTEM.get_or_init(start) {
        Ok(system) => test(system),
        Err(missing) => crate::skip::skip(name, missing),
    }
}

fn stored(system: &System, key: &str) -> Object {
    let bucket = system.output("BucketName");
    let object = system.session.storage.get(&bucket, key);
    system
        .runtime
        .block_on(object)
        .unwrap_or_else(|error| panic!("{key}: {error}"))
}

pub(crate) const PNG: (&str, &str) = ("content-type", "image/png");

/// Bytes that are no UTF-8.
pub(crate) const BYTES: &[u8] = b"\x89PNG\r\n\x1a\n\xff\xfe\0";

#[test]
fn a_put_becomes_an_object_byte_for_byte() {
    with_stack("a_put_becomes_an_object_byte_for_byte", |system| {
        let reply = call(system, "PUT", "/uploads/a.png", &[PNG], BYTES);
        assert_eq!(
            (reply.status, reply.body.as_str()),
            (200, "{\"stored\": true}")
        );
        assert!(
            reply.header("etag").is_some_and(|tag| tag.len() == 34),
            "{reply:?}"
        );
        let object = stored(system, "uploads/a.png");
        assert_eq!(
            (object.bytes.as_slice(), object.content_type.as_str()),
            (BYTES, "image/png")
        );
        // Under a type that is not binary a body is text, and what is none is lost, as on AWS.
        let text = [("content-type", "text/plain")];
        assert_eq!(
            call(system, "PUT", "/uploads/a.txt", &text, BYTES).status,
            200
        );
        let expected = String::from_utf8_lossy(BYTES).into_owned().into_bytes();
        assert_eq!(stored(system, "uploads/a.txt").bytes, expected);
    });
}

#[test]
fn any_key_arrives_as_it_is_meant() {
    with_stack("any_key_arrives_as_it_is_meant", |system| {
        for (encoded, key) in [
            ("a%20b+c.png", "a b+c.png"),
            ("a%2Fb%2Fc.png", "a/b/c.png"),
            ("%C3%9C%E5%86%99%F0%9F%98%80.png", "Ü写😀.png"),
            ("100%25%2520%3F%23%26.png", "100%%20?#&.png"),
            ("it's~(1)!*%22%5C.png", "it's~(1)!*\"\\.png"),
            ("x;y=z@$,:.png", "x;y=z@$,:.png"),
        ] {
            let reply = call(
                system,
                "PUT",
                &format!("/uploads/{encoded}"),
                &[PNG],
                key.as_bytes(),
            );
            assert_eq!(reply.status, 200, "{encoded}: {reply:?}");
            let bytes = stored(system, &format!("uploads/{key}")).bytes;
            assert_eq!(bytes, key.as_bytes(), "{encoded}");
        }
        for (query, key) in [
            ("a+b%2Bc.png", "a b+c.png"),
            ("d/e%2Ff.png", "d/e/f.png"),
            ("%C3%9C%2520%3F.png", "Ü%20?.png"),
        ] {
            let reply = call(
                system,
                "POST",
                &format!("/upload?filename={query}"),
                &[PNG],
                b"q",
            );
            assert_eq!(reply.status, 200, "{query}: {reply:?}");
            assert_eq!(
                stored(system, &format!("uploads/q/{key}")).bytes,
                b"q",
                "{query}"
            );
        }
    });
}

/// A key with dots is a key; it does not get out of the role's prefix.
#[test]
fn dots_lead_nowhere() {
    with_stack("dots_lead_nowhere", |system| {
        for encoded in ["..", "%2E%2E%2Fsecret.png", "..%2F..%2Fother%2Fx.png"] {
            let reply = call(system, "PUT", &format!("/uploads/{encoded}"), &[PNG], b"x");
            assert_ne!(reply.status, 500, "{reply:?}");
        }
        let bucket = system.output("BucketName");
        let outside = system.session.storage.get(&bucket, "secret.png");
        assert!(system.runtime.block_on(outside).is_err());
    });
}

#[test]
fn what_is_missing_or_too_large_is_refused() {
    with_stack("what_is_missing_or_too_large_is_refused", |system| {
        let reply = call(system, "PUT", "/uploads/none.png", &[], b"x");
        says(
            &reply,
            400,
            &["Missing required request parameters: [Content-Type]"],
        );
        for query in ["name=x", "filename=", "filename=%20"] {
            let reply = call(system, "POST", &format!("/upload?{query}"), &[PNG], b"x");
            says(&reply, 400, &["[filename]"]);
        }
        let reply = call(
            system,
            "PUT",
            "/uploads/large.png",
            &[PNG],
            &vec![0; 11 << 20],
        );
        says(&reply, 413, &["10485760"]);
        for path in ["/uploads/a%zz", "/uploads/a%2", "/echo/%"] {
            says(
                &call(system, "PUT", path, &[PNG], b"x"),
                400,
                &["Bad Request"],
            );
        }
        for path in [
            "/uploads/",
            "/uploads/a/b",
            "/uploads//a",
            "/objects",
            "/up%2Floads/a",
        ] {
            says(
                &call(system, "PUT", path, &[PNG], b"x"),
                403,
                &["Missing Authentication"],
            );
        }
    });
}

/// What S3 answers comes through the pattern for it, and the role may put nowhere else.
#[test]
fn the_role_of_an_integration_counts() {
    with_stack("the_role_of_an_integration_counts", |system| {
        let reply = call(system, "PUT", "/elsewhere/a.png", &[PNG], b"x");
        says(&reply, 403, &["refused by S3"]);
        let reply = call(system, "GET", "/objects/uploads/none.png", &[], b"");
        assert!([403, 404].contains(&reply.status), "{reply:?}");
    });
}

/// A policy can go by it: the mapped one or API Gateway's own, and never the client's.
#[test]
fn s3_is_told_a_user_agent() {
    with_stack("s3_is_told_a_user_agent", |system| {
        for (path, kind, agent, status) in [
            ("own", "image/png", "curl", 200),
            ("own", "text/plain", "curl", 200),
            ("mapped", "image/png", "curl", 200),
            ("mapped", "text/plain", "image/png", 403),
            ("mapped", "image/png; x=y", "image/png", 403),
            ("mapped", "Image/PNG", "image/png", 403),
        ] {
            let path = format!("/agents/{path}/a.png");
            let headers = [("content-type", kind), ("user-agent", agent)];
            let reply = call(system, "PUT", &path, &headers, b"x");
            assert_eq!(reply.status, status, "{path} {kind}: {reply:?}");
        }
    });
}

#[test]
fn bytes_come_back_to_those_who_accept_them() {
    with_stack("bytes_come_back_to_those_who_accept_them", |system| {
        let text = b"cGxhaW4=";
        assert_eq!(
            call(system, "PUT", "/uploads/t.png", &[PNG], text).status,
            200
        );
        let get = |accept: &str| {
            call(
                system,
                "GET",
                "/objects/uploads/t.png",
                &[("accept", accept)],
                b"",
            )
        };
        let reply = get("image/png");
        assert_eq!(reply.body.as_bytes(), text, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("image/png"));
        // A client that does not say that it wants bytes gets base64.
        for accept in ["*/*", "text/html,image/png"] {
            assert_eq!(get(accept).body, "Y0d4aGFXND0=", "{accept}");
        }
        assert_eq!(
            call(
                system,
                "PUT",
                "/uploads/plain",
                &[("content-type", "text/plain")],
                text
            )
            .status,
            200
        );
        let reply = call(
            system,
            "GET",
            "/objects/uploads/plain",
            &[("accept", "image/*")],
            b"",
        );
        assert_eq!(
            reply.body, "plain",
            "text is decoded for a client that wants bytes"
        );
        assert_eq!(
            call(
                system,
                "PUT",
                "/uploads/words",
                &[("content-type", "text/plain")],
                b"no base64!"
            )
            .status,
            200
        );
        let reply = call(
            system,
            "GET",
            "/objects/uploads/words",
            &[("accept", "image/*")],
            b"",
        );
        says(&reply, 500, &["Internal server error"]);
    });
}

#[test]
fn what_aws_would_not_run_is_refused_by_name() {
    with_stack("what_aws_would_not_run_is_refused_by_name", |system| {
        type Change = fn(&mut Value);
        let cases: [(Change, &str); 8] = [
            (
                |resources| {
                    resources["Permission"]["Properties"]["SourceArn"] =
                        json!("arn:aws:execute-api:us-east-1:000000000000:other/*");
                },
                "no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke",
            ),
            (
                |resources| {
                    stack::integration(resources, "/uploads/{key}", "put")["requestParameters"] =
                        json!({});
                },
                "`integration.request.path.key` is not mapped",
            ),
            (
                |resources| {
                    stack::integration(resources, "/uploads/{key}", "put")["requestParameters"]["integration.request.header.X-Name"] =
                        json!("method.request.header.X-Name");
                },
                "HTTP/2",
            ),
            (
                |resources| {
                    stack::integration(resources, "/uploads/{key}", "put")["contentHandling"] =
                        json!("CONVERT_TO_BINARY");
                },
                "`contentHandling`",
            ),
            (
                |resources| {
                    stack::integration(resources, "/echo/{id}", "post")["httpMethod"] =
                        json!("GET");
                },
                "invoked with the httpMethod POST",
            ),
            (
                |resources| {
                    stack::integration(resources, "/echo/{id}", "post")["credentials"] = json!("x");
                },
                "`credentials` is not supported",
            ),
            (
                |resources| {
                    let paths = &mut resources["Api"]["Properties"]["Body"]["paths"];
                    paths["/echo/{other}"] = paths["/echo/{id}"].clone();
                },
                "two parameters in one place",
            ),
            (
                |resources| resources["Api"]["Properties"]["BinaryMediaTypes"] = json!(["image"]),
                "`image` is no media type",
            ),
        ];
        for (change, expected) in cases {
            let change = |stack: &mut iac::local::template::DeployedStack| {
                change(&mut stack.template["Resources"]);
            };
            let error = crate::changed::changed(system, change, |_| ());
            let error = error.expect_err(expected).to_string();
            assert!(error.contains(expected), "{expected} is not in {error}");
        }
        assert!(ECHO.contains("def handler"));
    });
}
