//! What no engine plays: stacks that need a person, and a stack that changes behind a plan.

use crate::film::{Film, stack};
use crate::program::{Ended, run};
use crate::recorded::{Recorded, Reply, Request, STACK};

const ME: &str = "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/jane</Arn>";
const CHANGE_SET: &str = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/iac-1/2f";

/// A deployment whose code is elsewhere, so that CloudFormation alone is asked.
fn deploy(recorded: &Recorded, more: &[&str]) -> Ended {
    let arguments = [
        "deploy",
        "resize-api",
        "--name",
        "photos",
        "--parameter",
        "CodeBucket=code",
        "--parameter",
        "CodeKey=key.zip",
        "--yes",
    ];
    run(recorded.iac(&[&arguments[..], more].concat()))
}

/// How often something was asked.
fn asked(recorded: &Recorded, action: &str) -> usize {
    let actions = recorded.actions().into_iter();
    actions.filter(|asked| asked == action).count()
}

fn who_am_i(request: &Request) -> Reply {
    match request.action.as_str() {
        "GetCallerIdentity" => Reply::Result(ME.to_owned()),
        _ => Reply::Refusal(400, "InvalidAction", "this is all there is"),
    }
}

#[test]
fn a_stack_that_needs_a_person_is_left_to_one() {
    for (status, words) in [
        (
            "DELETE_FAILED",
            &[
                "its deletion failed on\n  Photos (AWS::S3::Bucket): The bucket is not empty",
                "`iac destroy photos` deletes the rest",
            ][..],
        ),
        (
            "IMPORT_ROLLBACK_FAILED",
            &["look at its resources in the console"],
        ),
        ("ARCHIVE_PENDING", &["does not know this state"]),
    ] {
        let events: String = format!(
            "0 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS
             1 | Other  | AWS::SQS::Queue            | CREATE_FAILED      | long ago
             2 | photos | AWS::CloudFormation::Stack | DELETE_IN_PROGRESS
             3 | Photos | AWS::S3::Bucket            | DELETE_FAILED      | The bucket is not empty
             4 | photos | AWS::CloudFormation::Stack | {status}"
        );
        let recorded = Film::of(events.leak()).play_with(who_am_i);
        for command in ["deploy", "plan"] {
            let ended = run(recorded.iac(&[command, "resize-api", "--name", "photos"]));
            assert_eq!(ended.code, Some(10), "{ended:?}");
            assert!(
                ended
                    .errors
                    .contains(&format!("`photos` cannot be deployed as it is ({status})")),
                "{ended:?}"
            );
            for words in words {
                assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
            }
            assert!(
                !ended.errors.contains("Other"),
                "that was another operation: {ended:?}"
            );
        }
        assert_eq!(asked(&recorded, "CreateChangeSet"), 0);
    }
}

/// A stack that is not there, and a change set that can be executed; what is done with it is refused.
fn behind_the_plan(code: &'static str, message: &'static str) -> Recorded {
    let mut is_proposed = false;
    Recorded::start(move |request| {
        match request.action.as_str() {
        "GetCallerIdentity" => Reply::Result(ME.to_owned()),
        "DescribeStacks" if is_proposed => Reply::Result(stack("REVIEW_IN_PROGRESS")),
        "DescribeStacks" => {
            Reply::Refusal(400, "ValidationError", "Stack with id photos does not exist")
        }
        "CreateChangeSet" => {
            is_proposed = true;
            Reply::Result(format!("<Id>{CHANGE_SET}</Id><StackId>{STACK}</StackId>"))
        }
        "DescribeChangeSet" => Reply::Result(
            "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><Changes><member>\
             <Type>Resource</Type><ResourceChange><Action>Add</Action>\
             <LogicalResourceId>SourceBucket</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>\
             </ResourceChange></member></Changes>"
                .to_owned(),
        ),
        "ExecuteChangeSet" => Reply::Refusal(400, code, message),
        "DeleteChangeSet" | "DeleteStack" => {
            is_proposed = request.action == "DeleteChangeSet" && is_proposed;
            Reply::Result(String::new())
        }
        "ListChangeSets" => Reply::Result("<Summaries/>".to_owned()),
        "DescribeStackEvents" => Reply::Result("<StackEvents/>".to_owned()),
        _ => Reply::Refusal(400, "InvalidAction", "this is all there is"),
    }
    })
}

#[test]
fn a_stack_that_changed_behind_the_plan_is_planned_again() {
    for (code, message) in [
        (
            "InvalidChangeSetStatus",
            "ChangeSet [iac-1] cannot be executed in its current execution status of [OBSOLETE]",
        ),
        ("ChangeSetNotFound", "ChangeSet [iac-1] does not exist"),
    ] {
        let recorded = behind_the_plan(code, message);
        let ended = deploy(&recorded, &[]);
        assert_eq!(ended.code, Some(9), "{ended:?}");
        assert!(
            ended
                .errors
                .contains("`photos` has changed since the plan was made"),
            "{ended:?}"
        );
        assert_eq!(
            (
                asked(&recorded, "DeleteChangeSet"),
                asked(&recorded, "DeleteStack")
            ),
            (1, 1)
        );
    }
}

#[test]
fn an_execution_that_is_refused_leaves_nothing() {
    let recorded = behind_the_plan(
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/jane may not",
    );
    let ended = deploy(&recorded, &[]);
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.errors.contains("user/jane may not"), "{ended:?}");
    assert!(!ended.errors.contains("123456789012"), "{ended:?}");
    assert_eq!(
        (
            asked(&recorded, "DeleteChangeSet"),
            asked(&recorded, "DeleteStack")
        ),
        (1, 1)
    );
}
