//! What is told of a stack.

use serde_json::Value;

use crate::engine::{Engine, with_engine};
use crate::photos;
use crate::program::run;

fn json(engine: &Engine, arguments: &[&str]) -> Value {
    let ended = run(engine.iac(&[arguments, &["--format", "json"]].concat()));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

fn text(engine: &Engine, arguments: &[&str]) -> String {
    let ended = run(engine.iac(arguments));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.errors, "");
    ended.out
}

#[test]
fn a_deployed_stack_is_told_in_words_and_as_json() {
    with_engine("a_deployed_stack_is_told", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        let bucket = json(engine, &["outputs", "photos"])["PhotosName"]
            .as_str()
            .expect("an output")
            .to_owned();
        assert!(bucket.starts_with("photos-"), "{bucket}");
        let outputs = text(engine, &["outputs", "photos"]);
        assert_eq!(outputs, format!("PhotosName  {bucket}\n"));

        let status = json(engine, &["status", "photos"]);
        assert_eq!(status["status"], "CREATE_COMPLETE");
        assert_eq!(status["runs"], false);
        assert_eq!(status["resources"], 2);
        assert_eq!(status["terminationProtection"], false);
        assert_eq!(status["drift"], Value::Null);
        assert_eq!(status["tags"]["owner"], "photos");
        assert_eq!(status["outputs"]["PhotosName"], bucket.as_str());
        assert_eq!(status["lastOperation"]["operation"], "creation");
        assert_eq!(status["lastOperation"]["outcome"], "succeeded");
        assert!(
            !status.to_string().contains("000000000000"),
            "no account: {status}"
        );

        let told = text(engine, &["status", "photos"]);
        for words in [
            "is deployed (CREATE_COMPLETE)",
            "creation, succeeded after",
            "resources       2",
            "none: it can be deleted",
            "nobody looked",
            &format!("PhotosName  {bucket}"),
            "`iac deploy STACK --name photos` updates it",
        ] {
            assert!(told.contains(words), "`{words}`: {told}");
        }

        let protect = engine.stack("photos");
        let protected = engine
            .runtime
            .block_on(protect.set_termination_protection(true));
        protected.expect("protected");
        let told = text(engine, &["status", "photos"]);
        assert!(told.contains("deletion is refused"), "{told}");
    });
}

#[test]
fn events_are_told_with_the_newest_last() {
    with_engine("events_are_told", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        let status = engine.deploy("photos", &photos::failing());
        assert_eq!(status, "UPDATE_ROLLBACK_COMPLETE");
        let events = json(engine, &["events", "photos"]);
        let events = events.as_array().expect("events");
        let ends = [events.first(), events.last()].map(|event| {
            let event = event.expect("an event");
            event["status"].as_str().expect("a status").to_owned()
        });
        assert_eq!(ends, ["REVIEW_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]);

        let newest = text(engine, &["events", "photos", "--limit", "1"]);
        assert_eq!(newest.lines().count(), 1);
        assert!(newest.contains("UPDATE_ROLLBACK_COMPLETE"), "{newest}");

        let failed = json(engine, &["events", "photos", "--failed", "--limit", "5"]);
        let failed = failed.as_array().expect("events");
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert_eq!(failed[0]["status"], "UPDATE_FAILED");
        assert!(
            failed[0]["reason"]
                .as_str()
                .is_some_and(|reason| !reason.is_empty())
        );

        let none = run(engine.iac(&["events", "photos", "--limit", "0"]));
        assert_eq!(none.code, Some(2), "{none:?}");
    });
}

#[test]
fn a_stack_that_is_not_there_is_named() {
    with_engine("a_stack_that_is_not_there", |engine| {
        for command in ["status", "attach", "outputs", "events"] {
            let ended = run(engine.iac(&[command, "photos"]));
            assert_eq!(ended.code, Some(5), "{ended:?}");
            assert_eq!(ended.out, "");
            let says = ended
                .errors
                .contains("there is no stack `photos` in us-east-1");
            assert!(says, "{ended:?}");
        }
    });
}

#[test]
fn a_stack_in_review_had_nothing_done_to_it() {
    with_engine("a_stack_in_review", |engine| {
        engine
            .propose("photos", &photos::plain())
            .expect("a proposal");
        let status = json(engine, &["status", "photos"]);
        assert_eq!(status["status"], "REVIEW_IN_PROGRESS");
        assert_eq!(status["lastOperation"], Value::Null);
        let ended = run(engine.iac(&["attach", "photos", "--format", "json"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.event("finished")["outcome"], "none");
    });
}
