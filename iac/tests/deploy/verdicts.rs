//! How operations end, as AWS tells it: which end it is, why, and what to do.

use crate::film::{Film, Frame, UPDATE, follow, told};
use crate::program::run;
use crate::recorded::Reply;

const UPDATE_ROLLBACK_FAILED: &str = "
    0  | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
    60 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
    62 | ResizeRole | AWS::IAM::Role | UPDATE_IN_PROGRESS |
    63 | Failed | AWS::SQS::Queue | UPDATE_IN_PROGRESS |
    64 | Failed | AWS::SQS::Queue | UPDATE_COMPLETE |
    66 | ResizeRole | AWS::IAM::Role | UPDATE_COMPLETE |
    67 | Resize | AWS::Lambda::Function | UPDATE_IN_PROGRESS |
    70 | Resize | AWS::Lambda::Function | UPDATE_FAILED | Resource handler returned message: \"Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (Service: Lambda, Status Code: 400, Request ID: ad9bb8d6)\" (RequestToken: fe23dc9c, HandlerErrorCode: InvalidRequest)
    71 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | The following resource(s) failed to update: [Resize].
    73 | Failed | AWS::SQS::Queue | UPDATE_COMPLETE |
    74 | ResizeRole | AWS::IAM::Role | UPDATE_FAILED | User: arn:aws:iam::123456789012:user/jane is not authorized to perform: iam:PutRolePolicy on resource: role photos-resizerole-1x2y
    75 | Resize | AWS::Lambda::Function | UPDATE_COMPLETE |
    76 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_FAILED | The following resource(s) failed to update: [ResizeRole].
";

#[test]
fn another_operation_after_it_is_not_its_end() {
    let recorded = Film::of(
        "0  | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
         60 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         62 | Failed | AWS::SQS::Queue | UPDATE_IN_PROGRESS |
         65 | Failed | AWS::SQS::Queue | UPDATE_COMPLETE |
         66 | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE |
         90 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         91 | Photos | AWS::S3::Bucket | UPDATE_FAILED | No
         92 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | The following resource(s) failed to update: [Photos].",
    )
    .frames(vec![
        Frame::Events(2),
        Frame::Events(3),
        Frame::Events(8),
        // Nobody looks once more.
        Frame::Fault(Reply::Refusal(403, "AccessDenied", "it is over")),
    ])
    .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.event("finished")["outcome"], "succeeded");
    assert!(
        !ended.out.contains("Photos"),
        "that is another operation's: {ended:?}"
    );
}

#[test]
fn a_status_that_lags_is_waited_for() {
    let frames = vec![
        Frame::Events(2),
        Frame::Status(8, "UPDATE_IN_PROGRESS"),
        Frame::Status(8, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        Frame::Events(8),
    ];
    let recorded = Film::of(UPDATE).frames(frames).play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let looks = recorded.actions();
    let looks = looks
        .iter()
        .filter(|action| *action == "DescribeStackEvents");
    assert_eq!(looks.count(), 4);
}

#[test]
fn a_failure_for_a_moment_is_not_the_end() {
    let recorded = Film::of(
        "0 | photos | AWS::CloudFormation::Stack | REVIEW_IN_PROGRESS | User Initiated
         5 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         6 | photos | AWS::CloudFormation::Stack | CREATE_FAILED | Validation failed with 1 error(s). Call DescribeEvents to retrieve the full list of issues
         7 | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | Validation failure detected. See the operation's FAILED event for details.
         8 | photos | AWS::CloudFormation::Stack | ROLLBACK_COMPLETE |",
    )
    .frames(vec![Frame::Events(2), Frame::Events(3), Frame::Events(3), Frame::Events(5)])
    .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(6), "{ended:?}");
    assert_eq!(ended.event("finished")["status"], "ROLLBACK_COMPLETE");
}

#[test]
fn a_creation_that_is_left_as_it_failed_is_stuck() {
    let recorded = Film::of(
        "0 | photos | AWS::CloudFormation::Stack | REVIEW_IN_PROGRESS | User Initiated
         5 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         6 | Photos | AWS::S3::Bucket | CREATE_FAILED | album already exists
         7 | photos | AWS::CloudFormation::Stack | CREATE_FAILED | The following resource(s) failed to create: [Photos].",
    )
    .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(10), "{ended:?}");
    let failure = &ended.event("finished")["failure"];
    assert_eq!(failure["rootCause"]["message"], "album already exists");
}

