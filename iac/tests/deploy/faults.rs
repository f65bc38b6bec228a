//! Following what goes wrong: each end with its exit code, and no verdict that is wrong.

use crate::engine::with_engine;
use crate::film::{Film, Frame};
use crate::photos;
use crate::program::{Ended, Running, run};
use crate::proxy::{Mood, Proxy};
use crate::recorded::{Recorded, Reply};

/// An update that works. The first event is of what was before it.
const UPDATE: &str = "
    0  | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
    60 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
    62 | Resize | AWS::Lambda::Function | UPDATE_IN_PROGRESS |
    63 | Failed | AWS::SQS::Queue | UPDATE_IN_PROGRESS |
    65 | Failed | AWS::SQS::Queue | UPDATE_COMPLETE |
    75 | Resize | AWS::Lambda::Function | UPDATE_COMPLETE |
    76 | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE_CLEANUP_IN_PROGRESS |
    78 | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE |
";

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

fn follow(recorded: &Recorded) -> Ended {
    run(recorded.iac(&["attach", "photos", "--format", "json"]))
}

/// The lines of an event.
fn told(ended: &Ended, event: &str) -> usize {
    let begin = format!("{{\"event\":\"{event}\"");
    ended
        .out
        .lines()
        .filter(|line| line.starts_with(&begin))
        .count()
}

const THROTTLED: Frame = Frame::Fault(Reply::Refusal(400, "Throttling", "Rate exceeded"));
const BROKEN: Frame = Frame::Fault(Reply::HangUp);

#[test]
fn throttling_is_waited_out() {
    // The SDK tries four times; the fifth time is ours.
    let mut frames = vec![Frame::Events(2), Frame::Events(3)];
    frames.extend(vec![THROTTLED; 5]);
    frames.push(Frame::Events(8));
    let ended = follow(&Film::of(UPDATE).frames(frames).play());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(
        ended.event("retrying")["reason"]
            .as_str()
            .is_some_and(|text| text.contains("Rate exceeded")),
        "{ended:?}"
    );
    assert_eq!(told(&ended, "retrying"), 1, "{ended:?}");
    assert_eq!(told(&ended, "answered"), 1, "{ended:?}");
    assert_eq!(told(&ended, "resource"), 4, "{ended:?}");
    assert_eq!(ended.event("finished")["outcome"], "succeeded");
}

#[test]
fn a_broken_connection_is_no_verdict() {
    let mut frames = vec![Frame::Events(2), Frame::Events(4)];
    frames.extend(vec![BROKEN; 5]);
    frames.push(Frame::Events(8));
    let ended = follow(&Film::of(UPDATE).frames(frames).play());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(told(&ended, "retrying"), 1, "{ended:?}");
    assert_eq!(told(&ended, "resource"), 4, "{ended:?}");
}

#[test]
fn a_service_that_is_broken_is_waited_for() {
    let broken = Frame::Fault(Reply::Refusal(503, "ServiceUnavailable", "Try again"));
    let mut frames = vec![Frame::Events(2)];
    frames.extend(vec![broken; 5]);
    frames.push(Frame::Events(8));
    let ended = follow(&Film::of(UPDATE).frames(frames).play());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(told(&ended, "answered"), 1, "{ended:?}");
}

#[test]
fn when_the_patience_is_over_it_says_how_to_follow_again() {
    let recorded = Film::of(UPDATE)
        .frames(vec![Frame::Events(2), Frame::Events(3), BROKEN])
        .play();
    let ended = run(recorded.iac(&[
        "attach",
        "photos",
        "--region",
        "eu-west-1",
        "--patience",
        "1",
    ]));
    assert_eq!(ended.code, Some(11), "{ended:?}");
    for words in [
        "error: the operation on `photos` is out of sight; it goes on in AWS",
        "follow it:\n  iac attach photos --region eu-west-1\n",
        "caused by: cannot read the events of the stack `photos`: nothing answers",
    ] {
        assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
    }
    assert!(!ended.out.contains("photos is updated"), "{ended:?}");
}

#[test]
fn an_engine_that_comes_back_is_followed_on() {
    with_engine("an_engine_that_comes_back", |engine| {
        let proxy = Proxy::before(&engine.endpoint());
        engine.begin("photos", &photos::waiting());
        let mut command = engine.iac(&["attach", "photos", "--format", "json"]);
        command.env("AWS_ENDPOINT_URL", &proxy.endpoint);
        let (mut running, _) = Running::until(command, "resource");
        proxy.set(Mood::Away);
        running.next("retrying");
        engine.signal(
            "photos",
            "Gate",
            aws_sdk_cloudformation::types::ResourceSignalStatus::Success,
        );
        proxy.set(Mood::Good);
        running.next("answered");
        assert_eq!(running.next("finished")["status"], "CREATE_COMPLETE");
        assert_eq!(running.wait().code, Some(0));
    });
}

#[test]
fn a_session_that_is_over_is_told_and_the_operation_goes_on() {
    let expired = Frame::Fault(Reply::Refusal(
        403,
        "ExpiredToken",
        "The security token included in the request is expired",
    ));
    let recorded = Film::of(UPDATE)
        .frames(vec![Frame::Events(2), Frame::Events(3), expired])
        .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(11), "{ended:?}");
    for words in [
        "it goes on in AWS",
        "sign in again",
        "iac attach photos",
        "ExpiredToken",
    ] {
        assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
    }
    assert_eq!(told(&ended, "finished"), 0, "{ended:?}");
}

#[test]
fn before_anything_is_followed_a_refusal_is_a_refusal() {
    let denied = Frame::Fault(Reply::Refusal(
        403,
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: cloudformation:DescribeStackEvents",
    ));
    let ended = follow(&Film::of(UPDATE).frames(vec![denied]).play());
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(
        ended.errors.contains("cloudformation:DescribeStackEvents"),
        "{ended:?}"
    );
    assert!(
        !ended.errors.contains("123456789012"),
        "no account: {ended:?}"
    );
}

#[test]
fn events_on_many_pages_are_told_once_each() {
    // While pages are read, new events push the old ones down.
    let frames = vec![Frame::Events(2), Frame::Events(5), Frame::Events(8)];
    let recorded = Film::of(UPDATE).frames(frames).paged(2).play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let events: Vec<_> = ended
        .out
        .lines()
        .filter(|line| line.contains("\"status\":"))
        .collect();
    assert_eq!(told(&ended, "resource"), 4, "{events:?}");
    assert_eq!(told(&ended, "stack"), 3, "{events:?}");
    let pages = recorded.requests();
    let pages = pages
        .iter()
        .filter(|request| request.members.contains_key("NextToken"));
    assert!(pages.count() >= 2, "there are pages");
}

#[test]
fn no_clock_has_a_say() {
    // A machine in another century; an AWS whose clock jumps back.
    let recorded = Film::of(
        "2001-01-01T00:00:00Z | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
         2099-06-01T00:00:00Z | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         2099-06-01T00:00:04Z | Failed | AWS::SQS::Queue | UPDATE_IN_PROGRESS |
         2099-05-31T23:59:59Z | Failed | AWS::SQS::Queue | UPDATE_COMPLETE |
         2099-06-01T00:00:09Z | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE |",
    )
    .frames(vec![Frame::Events(2), Frame::Events(3), Frame::Events(4), Frame::Events(5)])
    .play();
    let ended = follow(&recorded);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.event("finished")["seconds"], 9.0);
    assert_eq!(told(&ended, "resource"), 2, "{ended:?}");
}

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
