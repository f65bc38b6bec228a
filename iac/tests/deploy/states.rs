//! Stacks in every state that a deployment may find them in.

use aws_sdk_cloudformation::types::ResourceSignalStatus;
use serde_json::json;

use crate::code::Code;
use crate::deployed::{ACCOUNT, template};
use crate::engine::with_engine;
use crate::photos;
use crate::program::{Running, run};

/// The name of the bucket that the stack `photos` of `single-bucket` wants.
fn wanted() -> String {
    format!("photos-images-{ACCOUNT}-{}", iac::local::engine::REGION)
}

const THIS: [&str; 3] = ["single-bucket", "--name", "photos"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&THIS[..], more].concat()
}

#[test]
fn a_name_that_is_taken_fails_and_the_next_try_starts_afresh() {
    with_engine("a_name_that_is_taken_fails", |engine| {
        let code = Code::of_version(1);
        engine.create_bucket(&wanted());
        let failed = engine.run_deploy(&code, &with(&["--yes"]));
        assert_eq!(failed.code, Some(6), "{failed:?}");
        let finished = failed.event("finished");
        // The artifact stack came first, and is what it shall be.
        assert_eq!(finished["stack"], "iac-artifacts", "{finished}");
        let cause = failed.out.lines().rfind(|line| line.contains("rootCause"));
        assert!(
            cause.is_some_and(|cause| cause.contains("NAME_CONFLICT_VALIDATION")),
            "{failed:?}"
        );
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("ROLLBACK_COMPLETE")
        );

        // Nothing can be planned, and nothing is deleted without a word.
        let plan = run(engine.iac(&[
            "plan",
            "single-bucket",
            "--name",
            "photos",
            "--code",
            "/nowhere",
        ]));
        assert_eq!(plan.code, Some(5), "{plan:?}");
        assert!(
            plan.errors
                .contains("`iac deploy single-bucket --name photos` offers that"),
            "{plan:?}"
        );
        let refused = engine.run_deploy(&code, &with(&[]));
        assert_eq!(refused.code, Some(8), "{refused:?}");
        assert_eq!(refused.event("rolled-back")["status"], "ROLLBACK_COMPLETE");
        assert!(
            refused.errors.contains("Delete what is left of photos"),
            "{refused:?}"
        );
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("ROLLBACK_COMPLETE")
        );

        engine.delete_bucket(&wanted());
        let created = engine.deployed(&code, &with(&["--yes"]));
        assert_eq!(created.event("rolled-back")["stack"], "photos");
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
    });
}

#[test]
fn an_update_that_fails_leaves_the_stack_protected_and_as_it_was() {
    with_engine("an_update_that_fails_leaves", |engine| {
        let code = Code::of_version(1);
        let mut earlier = template("single-bucket");
        earlier["Resources"]["Bucket"]["Properties"]["BucketName"] = json!("album");
        engine.deploy_earlier("photos", &earlier);
        let stack = engine.stack("photos");
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":["Update:Replace","Update:Delete"],"Resource":["LogicalResourceId/Bucket","LogicalResourceId/DeadLetterQueue","LogicalResourceId/ImageMetadata"]}]}"#;
        engine
            .runtime
            .block_on(stack.set_policy(policy))
            .expect("set");
        engine.create_bucket(&wanted());
        let failed = engine.run_deploy(&code, &with(&["--yes", "--allow-loss", "Bucket"]));
        assert_eq!(failed.code, Some(6), "{failed:?}");
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("UPDATE_ROLLBACK_COMPLETE")
        );
        assert_eq!(engine.parameter("photos", "CodeKey"), "earlier");
        assert_eq!(
            engine.protected("photos"),
            ["Bucket", "DeadLetterQueue", "ImageMetadata"]
        );
    });
}

#[test]
fn what_others_proposed_is_theirs_until_the_stack_is_made() {
    with_engine("what_others_proposed", |engine| {
        let code = Code::of_version(1);
        engine
            .propose("photos", &photos::plain())
            .expect("a proposal");
        let theirs = engine.change_sets("photos");
        let created = engine.deployed(&code, &with(&["--yes"]));
        let review = created.event("in-review");
        assert_eq!(review["changeSets"], json!(theirs));
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
    });
}

#[test]
fn a_deployment_comes_after_the_one_that_runs() {
    with_engine("a_deployment_comes_after", |engine| {
        let code = Code::of_version(1);
        let folder = code.path().to_str().expect("text");
        engine.begin("photos", &photos::waiting());
        let plan = run(engine.iac(&[
            "plan",
            "single-bucket",
            "--name",
            "photos",
            "--code",
            folder,
        ]));
        assert_eq!(plan.code, Some(5), "{plan:?}");
        assert!(
            plan.errors.contains("`iac attach photos` follows it"),
            "{plan:?}"
        );

        let arguments = with(&[
            "--yes",
            "--allow-loss",
            "Photos",
            "--code",
            folder,
            "--format",
            "json",
        ]);
        let command = engine.iac(&[&["deploy"], arguments.as_slice()].concat());
        let (mut running, waiting) = Running::until(command, "waiting");
        assert_eq!(waiting["for"], "creation");
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let planned = running.next("plan");
        assert_eq!(planned["plan"]["kind"], "update");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_COMPLETE"));
    });
}

