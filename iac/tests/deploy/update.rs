//! Stacks that are created, changed and left as they are.

use serde_json::{Value, json};

use crate::code::Code;
use crate::engine::with_engine;
use crate::{picture, skip, tools};

#[test]
fn a_stack_is_created_then_left_as_it_is() {
    with_engine("a_stack_is_created", |engine| {
        let code = Code::of_version(1);
        let created = engine.deployed(&code, &["resize-api", "--yes", "--tag", "owner=jane"]);
        assert_eq!(created.event("plan")["plan"]["kind"], "create");
        let uploaded = created.event("code");
        assert_eq!(uploaded["state"], "uploaded");
        let key = uploaded["key"].as_str().expect("a key");
        assert_eq!(engine.artifact(key), Some(code.zip("resize-image")));
        assert_eq!(engine.parameter("resize-api", "CodeKey"), key);
        assert_eq!(
            created.event("next")["command"],
            format!("iac resize photo.jpg --stack resize-api{}", "")
        );
        // An output that names the account is not told.
        let outputs = created.event("outputs")["outputs"].clone();
        assert!(outputs["ApiUrl"].is_string() && outputs.get("StateMachineArn").is_none());

        let stack = engine.describe("resize-api").expect("a stack");
        assert!(stack.termination_protection);
        assert_eq!(stack.tags["owner"], "jane");
        assert_eq!(
            engine.protected("resize-api"),
            ["ResizedBucket", "SourceBucket"]
        );
        let artifacts = engine.describe("iac-artifacts").expect("a stack");
        assert!(artifacts.termination_protection, "code is data as well");
        assert_eq!(engine.protected("iac-artifacts"), ["ArtifactBucket"]);

        let updated = stack.updated;
        let again = engine.deployed(&code, &["resize-api"]);
        assert_eq!(again.event("unchanged")["stack"], "resize-api");
        assert_eq!(again.event("code")["state"], "there");
        assert_eq!(again.event("outputs")["outputs"], outputs);
        let stack = engine.describe("resize-api").expect("a stack");
        assert_eq!(
            (stack.status.as_str(), stack.updated),
            ("CREATE_COMPLETE", updated)
        );
        assert_eq!(
            engine.change_sets("resize-api").len(),
            1,
            "the one that made it"
        );
    });
}

#[test]
fn parameters_tags_and_code_change_one_by_one() {
    with_engine("parameters_tags_and_code", |engine| {
        let code = Code::of_version(1);
        let width = ["--parameter", "MaxWidth=32"];
        engine.deployed(
            &code,
            &["resize-api", "--yes", "--tag", "a=1", "--tag", "b=2"],
        );
        let key = engine.parameter("resize-api", "CodeKey");

        let changed = engine.deployed(&code, &[&["resize-api", "--yes"][..], &width].concat());
        let plan = &changed.event("plan")["plan"];
        assert_eq!(
            plan["parameters"],
            json!([{"name": "MaxWidth", "before": "720", "after": "32"}])
        );
        assert_eq!(changed.event("code")["state"], "there");

        // What is not named stays.
        code.build(2);
        let role = "arn:aws:iam::123456789012:role/deploy";
        let arguments = [
            "resize-api",
            "--yes",
            "--tag",
            "a=3",
            "--untag",
            "b",
            "--role-arn",
            role,
        ];
        let changed = engine.deployed(&code, &arguments);
        assert_eq!(changed.event("code")["state"], "uploaded");
        let stack = engine.describe("resize-api").expect("a stack");
        assert_eq!(stack.parameters["MaxWidth"], "32");
        assert_ne!(stack.parameters["CodeKey"], key);
        assert_eq!(stack.tags, [("a".to_owned(), "3".to_owned())].into());
        let plan = changed.event("plan")["plan"].clone();
        let tags = json!([
            {"name": "a", "before": "1", "after": "3"},
            {"name": "b", "before": "2"},
        ]);
        assert_eq!(plan["tags"], tags);
        assert_eq!(plan["roleArn"], "arn:aws:iam::123456789012:role/deploy");
        assert!(engine.artifact(&key).is_some(), "what ran before stays");

        // The way back, without the zip.
        let back = format!("CodeKey={key}");
        engine.deployed(
            &Code::of_version(9),
            &["resize-api", "--yes", "--parameter", &back],
        );
        assert_eq!(engine.parameter("resize-api", "CodeKey"), key);
        let gone = [
            "resize-api",
            "--yes",
            "--parameter",
            "CodeKey=resize-image/gone.zip",
        ];
        let refused = engine.run_deploy(&code, &gone);
        assert_eq!(refused.code, Some(5), "{refused:?}");
        assert!(
            refused
                .errors
                .contains("there is no `resize-image/gone.zip`"),
            "{refused:?}"
        );
        assert_eq!(engine.parameter("resize-api", "CodeKey"), key);
    });
}

