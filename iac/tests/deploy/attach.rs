//! Following an operation that ended, that runs, that fails, and that is left alone.

use aws_sdk_cloudformation::types::ResourceSignalStatus;

use crate::engine::{Engine, with_engine};
use crate::photos;
use crate::program::{Running, run};

/// Follows until a resource waits for a signal.
fn follow_to_the_gate(engine: &Engine) -> Running {
    let command = engine.iac(&["attach", "photos", "--format", "json"]);
    let (mut running, attached) = Running::until(command, "attached");
    assert_eq!(attached["runs"], true);
    loop {
        let event = running.next("resource");
        if event["logicalId"] == "Gate" {
            let status = event["status"].as_str().expect("a status");
            assert!(status.ends_with("_IN_PROGRESS"), "{event}");
            return running;
        }
    }
}

#[test]
fn an_operation_that_ended_is_told_from_its_beginning() {
    with_engine("an_operation_that_ended", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        assert_eq!(
            engine.deploy("photos", &photos::changed()),
            "UPDATE_COMPLETE"
        );
        let ended = run(engine.iac(&["attach", "photos"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.errors, "");
        let lines: Vec<_> = ended.out.lines().collect();
        assert_eq!(lines[0], "Nothing happens to photos. Its last operation:");
        assert!(
            lines[1].contains("AWS::CloudFormation::Stack ")
                && lines[1].ends_with("UPDATE_IN_PROGRESS"),
            "{ended:?}"
        );
        assert!(
            lines
                .last()
                .is_some_and(|line| line.starts_with("photos is updated after ")),
            "{ended:?}"
        );
        assert!(
            !ended.out.contains("CREATE"),
            "that was another operation: {ended:?}"
        );

        let ended = run(engine.iac(&["attach", "photos", "--format", "json"]));
        let finished = ended.event("finished");
        assert_eq!(finished["outcome"], "succeeded");
        assert_eq!(finished["status"], "UPDATE_COMPLETE");
        assert_eq!(ended.event("resource")["status"], "UPDATE_IN_PROGRESS");
    });
}

#[test]
fn an_operation_that_runs_is_followed_to_its_end() {
    with_engine("an_operation_that_runs", |engine| {
        engine.begin("photos", &photos::waiting());
        let mut running = follow_to_the_gate(engine);
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let finished = running.next("finished");
        assert_eq!(finished["outcome"], "succeeded");
        assert_eq!(finished["status"], "CREATE_COMPLETE");
        assert_eq!(running.wait().code, Some(0));
    });
}

#[test]
fn a_creation_that_fails_is_rolled_back_and_says_why() {
    with_engine("a_creation_that_fails", |engine| {
        engine.begin("photos", &photos::waiting());
        let mut running = follow_to_the_gate(engine);
        engine.signal("photos", "Gate", ResourceSignalStatus::Failure);
        let finished = running.next("finished");
        assert_eq!(finished["outcome"], "rolledBack");
        assert_eq!(finished["status"], "ROLLBACK_COMPLETE");
        let failure = &finished["failure"];
        assert_eq!(failure["rootCause"]["logicalId"], "Gate");
        assert_eq!(failure["rootCause"]["status"], "CREATE_FAILED");
        assert_eq!(
            failure["rolledBack"].as_array().map(Vec::len),
            Some(2),
            "{failure}"
        );
        let advice = failure["advice"][0].as_str().expect("advice");
        assert!(advice.contains("can only be deleted"), "{advice}");
        assert_eq!(running.wait().code, Some(6));
        // Whoever asks later hears the same.
        let later = run(engine.iac(&["attach", "photos"]));
        assert_eq!(later.code, Some(6), "{later:?}");
        assert!(
            later.out.contains(
                "\nFailed first: Gate (AWS::CloudFormation::WaitCondition), CREATE_FAILED\n"
            ),
            "{later:?}"
        );
        assert!(
            later.out.contains("\nRolled back: 2 resources: "),
            "{later:?}"
        );
    });
}

#[test]
fn a_name_that_is_taken_is_found_before_anything_is_created() {
    with_engine("a_name_that_is_taken", |engine| {
        assert_eq!(
            engine.deploy("archive", &photos::named("album")),
            "CREATE_COMPLETE"
        );
        engine.begin("photos", &photos::named("album"));
        let ended = run(engine.iac(&["attach", "photos", "--format", "json"]));
        assert_eq!(ended.code, Some(6), "{ended:?}");
        let failure = &ended.event("finished")["failure"];
        let finding = &failure["rootCause"]["findings"][0];
        assert_eq!(
            finding["validation"], "NAME_CONFLICT_VALIDATION",
            "{failure}"
        );
        assert_eq!(finding["logicalId"], "Photos");
        assert_eq!(finding["path"], "/Resources/Photos");
        let advice = failure["advice"][0].as_str().expect("advice");
        assert!(advice.contains("`album`"), "{advice}");
    });
}

#[test]
fn an_update_that_fails_leaves_the_stack_as_it_was() {
    with_engine("an_update_that_fails", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        engine.begin("photos", &photos::failing());
        let ended = run(engine.iac(&["attach", "photos"]));
        assert_eq!(ended.code, Some(6), "{ended:?}");
        for words in [
            "The update of photos failed and was rolled back after",
            "\nFailed first: photos (AWS::CloudFormation::Stack), UPDATE_FAILED\n",
            "as it was before",
        ] {
            assert!(ended.out.contains(words), "`{words}`: {ended:?}");
        }
    });
}

#[test]
fn a_signal_ends_the_command_and_not_the_operation() {
    with_engine("a_signal_ends_the_command", |engine| {
        engine.begin("photos", &photos::waiting());
        for signal in ["TERM", "INT", "HUP"] {
            let mut running = follow_to_the_gate(engine);
            let ended = running.end(signal);
            assert_eq!(ended.code, Some(130), "{ended:?}");
            assert_eq!(ended.event("detached")["attach"], "iac attach photos");
            let says = "error: interrupted; the creation of `photos` goes on. Follow it:\n  iac attach photos";
            assert!(ended.errors.starts_with(says), "{ended:?}");
            assert_eq!(
                engine.status("photos").as_deref(),
                Some("CREATE_IN_PROGRESS")
            );
        }
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let ended = run(engine.iac(&["attach", "photos"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
    });
}

#[test]
fn an_update_that_someone_cancels_has_no_cause() {
    with_engine("an_update_that_someone_cancels", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        engine.begin("photos", &photos::waiting());
        let mut running = follow_to_the_gate(engine);
        let stack = engine.stack("photos");
        engine
            .runtime
            .block_on(stack.cancel_update())
            .expect("cancelled");
        // The engine looks before the next resource.
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let finished = running.next("finished");
        assert_eq!(finished["status"], "UPDATE_ROLLBACK_COMPLETE");
        assert_eq!(finished["failure"]["rootCause"], serde_json::Value::Null);
        assert_eq!(running.wait().code, Some(6));
        let told = run(engine.iac(&["attach", "photos"]));
        let says = "The update of photos was cancelled and was rolled back after ";
        assert!(told.out.contains(says), "{told:?}");
    });
}
