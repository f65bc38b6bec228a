//! What is said when something is missing or wrong.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;

use iac::stacks::ResizeApi;

use crate::program::{bare, run};
use crate::stack::{command, with_stack};

/// A command that must fail, with the exit code and words of what it says.
fn fails(command: Command, code: i32, words: &[&str]) {
    let ended = run(command);
    assert_eq!(ended.code, Some(code), "{ended:?}");
    for words in words {
        assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
    }
    assert!(!ended.errors.contains("panicked"), "{ended:?}");
}

const COMMANDS: [&str; 2] = ["backfill", "redrive"];

#[test]
fn without_a_region_or_credentials_it_says_which() {
    for name in COMMANDS {
        let mut command = bare(&[name, "--stack", "photos"]);
        command.env("AWS_ACCESS_KEY_ID", "key");
        command.env("AWS_SECRET_ACCESS_KEY", "secret");
        fails(command, 5, &["no region is set", "--region", "AWS_REGION"]);

        let command = bare(&[name, "--stack", "photos", "--region", "eu-west-1"]);
        fails(
            command,
            5,
            &["no AWS credentials", "--profile", "AWS_ACCESS_KEY_ID"],
        );

        let mut command = bare(&[name, "--stack", "photos", "--profile", "nobody"]);
        command.env("AWS_REGION", "eu-west-1");
        fails(command, 5, &["no AWS credentials", "nobody"]);
    }
}

#[test]
fn a_wrong_address_is_named() {
    let port = {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        taken.local_addr().expect("an address").port()
    };
    let silent = format!("http://127.0.0.1:{port}");
    let with = |name: &str, endpoint: &str| {
        let mut command = bare(&[name, "--stack", "photos", "--region", "eu-west-1"]);
        command.args(["--endpoint", endpoint]);
        command.env("AWS_ACCESS_KEY_ID", "key");
        command.env("AWS_SECRET_ACCESS_KEY", "secret");
        command
    };
    for name in COMMANDS {
        fails(with(name, &silent), 5, &["nothing answers", &silent]);
        fails(with(name, "localhost:4566"), 2, &["http://"]);

        // Some other server.
        let server = TcpListener::bind("127.0.0.1:0").expect("a port");
        let other = format!("http://{}", server.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in server.incoming() {
                let mut stream = stream.expect("a client");
                let _ = stream.read(&mut [0; 4096]);
                let page =
                    "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";
                let _ = stream.write_all(page.as_bytes());
            }
        });
        fails(with(name, &other), 5, &["no AWS service", "HTTP 404"]);
    }
}

#[test]
fn a_stack_that_is_not_there_or_lacks_the_part_is_named() {
    let name = "a_stack_that_is_not_there_or_lacks_the_part_is_named";
    let options = ResizeApi {
        backfill: None,
        ..ResizeApi::default()
    };
    let template = options.template().expect("a stack");
    with_stack(name, &template, |stack| {
        fails(
            command(stack, &["backfill"]),
            5,
            &["`resize-api` has no BackfillStateMachine", "`backfill`"],
        );
        fails(
            command(stack, &["redrive"]),
            5,
            &["`resize-api` has no DeadLetterQueue"],
        );
        for name in COMMANDS {
            let access = stack.session.engine.access();
            let mut command = bare(&[name, "--stack", "nope", "--region", "us-east-1"]);
            command.args(["--endpoint", &access.endpoint()]);
            command.env("AWS_ACCESS_KEY_ID", access.credentials.access_key_id());
            command.env(
                "AWS_SECRET_ACCESS_KEY",
                access.credentials.secret_access_key(),
            );
            fails(command, 5, &["no stack `nope` in us-east-1"]);
        }
    });
}

#[test]
fn a_run_of_another_machine_and_a_report_that_cannot_be_written_are_refused() {
    let name = "a_run_of_another_machine_and_a_report_that_cannot_be_written_are_refused";
    let template = ResizeApi::default().template().expect("a stack");
    with_stack(name, &template, |stack| {
        let machine = stack.output("StateMachineArn");
        let unknown = machine.replace(":stateMachine:", ":execution:") + ":none";
        fails(
            command(stack, &["backfill", "--attach", &unknown]),
            5,
            &["cannot describe the execution", "ExecutionDoesNotExist"],
        );
        let bucket = stack.output("SourceBucketName");
        let body = format!(r#"{{"bucket":"{bucket}","key":"none.jpg"}}"#);
        let route = stack.session.route("POST", "/resize").expect("a method");
        let answer = stack.runtime.block_on(stack.session.call(route, body));
        let answer: serde_json::Value =
            serde_json::from_slice(&answer.expect("an answer").body).expect("JSON");
        let execution = answer["executionArn"].as_str().expect("an ARN");
        fails(
            command(stack, &["backfill", "--attach", execution]),
            2,
            &["is no backfill of the stack `resize-api`", &machine],
        );
        fails(
            command(stack, &["backfill", "--report", "/nonexistent/report.json"]),
            4,
            &["cannot write the report to /nonexistent/report.json"],
        );
    });
}

#[test]
fn numbers_out_of_bounds_are_wrong_usage() {
    for (option, number) in [
        ("--concurrency", "0"),
        ("--concurrency", "10001"),
        ("--tolerated-failures", "101"),
    ] {
        let command = bare(&["backfill", "--stack", "photos", option, number]);
        fails(command, 2, &[option]);
    }
    let command = bare(&["redrive", "--stack", "photos", "--max", "0"]);
    fails(command, 2, &["--max"]);
}