#[test]
fn without_a_word_nothing_follows_the_one_that_runs() {
    with_engine("without_a_word", |engine| {
        let code = Code::of_version(1);
        let folder = code.path().to_str().expect("text");
        engine.begin("photos", &photos::waiting());
        let arguments = with(&["--code", folder, "--format", "json"]);
        let command = engine.iac(&[&["deploy"], arguments.as_slice()].concat());
        let (mut running, _) = Running::until(command, "waiting");
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let ended = running.wait();
        assert_eq!(ended.code, Some(8), "{ended:?}");
        assert!(
            ended
                .errors
                .contains("Plan the deployment of photos now? --yes says yes"),
            "{ended:?}"
        );
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
    });
}

#[test]
fn a_deployment_is_begun_and_left_alone() {
    with_engine("a_deployment_is_begun", |engine| {
        let code = Code::of_version(1);
        let begun = engine.deployed(&code, &with(&["--yes", "--detach"]));
        assert_eq!(begun.event("detached")["attach"], "iac attach photos");
        let attached = run(engine.iac(&["attach", "photos"]));
        assert_eq!(attached.code, Some(0), "{attached:?}");
        // What was left out is done by the next one.
        assert!(
            !engine
                .describe("photos")
                .expect("a stack")
                .termination_protection
        );
        let next = engine.deployed(&code, &THIS);
        assert_eq!(next.event("protected")["stack"], "photos");
        assert!(
            engine
                .describe("photos")
                .expect("a stack")
                .termination_protection
        );
    });
}

#[test]
fn a_rollback_that_failed_is_continued_without_what_is_skipped() {
    with_engine("a_rollback_that_failed", |engine| {
        let code = Code::of_version(1);
        assert_eq!(
            engine.deploy("photos", &photos::function(0)),
            "CREATE_COMPLETE"
        );
        engine.begin("photos", &photos::function_and_waiting(1));
        let (mut running, _) = Running::until(
            engine.iac(&["attach", "photos", "--format", "json"]),
            "attached",
        );
        while running.next("resource")["logicalId"] != "Gate" {}
        // The way back has nothing to change back any more.
        let gone = engine.account().lambda().delete_function();
        let gone = gone.function_name("work").send();
        engine.runtime.block_on(gone).expect("deleted");
        engine.signal("photos", "Gate", ResourceSignalStatus::Failure);
        assert_eq!(running.wait().code, Some(10));
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("UPDATE_ROLLBACK_FAILED")
        );

        let refused = engine.run_deploy(&code, &THIS);
        assert_eq!(refused.code, Some(8), "{refused:?}");
        assert_eq!(
            refused.event("rollback-failed")["resources"],
            json!(["Tries"])
        );
        let text = engine.run_deploy(&code, &with(&["--format", "text"]));
        assert!(
            text.out
                .contains("leave these as they are with --skip Tries"),
            "{text:?}"
        );
        let plan = engine.iac(&["plan", "single-bucket", "--name", "photos"]);
        let plan = run(plan);
        assert_eq!(plan.code, Some(5), "{plan:?}");
        assert!(
            plan.errors
                .contains("only half undone (UPDATE_ROLLBACK_FAILED)"),
            "{plan:?}"
        );

        let losses = ["--allow-loss", "Photos"];
        // Without what has gone it does not work.
        let stuck = engine.run_deploy(&code, &with(&[&["--yes"][..], &losses].concat()));
        assert_eq!(stuck.code, Some(10), "{stuck:?}");
        let deployed = with(&[&["--yes", "--skip", "Tries"][..], &losses].concat());
        engine.deployed(&code, &deployed);
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_COMPLETE"));
    });
}

#[test]
fn an_update_that_was_left_half_done_is_undone_first() {
    with_engine("an_update_that_was_left", |engine| {
        let code = Code::of_version(1);
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        engine.begin_without_rollback("photos", &photos::failing());
        run(engine.iac(&["attach", "photos"]));
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_FAILED"));
        let refused = engine.run_deploy(&code, &THIS);
        assert_eq!(refused.code, Some(8), "{refused:?}");
        assert_eq!(refused.event("update-failed")["stack"], "photos");
        let losses = ["--yes", "--allow-loss", "Photos", "--allow-loss", "Failed"];
        let deployed = engine.deployed(&code, &with(&losses));
        assert_eq!(
            deployed.event("finished")["status"],
            "UPDATE_ROLLBACK_COMPLETE"
        );
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_COMPLETE"));
    });
}