#[test]
fn the_owner_of_a_name_is_told() {
    let events = "
        0 | photos | AWS::CloudFormation::Stack | REVIEW_IN_PROGRESS | User Initiated
        5 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
        6 | Photos | AWS::S3::Bucket | CREATE_FAILED | album already exists
        7 | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Photos]. Rollback requested by user.
        8 | photos | AWS::CloudFormation::Stack | ROLLBACK_COMPLETE |";
    let recorded = Film::of(events).play_with(|request| {
        assert_eq!(request.action, "DescribeStackResources");
        assert_eq!(request.members["PhysicalResourceId"], "album");
        Reply::Result(
            "<StackResources><member><StackName>archive</StackName><LogicalResourceId>Album</LogicalResourceId>\
             <ResourceType>AWS::S3::Bucket</ResourceType><Timestamp>2026-01-01T00:00:00Z</Timestamp>\
             <ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackResources>"
                .to_owned(),
        )
    });
    let ended = run(recorded.iac(&["attach", "photos"]));
    assert_eq!(ended.code, Some(6), "{ended:?}");
    assert!(
        ended.out.contains("`album` belongs to the stack `archive`"),
        "{ended:?}"
    );
}

#[test]
fn a_rollback_that_failed_says_how_it_is_continued() {
    let ended = run(Film::of(UPDATE_ROLLBACK_FAILED)
        .play()
        .iac(&["attach", "photos"]));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    insta::assert_snapshot!("update-rollback-failed.text", ended.out);
    let ended = follow(&Film::of(UPDATE_ROLLBACK_FAILED).play());
    assert_eq!(ended.code, Some(10), "{ended:?}");
    insta::assert_snapshot!("update-rollback-failed.json", ended.out);
}

#[test]
fn an_update_is_told_in_plain_lines_and_as_json() {
    let ended = run(Film::of(UPDATE).play().iac(&["attach", "photos"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    insta::assert_snapshot!("update.text", ended.out);
    let ended = follow(&Film::of(UPDATE).play());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    insta::assert_snapshot!("update.json", ended.out);
}

#[test]
fn a_creation_whose_rollback_failed_needs_a_person() {
    let recorded = Film::of(
        "0  | photos | AWS::CloudFormation::Stack | REVIEW_IN_PROGRESS | User Initiated
         5  | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         6  | Photos | AWS::S3::Bucket | CREATE_COMPLETE |
         7  | Failed | AWS::SQS::Queue | CREATE_FAILED | Rate exceeded
         8  | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Failed]. Rollback requested by user.
         9  | Photos | AWS::S3::Bucket | DELETE_FAILED | Resource handler returned message: \"The bucket you tried to delete is not empty\"
         10 | photos | AWS::CloudFormation::Stack | ROLLBACK_FAILED | The following resource(s) failed to delete: [Photos].",
    )
    .play();
    let ended = run(recorded.iac(&["attach", "photos"]));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    insta::assert_snapshot!("rollback-failed.text", ended.out);
}

#[test]
fn a_deletion_that_failed_needs_a_person() {
    let recorded = Film::of(
        "0 | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
         5 | photos | AWS::CloudFormation::Stack | DELETE_IN_PROGRESS | User Initiated
         6 | Failed | AWS::SQS::Queue | DELETE_COMPLETE |
         7 | Photos | AWS::S3::Bucket | DELETE_FAILED | Resource handler returned message: \"The bucket you tried to delete is not empty\"
         9 | photos | AWS::CloudFormation::Stack | DELETE_FAILED | The following resource(s) failed to delete: [Photos].",
    )
    .play();
    let ended = run(recorded.iac(&["attach", "photos"]));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    insta::assert_snapshot!("delete-failed.text", ended.out);
}

#[test]
fn a_rollback_that_was_continued_is_an_end_of_its_own() {
    let recorded = Film::of(
        "0 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         1 | Resize | AWS::Lambda::Function | UPDATE_FAILED | No
         2 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | The following resource(s) failed to update: [Resize].
         3 | ResizeRole | AWS::IAM::Role | UPDATE_FAILED | It is gone
         4 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_FAILED | The following resource(s) failed to update: [ResizeRole].
         60 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | User Initiated
         61 | ResizeRole | AWS::IAM::Role | UPDATE_COMPLETE | Resource rollback skipped by user
         63 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_COMPLETE |",
    )
    .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let finished = ended.event("finished");
    assert_eq!(finished["operation"], "rollback");
    assert_eq!(finished["outcome"], "succeeded");
    assert_eq!(finished["seconds"], 3.0);
    assert_eq!(told(&ended, "resource"), 1, "{ended:?}");
}