#[test]
fn a_default_that_changed_is_told() {
    with_engine("a_default_that_changed", |engine| {
        let mut earlier = crate::deployed::template("resize-api");
        earlier["Parameters"]["MaxWidth"]["Default"] = json!(640);
        engine.deploy_earlier("resize-api", &earlier);
        let plan = engine.plan(&Code::of_version(1), &["resize-api"]);
        let notes = plan["notes"]
            .as_array()
            .expect("notes")
            .iter()
            .filter_map(Value::as_str);
        let note = notes
            .clone()
            .find(|note| note.starts_with("MaxWidth stays 640"));
        assert!(
            note.is_some_and(|note| note.contains("--parameter MaxWidth=720")),
            "{plan}"
        );
    });
}

#[test]
fn two_stacks_stand_side_by_side() {
    with_engine("two_stacks", |engine| {
        let code = Code::of_version(1);
        for (name, width) in [("first", "MaxWidth=100"), ("second", "MaxWidth=200")] {
            let arguments = [
                "upload-events",
                "--name",
                name,
                "--yes",
                "--parameter",
                width,
            ];
            let deployed = engine.deployed(&code, &arguments);
            let state = deployed.event("code")["state"].clone();
            assert_eq!(state, if name == "first" { "uploaded" } else { "there" });
        }
        assert_eq!(engine.parameter("first", "MaxWidth"), "100");
        assert_eq!(engine.parameter("second", "MaxWidth"), "200");
        assert_eq!(engine.parameter("first", "CodeBucket"), engine.artifacts());
        let unchanged = engine.deployed(&code, &["upload-events", "--name", "first"]);
        assert_eq!(unchanged.event("unchanged")["stack"], "first");
    });
}

#[test]
fn the_stack_of_the_artifacts_is_deployed_like_any_other() {
    with_engine("the_stack_of_the_artifacts", |engine| {
        let code = Code::of_version(1);
        let arguments = ["bootstrap", "--yes", "--tag", "owner=jane"];
        let made = engine.deployed(&code, &arguments);
        assert_eq!(made.event("plan")["plan"]["stack"], "iac-artifacts");
        let deployed = engine.deployed(&code, &["resize-api", "--yes"]);
        assert!(
            !deployed.out.contains("\"artifacts\""),
            "it is there: {deployed:?}"
        );
        let tags = engine.describe("iac-artifacts").expect("a stack").tags;
        assert_eq!(tags["owner"], "jane");
    });
}

#[test]
fn what_is_deployed_resizes_a_photo() {
    let test = "what_is_deployed_resizes_a_photo";
    let program = match tools::bootstrap() {
        Ok(path) => std::fs::read(path).expect("an executable"),
        Err(missing) => return skip::skip(test, &missing),
    };
    with_engine(test, |engine| {
        let processor = match std::env::consts::ARCH {
            "aarch64" => "arm64",
            other => other,
        };
        let code = Code::of_version(1);
        code.write(processor, "resize-image", &program);
        let architecture = format!("Architecture={processor}");
        let arguments = [
            "resize-api",
            "--yes",
            "--parameter",
            &architecture,
            "--parameter",
            "MaxWidth=32",
        ];
        let deployed = engine.deployed(&code, &arguments);
        let outputs = &deployed.event("outputs")["outputs"];
        let output = |name: &str| outputs[name].as_str().expect("an output").to_owned();
        let (s3, source) = (engine.account().s3(), output("SourceBucketName"));
        let invoked = engine.runtime.block_on(async {
            let put = s3.put_object().bucket(&source).key("cat.jpg");
            put.body(picture::jpeg(64, 48).into())
                .send()
                .await
                .expect("stored");
            let event = json!({"bucket": source, "key": "cat.jpg"}).to_string();
            let invoke = engine.account().lambda().invoke();
            let invoke = invoke.function_name(output("FunctionName"));
            invoke.payload(event.into_bytes().into()).send().await
        });
        let payload = invoked.expect("invoked").payload.expect("an answer");
        let result: Value = serde_json::from_slice(payload.as_ref()).expect("JSON");
        assert_eq!(
            (&result["width"], &result["height"]),
            (&json!(32), &json!(24)),
            "{result}"
        );
    });
}
