//! The artifact bucket: made once, filled with what is not there, and kept from others.

use aws_sdk_cloudformation::types::ResourceSignalStatus;
use serde_json::json;

use crate::between::Between;
use crate::code::Code;
use crate::deployed::{ACCOUNT, template};
use crate::engine::{Engine, with_engine};
use crate::program::{Ended, Running, run};

/// `iac deploy resize-api` with somebody in between.
fn deploy_through(engine: &Engine, between: &Between, code: &Code) -> Ended {
    let folder = code.path().to_str().expect("text");
    let arguments = [
        "deploy",
        "resize-api",
        "--yes",
        "--code",
        folder,
        "--format",
        "json",
    ];
    let mut command = engine.iac(&arguments);
    run({
        command.env("AWS_ENDPOINT_URL", &between.endpoint);
        command
    })
}

/// Requests about the artifact bucket's objects.
fn of_objects(between: &Between, method: &str) -> Vec<String> {
    let start = format!("{method} /iac-artifacts-code-");
    let heads = between.heads().into_iter();
    heads.filter(|head| head.starts_with(&start)).collect()
}

#[test]
fn every_request_names_the_owner_and_only_what_is_missing_is_sent() {
    with_engine("every_request_names_the_owner", |engine| {
        let code = Code::of_version(1);
        let between = Between::before(&engine.endpoint(), |_, answer| answer);
        let deployed = deploy_through(engine, &between, &code);
        assert_eq!(deployed.code, Some(0), "{deployed:?}");
        let put = of_objects(&between, "put");
        assert_eq!(put.len(), 1, "{put:?}");
        for header in ["if-none-match: *", "x-amz-checksum-sha256: "] {
            assert!(put[0].contains(header), "{put:?}");
        }
        let owner = format!("x-amz-expected-bucket-owner: {ACCOUNT}");
        for head in put.iter().chain(&of_objects(&between, "head")) {
            assert!(head.contains(&owner), "{head}");
        }

        let between = Between::before(&engine.endpoint(), |_, answer| answer);
        assert_eq!(deploy_through(engine, &between, &code).code, Some(0));
        assert_eq!(of_objects(&between, "put"), Vec::<String>::new());
        assert_eq!(of_objects(&between, "head").len(), 1);
    });
}

#[test]
fn what_is_old_is_put_there_again() {
    with_engine("what_is_old", |engine| {
        let code = Code::of_version(1);
        engine.deployed(&code, &["resize-api", "--yes"]);
        let before = engine.parameter("resize-api", "CodeKey");
        // Everything in the bucket came long ago.
        let old = |head: &str, answer: String| {
            if !head.starts_with("HEAD ") {
                return answer;
            }
            let lines = answer.split("\r\n").map(|line| {
                let is_time = line.to_lowercase().starts_with("last-modified:");
                let old = "last-modified: Mon, 05 Jan 2026 12:00:00 GMT";
                if is_time { old } else { line }
            });
            lines.collect::<Vec<_>>().join("\r\n")
        };
        let between = Between::before(&engine.endpoint(), old);
        code.build(2);
        let deployed = deploy_through(engine, &between, &code);
        assert_eq!(deployed.code, Some(0), "{deployed:?}");
        // What an update that fails goes back to is renewed; what is new is uploaded.
        assert_eq!(deployed.event("code")["state"], "uploaded");
        let put = of_objects(&between, "put");
        let copied = |key: &str| {
            let source = format!("x-amz-copy-source: {}/{key}", engine.artifacts());
            put.iter().any(|head| head.contains(&source))
        };
        assert!(copied(&before), "{put:?}");

        let between = Between::before(&engine.endpoint(), old);
        let again = deploy_through(engine, &between, &code);
        assert_eq!(again.event("code")["state"], "renewed", "{again:?}");
        let after = engine.parameter("resize-api", "CodeKey");
        assert_eq!(engine.artifact(&after), Some(code.zip("resize-image")));
    });
}

#[test]
fn what_is_not_what_its_name_says_is_replaced() {
    with_engine("what_is_not_what_its_name_says", |engine| {
        let code = Code::of_version(1);
        let deployed = engine.deployed(&code, &["resize-api", "--yes"]);
        let key = deployed.event("code")["key"]
            .as_str()
            .expect("a key")
            .to_owned();
        let put = engine.account().s3().put_object();
        let put = put
            .bucket(engine.artifacts())
            .key(&key)
            .body(vec![0].into())
            .send();
        engine.runtime.block_on(put).expect("damaged");
        let again = engine.deployed(&code, &["resize-api"]);
        assert_eq!(again.event("code")["state"], "uploaded");
        assert_eq!(engine.artifact(&key), Some(code.zip("resize-image")));
    });
}

