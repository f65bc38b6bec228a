//! The stack with Express workflows: for a client nothing changes.

use std::time::{Duration, Instant};

use iac::stacks::{ResizeApi, Workflow};
use serde_json::{Value, json};

use crate::picture;
use crate::system::{System, with_system, with_system_of};

/// What the API answers to a request that is right.
fn started(system: &System, key: &str) -> Value {
    let body = json!({"bucket": system.output("SourceBucketName"), "key": key});
    let reply = system.post(body.to_string().as_bytes());
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    reply.json()
}

fn is_the_answer(answer: &Value) {
    let fields: Vec<_> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["executionArn", "startDate"], "{answer}");
    assert!(
        answer["executionArn"]
            .as_str()
            .is_some_and(|arn| arn.starts_with("arn:aws:states:")),
        "{answer}"
    );
    assert!(answer["startDate"].is_number(), "{answer}");
}

#[test]
fn an_express_workflow_answers_the_same_and_resizes() {
    let name = "an_express_workflow_answers_the_same_and_resizes";
    let options = ResizeApi {
        workflow: Workflow::Express,
        ..ResizeApi::default()
    };
    let template = options.template().expect("a stack");
    with_system_of(name, &template, |system| {
        system.put("cat.jpg", picture::jpeg(640, 320));
        is_the_answer(&started(system, "cat.jpg"));

        let bucket = system.output("ResizedBucketName");
        let start = Instant::now();
        let result = loop {
            let read = system.session.storage.get(&bucket, "thumbs/cat.jpg");
            match system.runtime.block_on(read) {
                Ok(object) => break object,
                Err(error) => assert!(start.elapsed() < Duration::from_secs(30), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        let picture = image::load_from_memory(&result.bytes).expect("an image");
        assert_eq!((picture.width(), picture.height()), (320, 160));
    });
    with_system(name, |standard| {
        is_the_answer(&started(standard, "none.jpg"));
    });
}
