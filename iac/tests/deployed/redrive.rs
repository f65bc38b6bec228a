//! `iac redrive`: what a function failed on.

use std::time::{Duration, Instant};

use iac::local::engine::{ACCOUNT_ID, REGION};
use iac::stacks::UploadEvents;
use serde_json::{Value, json};

use crate::picture;
use crate::program::{Ended, Running, run};
use crate::stack::{Stack, command, with_stack};

fn template() -> iac::cfn::Template {
    UploadEvents::default().template().expect("a stack")
}

fn redrive(stack: &Stack, arguments: &[&str]) -> Ended {
    let mut all = vec!["redrive", "--format", "json"];
    all.extend_from_slice(arguments);
    run(command(stack, &all))
}

/// Asks SQS of the dead-letter queue.
fn sqs(stack: &Stack, action: &str, mut request: Value) -> Value {
    request["QueueUrl"] = json!(stack.output("DeadLetterQueueUrl"));
    let access = stack.session.engine.access();
    let target = format!("AmazonSQS.{action}");
    let headers = [
        ("x-amz-target", target.as_str()),
        ("content-type", "application/x-amz-json-1.0"),
    ];
    let answer = access.post(
        "sqs",
        &access.credentials,
        &headers,
        request.to_string().into(),
    );
    let answer = stack.runtime.block_on(answer).expect("an answer");
    assert!(answer.status.is_success(), "{answer:?}");
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// How many messages can be received now, and how many are hidden.
fn waiting(stack: &Stack) -> (u64, u64) {
    let attributes = sqs(
        stack,
        "GetQueueAttributes",
        json!({"AttributeNames": ["All"]}),
    );
    let number = |name: &str| {
        let text = attributes["Attributes"][name].as_str().expect("a number");
        text.parse().expect("a number")
    };
    (
        number("ApproximateNumberOfMessages"),
        number("ApproximateNumberOfMessagesNotVisible"),
    )
}

fn wait_for(stack: &Stack, messages: u64) {
    let start = Instant::now();
    while waiting(stack) != (messages, 0) {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            waiting(stack)
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Puts a message into the queue as Lambda does. The payload is text, so that it stays as it is.
fn fail(stack: &Stack, function: &str, payload: &str) {
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{function}");
    let body = format!(
        r#"{{"version":"1.0","requestContext":{{"functionArn":"{arn}","condition":"RetriesExhausted","approximateInvokeCount":2}},"requestPayload":{payload},"responsePayload":{{"errorType":"StorageUnavailable","errorMessage":"S3 failed"}}}}"#
    );
    sqs(stack, "SendMessage", json!({ "MessageBody": body }));
}

/// An event of one object, which is there.
fn event(stack: &Stack) -> (String, String) {
    let bucket = stack.output("SourceBucketName");
    stack.put(&bucket, "cat.jpg", picture::jpeg(64, 48));
    (stack.output("FunctionName"), bucket)
}

fn until_there(stack: &Stack, key: &str) {
    let results = stack.output("ResizedBucketName");
    let start = Instant::now();
    while !stack.has(&results, key) {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{key} is not there"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// From a broken upload to an empty queue, with a stop on the way.
#[test]
fn a_broken_upload_waits_until_it_is_mended() {
    let name = "a_broken_upload_waits_until_it_is_mended";
    with_stack(name, &template(), |stack| {
        let bucket = stack.output("SourceBucketName");
        stack.put(&bucket, "uploads/my cat+1.jpg", b"no image".to_vec());
        wait_for(stack, 1);

        let looked = redrive(stack, &["--dry-run"]);
        assert_eq!(looked.code, Some(0), "{looked:?}");
        assert_eq!(looked.event("found")["waiting"], 1);
        let shown = looked.event("shown");
        assert_eq!(shown["keys"], json!(["uploads/my cat+1.jpg"]), "{shown}");
        assert_eq!(shown["error"], "UnsupportedFormat", "{shown}");
        assert_eq!(shown["function"], stack.output("FunctionName"), "{shown}");
        assert!(
            shown["message"]
                .as_str()
                .is_some_and(|message| message.contains(' ')),
            "{shown}"
        );
        assert_eq!(waiting(stack), (1, 0), "only looked at");

        // Nothing is mended: it fails again and comes back, and the command still ends.
        let again = redrive(stack, &[]);
        assert_eq!(again.event("finished")["redriven"], 1, "{again:?}");
        wait_for(stack, 1);

        // The right image has an event of its own; the old one is out of date and does no harm.
        stack.put(&bucket, "uploads/my cat+1.jpg", picture::jpeg(64, 48));
        until_there(stack, "thumbs/uploads/my cat+1.jpg");
        let text = run(command(stack, &["redrive"]));
        assert_eq!(text.code, Some(0), "{text:?}");
        for words in [
            "redriven  uploads/my cat+1.jpg (UnsupportedFormat: ",
            "1 redriven",
        ] {
            assert!(text.out.contains(words), "{words}: {text:?}");
        }
        assert_eq!(waiting(stack), (0, 0));
        let nothing = redrive(stack, &[]);
        assert_eq!(nothing.code, Some(0), "{nothing:?}");
        assert_eq!(nothing.event("finished")["redriven"], 0);
    });
}

#[test]
fn the_function_gets_the_event_as_it_was() {
    let name = "the_function_gets_the_event_as_it_was";
    with_stack(name, &template(), |stack| {
        let bucket = stack.output("SourceBucketName");
        let function = stack.output("FunctionName");
        stack.put(&bucket, "late.jpg", picture::jpeg(64, 48));
        until_there(stack, "thumbs/late.jpg");
        let results = stack.output("ResizedBucketName");
        stack.put(
            &results,
            "thumbs/late.jpg",
            b"a result to be made anew".to_vec(),
        );

        fail(
            stack,
            &function,
            &format!(r#"{{"bucket":"{bucket}","key":"late.jpg"}}"#),
        );
        let ended = redrive(stack, &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let redriven = ended.event("redriven");
        assert_eq!(redriven["error"], "StorageUnavailable");
        assert_eq!(redriven["keys"], json!(["late.jpg"]));
        let start = Instant::now();
        while image::load_from_memory(&stack.read(&results, "thumbs/late.jpg")).is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "it stays as it was"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(waiting(stack), (0, 0));
    });
}

#[test]
fn what_cannot_be_redriven_stays_and_is_named() {
    let name = "what_cannot_be_redriven_stays_and_is_named";
    with_stack(name, &template(), |stack| {
        let (function, bucket) = event(stack);
        let payload = format!(r#"{{"bucket":"{bucket}","key":"cat.jpg"}}"#);
        sqs(stack, "SendMessage", json!({"MessageBody": "hello"}));
        fail(stack, "another-function", &payload);
        fail(stack, &function, "null");
        fail(stack, &format!("{function}:nope"), &payload);
        fail(stack, &function, &payload);
        assert_eq!(waiting(stack), (5, 0));

        for dry in [true, false] {
            let arguments: &[&str] = if dry { &["--dry-run"] } else { &[] };
            let ended = redrive(stack, arguments);
            assert_eq!(ended.code, Some(7), "{ended:?}");
            let finished = ended.event("finished");
            // Lambda alone knows that the version is not there.
            let (kept, done) = if dry { (3, "shown") } else { (4, "redriven") };
            assert_eq!(finished["kept"], kept, "{ended:?}");
            assert_eq!(finished[done], 5 - kept, "{ended:?}");
            let mut reasons = vec![
                "no record of a failed event",
                "`another-function` is no function of the stack `upload-events`",
                "it has no requestPayload",
            ];
            if !dry {
                reasons.push("cannot invoke upload-events-resize-image: ResourceNotFoundException");
            }
            for reason in reasons {
                assert!(ended.out.contains(reason), "{reason}: {ended:?}");
            }
            assert_eq!(
                waiting(stack),
                (if dry { 5 } else { 4 }, 0),
                "all can be seen at once"
            );
        }
    });
}

#[test]
fn a_number_of_messages_is_enough() {
    let name = "a_number_of_messages_is_enough";
    with_stack(name, &template(), |stack| {
        let (function, bucket) = event(stack);
        for number in 0..13 {
            let spaces = " ".repeat(number);
            fail(
                stack,
                &function,
                &format!(r#"{{"bucket":"{bucket}",{spaces}"key":"cat.jpg"}}"#),
            );
        }
        let ended = redrive(stack, &["--max", "11"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.event("finished")["redriven"], 11);
        assert_eq!(waiting(stack), (2, 0));
    });
}

/// However it is interrupted and however many do it at once: nothing is lost.
#[test]
fn an_interrupted_run_loses_nothing() {
    const MESSAGES: usize = 25;
    let name = "an_interrupted_run_loses_nothing";
    with_stack(name, &template(), |stack| {
        let (function, bucket) = event(stack);
        for number in 0..MESSAGES {
            let spaces = " ".repeat(number);
            fail(
                stack,
                &function,
                &format!(r#"{{"bucket":"{bucket}",{spaces}"key":"cat.jpg"}}"#),
            );
        }
        let arguments = ["redrive", "--format", "json"];
        let (mut running, _) = Running::until(command(stack, &arguments), "redriven");
        let ended = running.end("INT");
        assert_eq!(ended.code, Some(130), "{ended:?}");
        assert!(ended.errors.contains("is in the queue"), "{ended:?}");
        let finished = ended.event("finished");
        let redriven = finished["redriven"].as_u64().expect("a number");
        assert_eq!(finished["interrupted"], true);
        let (visible, hidden) = waiting(stack);
        assert_eq!(visible + redriven, MESSAGES as u64, "{finished}");
        assert_eq!(hidden, 0, "what was not redriven can be seen at once");
        assert!(visible > 0, "it was stopped on the way");

        let (one, other) = std::thread::scope(|scope| {
            let one = scope.spawn(|| redrive(stack, &[]));
            (redrive(stack, &[]), one.join().expect("ended"))
        });
        let number = |ended: &Ended| {
            ended.event("finished")["redriven"]
                .as_u64()
                .expect("a number")
        };
        assert_eq!(number(&one) + number(&other), visible, "{one:?} {other:?}");
        assert_eq!(waiting(stack), (0, 0));
    });
}
