//! Change sets: made, refused, withdrawn; what is left of them is nothing.

use iac::aws::AwsError;
use iac::aws::cloudformation::{DeleteOptions, Proposed, Situation};
use iac::plan::{Action, PlanKind};

use crate::engine::{Engine, with_engine};
use crate::photos;

/// The names of a stack's change sets.
fn change_sets(engine: &Engine, stack: &str) -> Vec<String> {
    let listed = engine
        .account()
        .cloudformation()
        .list_change_sets()
        .stack_name(stack)
        .send();
    let listed = engine.runtime.block_on(listed).expect("a list");
    let names = listed
        .summaries()
        .iter()
        .filter_map(|summary| summary.change_set_name());
    names.map(str::to_owned).collect()
}

fn changes(proposed: Proposed) -> iac::aws::cloudformation::ChangeSet {
    match proposed {
        Proposed::Changes(changes) => changes,
        Proposed::Nothing => panic!("there is something to change"),
    }
}

#[test]
fn what_is_proposed_is_what_is_done() {
    with_engine("what_is_proposed", |engine| {
        let created = changes(
            engine
                .propose("photos", &photos::plain())
                .expect("a proposal"),
        );
        assert_eq!(created.kind, PlanKind::Create);
        let mut added: Vec<_> = created
            .changes
            .iter()
            .map(|change| {
                (
                    change.action,
                    change.logical_id.as_str(),
                    change.resource_type.as_str(),
                )
            })
            .collect();
        added.sort_unstable();
        assert_eq!(
            added,
            [
                (Action::Add, "Failed", "AWS::SQS::Queue"),
                (Action::Add, "Photos", "AWS::S3::Bucket")
            ]
        );
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");

        let updated = changes(
            engine
                .propose("photos", &photos::changed())
                .expect("a proposal"),
        );
        assert_eq!(updated.kind, PlanKind::Update);
        let [change] = updated.changes.as_slice() else {
            panic!("one change: {updated:?}");
        };
        assert_eq!(
            (change.action, change.logical_id.as_str()),
            (Action::Modify, "Failed")
        );
        assert!(change.physical_id.is_some());
        assert_eq!(change.scope, ["Properties"]);
        let [detail] = change.details.as_slice() else {
            panic!("one detail: {change:?}");
        };
        assert_eq!(detail.name.as_deref(), Some("VisibilityTimeout"));

        // Nobody wants it: it goes, and the stack stays as it is.
        let stack = engine.stack("photos");
        engine
            .runtime
            .block_on(stack.withdraw(&updated))
            .expect("withdrawn");
        assert!(
            !change_sets(engine, "photos")
                .iter()
                .any(|name| updated.arn.contains(name))
        );
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
    });
}

#[test]
fn a_stack_that_is_what_it_shall_be_is_left_alone() {
    with_engine("a_stack_that_is_what_it_shall_be", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        let before = change_sets(engine, "photos");
        let again = engine
            .propose("photos", &photos::plain())
            .expect("an answer");
        assert!(matches!(again, Proposed::Nothing), "{again:?}");
        assert_eq!(
            change_sets(engine, "photos"),
            before,
            "nothing is left of it"
        );
    });
}

#[test]
fn a_stack_that_nobody_wants_leaves_nothing() {
    with_engine("a_stack_that_nobody_wants", |engine| {
        let first = changes(
            engine
                .propose("photos", &photos::plain())
                .expect("a proposal"),
        );
        let situation = engine.describe("photos").map(|stack| stack.situation);
        assert_eq!(situation, Some(Situation::InReview));
        let stack = engine.stack("photos");
        engine
            .runtime
            .block_on(stack.withdraw(&first))
            .expect("withdrawn");
        assert_eq!(engine.status("photos"), None);
    });
}

#[test]
fn a_template_that_is_refused_leaves_nothing() {
    with_engine("a_template_that_is_refused", |engine| {
        let refused = engine.propose("photos", "no template");
        let error = refused.expect_err("it is no template");
        assert_eq!(error.exit_code(), 5);
        assert!(matches!(error, AwsError::Refused { .. }), "{error:?}");
        assert!(
            error
                .to_string()
                .contains("propose changes to the stack `photos`"),
            "{error}"
        );
        assert_eq!(engine.status("photos"), None);
    });
}

#[test]
fn a_stack_is_deleted_and_followed_by_its_arn() {
    with_engine("a_stack_is_deleted", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        let stack = engine.stack("photos");
        let operation = engine
            .runtime
            .block_on(stack.delete(&DeleteOptions::default()));
        let operation = operation.expect("it is being deleted");
        assert!(operation.stack_id.starts_with("arn:"), "{operation:?}");
        let twice = engine.runtime.block_on(async {
            loop {
                match stack.delete(&DeleteOptions::default()).await {
                    Ok(_) => tokio::task::yield_now().await,
                    Err(error) => return error,
                }
            }
        });
        assert!(matches!(twice, AwsError::NoStack { .. }), "{twice:?}");
    });
}

#[test]
fn a_policy_is_kept_as_it_was_set() {
    with_engine("a_policy_is_kept", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        let stack = engine.stack("photos");
        let policy = r#"{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;
        engine.runtime.block_on(async {
            assert_eq!(stack.policy().await.expect("an answer"), None);
            stack.set_policy(policy).await.expect("set");
            assert_eq!(
                stack.policy().await.expect("an answer").as_deref(),
                Some(policy)
            );
            let template = stack.template().await.expect("a template");
            assert_eq!(template, photos::plain());
        });
    });
}