#[test]
fn a_bucket_of_somebody_else_gets_nothing() {
    with_engine("a_bucket_of_somebody_else", |engine| {
        let code = Code::of_version(1);
        // S3's answer where the owner is another one than expected.
        let another = |head: &str, answer: String| {
            let refused = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
            if head.starts_with("HEAD /iac-artifacts-code-") {
                refused.to_owned()
            } else {
                answer
            }
        };
        let between = Between::before(&engine.endpoint(), another);
        let refused = deploy_through(engine, &between, &code);
        assert_eq!(refused.code, Some(5), "{refused:?}");
        assert!(
            refused
                .errors
                .contains("another account has a bucket of the name"),
            "{refused:?}"
        );
        assert_eq!(engine.stacks(), [], "nothing is left");

        engine.deployed(&code, &["bootstrap", "--yes"]);
        let refused = deploy_through(engine, &between, &code);
        assert_eq!(refused.code, Some(5), "{refused:?}");
        assert!(
            refused.errors.contains("it has to belong to this account"),
            "{refused:?}"
        );
        assert_eq!(of_objects(&between, "put"), Vec::<String>::new());
        assert_eq!(engine.status("resize-api"), None);
    });
}

#[test]
fn a_bucket_that_outlived_its_stack_is_told_of() {
    with_engine("a_bucket_that_outlived", |engine| {
        let code = Code::of_version(1);
        engine.create_bucket(&engine.artifacts());
        let refused = engine.run_deploy(&code, &["resize-api", "--yes"]);
        assert_eq!(refused.code, Some(5), "{refused:?}");
        assert!(
            refused
                .errors
                .contains("its bucket is there without the stack"),
            "{refused:?}"
        );
        let other = ["resize-api", "--yes", "--artifacts", "other-artifacts"];
        engine.deployed(&code, &other);
        assert_eq!(
            engine.status("other-artifacts").as_deref(),
            Some("CREATE_COMPLETE")
        );
    });
}

#[test]
fn a_bucket_that_somebody_is_making_is_waited_for() {
    with_engine("a_bucket_that_somebody_is_making", |engine| {
        let code = Code::of_version(1);
        let mut template = template("bootstrap");
        template["Resources"]["Gate"] = json!({
            "Type": "AWS::CloudFormation::WaitCondition",
            "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT5M"}},
        });
        engine.begin("iac-artifacts", &template.to_string());
        let folder = code.path().to_str().expect("text");
        let arguments = [
            "deploy",
            "resize-api",
            "--yes",
            "--code",
            folder,
            "--format",
            "json",
        ];
        let (mut running, _) = Running::until(engine.iac(&arguments), "plan");
        while running.next("resource")["logicalId"] != "Gate" {}
        engine.signal("iac-artifacts", "Gate", ResourceSignalStatus::Success);
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(
            engine.status("resize-api").as_deref(),
            Some("CREATE_COMPLETE")
        );
    });
}

#[test]
fn what_runs_now_is_brought_back_before_it_is_replaced() {
    with_engine("what_runs_now", |engine| {
        let code = Code::of_version(1);
        engine.deployed(&code, &["resize-api", "--yes"]);
        let key = engine.parameter("resize-api", "CodeKey");
        engine.delete_artifact(&key);
        let first = code.zip("resize-image");
        code.build(2);
        let deployed = engine.deployed(&code, &["resize-api", "--yes"]);
        let restored = deployed.event("code");
        assert_eq!(
            (&restored["state"], &restored["key"]),
            (&json!("restored"), &json!(key))
        );
        assert_eq!(restored["function"], "resize-api-resize-image");
        assert_eq!(engine.artifact(&key), Some(first));

        // What runs is not what its key says: that is told, and the update goes on.
        let key = engine.parameter("resize-api", "CodeKey");
        engine.delete_artifact(&key);
        let update = engine.account().lambda().update_function_code();
        let update = update.function_name("resize-api-resize-image");
        let update = update.zip_file(Code::of_version(7).zip("resize-image").into());
        engine
            .runtime
            .block_on(update.send())
            .expect("changed by hand");
        code.build(3);
        let deployed = engine.deployed(&code, &["resize-api", "--yes"]);
        assert_eq!(deployed.event("code")["state"], "missing", "{deployed:?}");
        assert_eq!(engine.artifact(&key), None);
        assert_eq!(
            engine.status("resize-api").as_deref(),
            Some("UPDATE_COMPLETE")
        );
    });
}
