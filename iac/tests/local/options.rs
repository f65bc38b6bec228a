//! The stack with each of its options, deployed as `iac synth` writes it.

use std::process::Command;

use iac::cfn::Template;
use iac::stacks::ResizeApi;
use serde_json::json;

use crate::gateway::{JSON, says};
use crate::http::{Reply, send};
use crate::process::with_tools;
use crate::program::{Program, command};
use crate::skip::skip;
use crate::system::{System, with_system_of, written};
use crate::{picture, variants};

fn template(option: &str) -> Template {
    let (_, template) = variants::all()
        .into_iter()
        .filter(|(stack, _)| *stack == ResizeApi::NAME)
        .flat_map(|(_, variants)| variants)
        .find(|(name, _)| *name == option)
        .expect("an option");
    template
}

fn post(system: &System, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    send(system.port(), "POST", "/prod/resize", headers, body)
}

#[test]
fn a_stack_with_a_key_wants_it() {
    let template = template("auth-api-key");
    with_system_of("a_stack_with_a_key_wants_it", &template, |system| {
        for wrong in [
            &[JSON][..],
            &[JSON, ("x-api-key", "guess")],
            &[JSON, ("x-api-key", "")],
        ] {
            says(&post(system, wrong, b"[]"), 403, &["INVALID_API_KEY"]);
        }
        let route = system.session.route("POST", "/resize").expect("a method");
        let key = route.api_key.as_deref().expect("a key");
        assert!(key.len() >= 20 && !route.signed, "{route:?}");
        says(
            &post(system, &[JSON, ("x-api-key", key)], b"[]"),
            400,
            &["array"],
        );
    });
}

#[test]
fn a_stack_for_identities_wants_a_signature() {
    let template = template("auth-iam");
    with_system_of(
        "a_stack_for_identities_wants_a_signature",
        &template,
        |system| {
            says(
                &post(system, &[JSON], b"[]"),
                403,
                &["MISSING_AUTHENTICATION_TOKEN"],
            );
            let forged = "AWS4-HMAC-SHA256 Credential=iac-local/20200101/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";
            let headers = [
                JSON,
                ("authorization", forged),
                ("x-amz-date", "20200101T000000Z"),
            ];
            says(&post(system, &headers, b"[]"), 403, &["INVALID_SIGNATURE"]);

            let route = system.session.route("POST", "/resize").expect("a method");
            assert!(route.signed && route.api_key.is_none(), "{route:?}");
            let answer = system
                .runtime
                .block_on(system.session.call(route, "[]".to_owned()))
                .expect("an answer");
            assert_eq!(answer.status, 400, "{answer:?}");
        },
    );
}

#[test]
fn a_stack_for_a_website_answers_its_preflight() {
    let template = template("cors-origin");
    with_system_of(
        "a_stack_for_a_website_answers_its_preflight",
        &template,
        |system| {
            let asks = [
                ("origin", "https://photos.example.com"),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "content-type"),
            ];
            let reply = send(system.port(), "OPTIONS", "/prod/resize", &asks, b"");
            assert_eq!(reply.body, "", "{reply:?}");
            assert!([200, 204].contains(&reply.status), "{reply:?}");
            let allows = |name: &str| reply.header(&format!("access-control-allow-{name}"));
            assert_eq!(allows("origin"), Some("https://photos.example.com"));
            assert!(
                allows("methods").is_some_and(|methods| methods.contains("POST")),
                "{reply:?}"
            );
            assert!(
                allows("headers")
                    .is_some_and(|names| names.to_lowercase().contains("content-type")),
                "{reply:?}"
            );
            // The answers themselves must let the website read them too, the refusals included.
            let body = json!({"bucket": system.output("SourceBucketName"), "key": "none.jpg"});
            for (body, status) in [(body.to_string(), 200), ("[]".to_owned(), 400)] {
                let reply = post(system, &[JSON], body.as_bytes());
                assert_eq!(reply.status, status, "{reply:?}");
                assert_eq!(
                    reply.header("access-control-allow-origin"),
                    Some("https://photos.example.com"),
                    "{reply:?}"
                );
            }
        },
    );
}

#[test]
fn the_demo_works_with_each_way_in() {
    with_tools("the_demo_works_with_each_way_in", |python, bootstrap| {
        for option in ["auth-api-key", "auth-iam"] {
            let generated = written(&template(option));
            let photo = generated.path().join("cat.jpg");
            std::fs::write(&photo, picture::jpeg(90, 60)).expect("written");
            let output = command(&python, &bootstrap)
                .arg("--generated")
                .arg(generated.path())
                .arg("--demo")
                .arg(&photo)
                .arg("--demo-out")
                .arg(generated.path().join("out"))
                .output()
                .expect("iac starts");
            assert!(
                output.status.success(),
                "{option}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(
                generated.path().join("out/cat.jpg").is_file(),
                "{option} has a result"
            );
        }
    });
}

/// What `iac local` prints works when it is pasted.
#[test]
fn the_printed_call_is_let_in() {
    with_tools("the_printed_call_is_let_in", |python, bootstrap| {
        for option in ["default", "auth-api-key", "auth-iam"] {
            let generated = written(&template(option));
            let mut local = command(&python, &bootstrap);
            local.arg("--generated").arg(generated.path());
            let mut program = Program::start(local);
            let call = program.serving["call"].as_str().expect("a command");
            match Command::new("sh").args(["-c", call]).output() {
                Ok(output) if output.status.code() != Some(127) => {
                    let answer = String::from_utf8_lossy(&output.stdout);
                    assert!(
                        answer.starts_with("HTTP/1.1 200") && answer.contains("executionArn"),
                        "{option}: {call}: {answer}"
                    );
                }
                _ => skip("a call by curl", "there is no curl"),
            }
            program.end("INT");
        }
    });
}
