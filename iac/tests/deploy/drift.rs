//! Drift: found, not found, and not looked for.

use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};

use crate::engine::{Engine, with_engine};
use crate::program::run;

fn template() -> String {
    json!({
        "Resources": {
            "Failed": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "failed", "VisibilityTimeout": 30}},
            "Lost": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "lost"}},
            "Photos": {"Type": "AWS::S3::Bucket"},
            "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        },
    })
    .to_string()
}

fn queue(engine: &Engine, name: &str) -> String {
    let url = engine.account().sqs().get_queue_url().queue_name(name);
    let url = engine.runtime.block_on(url.send()).expect("a queue");
    url.queue_url.expect("an address")
}

#[test]
fn what_somebody_changed_is_told_property_by_property() {
    with_engine("what_somebody_changed", |engine| {
        assert_eq!(engine.deploy("photos", &template()), "CREATE_COMPLETE");
        let ended = run(engine.iac(&["drift", "photos"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(
            ended.out,
            "photos: no drift in 3 resources compared\n\nNot compared, as CloudFormation cannot: Handle\n"
        );

        let sqs = engine.account().sqs();
        let changed = sqs
            .set_queue_attributes()
            .queue_url(queue(engine, "failed"));
        let changed = changed.attributes(QueueAttributeName::VisibilityTimeout, "45");
        engine.runtime.block_on(changed.send()).expect("changed");
        let deleted = sqs.delete_queue().queue_url(queue(engine, "lost"));
        engine.runtime.block_on(deleted.send()).expect("deleted");

        let ended = run(engine.iac(&["drift", "photos"]));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        for words in [
            "photos: 2 of 3 resources compared differ from the template\n",
            "  /VisibilityTimeout\n    template: 30\n    actual:   45\n",
            "\nLost (AWS::SQS::Queue, ",
            ") is deleted\n",
        ] {
            assert!(ended.out.contains(words), "`{words}`: {}", ended.out);
        }
        assert!(!ended.out.contains("000000000000"), "{}", ended.out);

        let ended = run(engine.iac(&["drift", "photos", "--format", "json"]));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let report: Value = serde_json::from_str(&ended.out).expect("JSON");
        assert_eq!(
            report["drifted"][0]["differences"],
            json!([{"path": "/VisibilityTimeout", "kind": "NOT_EQUAL", "expected": "30", "actual": "45"}])
        );
        assert_eq!(report["drifted"][1]["deleted"], true);
        assert_eq!(report["inSync"], json!(["Photos"]));
        assert_eq!(report["notChecked"], json!(["Handle"]));
    });
}

#[test]
fn there_is_no_drift_in_what_is_not_there() {
    with_engine("there_is_no_drift", |engine| {
        let ended = run(engine.iac(&["drift", "photos"]));
        assert_eq!(ended.code, Some(5), "{ended:?}");
        assert!(
            ended.errors.contains("there is no stack `photos`"),
            "{ended:?}"
        );
    });
}
