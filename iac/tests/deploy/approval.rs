//! Plans that are approved, and plans that are not.

use serde_json::{Value, json};

use crate::code::Code;
use crate::deployed::template;
use crate::engine::with_engine;

fn digest(plan: &Value) -> String {
    plan["digest"].as_str().expect("a digest").to_owned()
}

#[test]
fn what_nobody_approves_leaves_nothing() {
    with_engine("what_nobody_approves", |engine| {
        let code = Code::of_version(1);
        let plan = engine.plan(&code, &["resize-api"]);
        assert_eq!(engine.stacks(), [], "a plan leaves nothing");

        let refused = engine.run_deploy(&code, &["resize-api"]);
        assert_eq!(refused.code, Some(8), "{refused:?}");
        let words = format!(
            "say --approve {} to carry out exactly this plan",
            digest(&plan)
        );
        assert!(refused.errors.contains(&words), "{refused:?}");
        assert_eq!(engine.stacks(), [], "not even the artifact stack");

        let other = engine.run_deploy(&code, &["resize-api", "--approve", "0123"]);
        assert_eq!(other.code, Some(9), "{other:?}");
        assert!(other.errors.contains("0123 was approved"), "{other:?}");
        assert_eq!(engine.stacks(), []);
    });
}

#[test]
fn what_was_reviewed_is_deployed_and_nothing_else() {
    with_engine("what_was_reviewed", |engine| {
        let code = Code::of_version(1);
        let plan = engine.plan(&code, &["resize-api"]);
        assert_eq!(digest(&engine.plan(&code, &["resize-api"])), digest(&plan));
        let text = engine.run_deploy(&code, &["resize-api", "--format", "text"]);
        assert!(text.out.contains(&digest(&plan)), "{text:?}");

        // Another value, another zip, another tag, another name: each is another plan.
        let others: [&[&str]; 3] = [
            &["resize-api", "--parameter", "MaxWidth=32"],
            &["resize-api", "--tag", "a=b"],
            &["resize-api", "--name", "other"],
        ];
        for arguments in others {
            assert_ne!(
                digest(&engine.plan(&code, arguments)),
                digest(&plan),
                "{arguments:?}"
            );
        }
        let other_code = Code::of_version(2);
        let refused = ["resize-api", "--approve", &digest(&plan)];
        assert_eq!(engine.run_deploy(&other_code, &refused).code, Some(9));

        // The artifact stack is made for another stack in between, and makes no difference.
        engine.deployed(&code, &["upload-metadata", "--yes"]);
        assert_eq!(digest(&engine.plan(&code, &["resize-api"])), digest(&plan));
        engine.deployed(
            &code,
            &["resize-api", "--approve", &digest(&plan).to_uppercase()],
        );
        assert_eq!(
            engine.status("resize-api").as_deref(),
            Some("CREATE_COMPLETE")
        );

        // Done is done: the same again changes nothing, whatever was approved.
        let again = engine.deployed(&code, &["resize-api", "--approve", &digest(&plan)]);
        assert_eq!(again.event("unchanged")["stack"], "resize-api");

        code.build(3);
        let update = engine.plan(&code, &["resize-api"]);
        assert_eq!(update["kind"], "update");
        assert_eq!(
            engine.change_sets("resize-api").len(),
            1,
            "the one that made it"
        );
        engine.deployed(&code, &["resize-api", "--approve", &digest(&update)]);
    });
}

/// The template as it was when its bucket had another name.
fn renamed() -> Value {
    let mut earlier = template("single-bucket");
    earlier["Resources"]["Bucket"]["Properties"]["BucketName"] =
        json!({"Fn::Sub": "${AWS::StackName}-photos"});
    earlier
}

#[test]
fn data_goes_only_where_that_is_said() {
    with_engine("data_goes_only", |engine| {
        let code = Code::of_version(1);
        engine.deploy_earlier("photos", &renamed());
        let this = ["single-bucket", "--name", "photos"];
        let plan = engine.plan(&code, &this);
        let first = &plan["changes"][0];
        assert_eq!(
            (&first["logicalId"], &first["risk"]),
            (&json!("Bucket"), &json!("data")),
            "{plan}"
        );

        let refused = engine.run_deploy(&code, &[&this[..], &["--yes"]].concat());
        assert_eq!(refused.code, Some(8), "{refused:?}");
        assert!(
            refused.errors.contains("data would go from Bucket"),
            "{refused:?}"
        );
        assert!(
            refused.errors.contains("--allow-loss Bucket"),
            "{refused:?}"
        );
        let other = [&this[..], &["--yes", "--allow-loss", "ImageMetadata"]].concat();
        assert_eq!(engine.run_deploy(&code, &other).code, Some(8));
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
        assert_eq!(
            engine.change_sets("photos").len(),
            1,
            "the one that made it"
        );

        engine.deployed(
            &code,
            &[&this[..], &["--yes", "--allow-loss", "Bucket"]].concat(),
        );
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_COMPLETE"));
        let protected = engine.protected("photos");
        assert!(
            protected.contains(&"Bucket".to_owned()),
            "it is closed again: {protected:?}"
        );
    });
}

#[test]
fn who_approves_the_plan_approves_what_goes_with_it() {
    with_engine("who_approves_the_plan", |engine| {
        let code = Code::of_version(1);
        engine.deploy_earlier("photos", &renamed());
        let this = ["single-bucket", "--name", "photos"];
        let digest = digest(&engine.plan(&code, &this));
        engine.deployed(&code, &[&this[..], &["--approve", &digest]].concat());
        assert_eq!(engine.status("photos").as_deref(), Some("UPDATE_COMPLETE"));
    });
}
