//! Following what goes wrong: each end with its exit code, and no verdict that is wrong.

use crate::engine::with_engine;
use crate::film::{Film, Frame, UPDATE, follow, told};
use crate::photos;
use crate::program::{Running, run};
use crate::proxy::{Mood, Proxy};
use crate::recorded::Reply;

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
