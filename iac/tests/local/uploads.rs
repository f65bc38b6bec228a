//! What the tests of the upload stacks have in common: their systems, a client, a look behind the API.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method};
use iac::local::engine::Answer;
use iac::local::functions::Executables;
use lambda::metadata::image_id;
use serde_json::{Value, json};

use crate::gateway::JSON;
use crate::http::encoded;
use crate::picture;
use crate::system::System;

pub(crate) const JPEG: (&str, &str) = ("content-type", "image/jpeg");

/// Names of files that do not survive a careless encoding, decoding or signature.
pub(crate) const NAMES: [&str; 6] = [
    "a b+c.jpg",
    "100% %20%2B%.jpg",
    "K\u{f6}ln \u{5199}\u{771f} \u{1F600}.jpg",
    // The same letter as two characters: another key.
    "cafe\u{301}.jpg",
    "it's \"quoted\" \\ (1)!*~.jpg",
    "?a=b&c;d#e:f,g@h$i<j>|k.jpg",
];

/// The first half of an image: it starts like a JPEG and is none.
pub(crate) fn half_a_jpeg() -> Vec<u8> {
    let mut bytes = picture::jpeg(400, 400);
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// Longer than any upload takes on a busy machine.
const LIMIT: Duration = Duration::from_mins(1);

/// The one running system of a stack, with its committed template.
pub(crate) struct Stack {
    pub(crate) name: &'static str,
    system: OnceLock<Result<System, String>>,
}

impl Stack {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            system: OnceLock::new(),
        }
    }

    /// Runs `test` with it, or says why it cannot.
    pub(crate) fn with(&self, name: &str, test: impl FnOnce(&System)) {
        let start = || {
            let executables = Executables {
                resize_image: None,
                folder: Some(crate::tools::functions()?),
            };
            let generated = crate::tools::root().join("generated");
            // Fewer at once than the tests upload, so that some events have to wait.
            let parameters = [("ReservedConcurrency", "3")];
            System::start(self.name, generated, executables, &parameters)
        };
        match self.system.get_or_init(start) {
            Ok(system) => test(system),
            Err(missing) => crate::skip::skip(name, missing),
        }
    }
}

/// Asks until there is an answer.
pub(crate) fn wait<T>(what: &str, mut step: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = step() {
            return found;
        }
        assert!(start.elapsed() < LIMIT, "{what} does not come");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Asks a service of the engine, as root.
pub(crate) fn ask(system: &System, service: &str, target: &str, question: &Value) -> Value {
    let access = system.session.engine.access();
    let answer = system
        .runtime
        .block_on(access.ask(service, target, question))
        .expect("an answer");
    assert!(answer.get("__type").is_none(), "{target}: {answer}");
    answer
}

/// Invokes a function, as root, and waits for its answer. Others may keep it busy.
pub(crate) fn invoke(system: &System, function: &str, event: &Value) -> Value {
    let access = system.session.engine.access();
    let url = format!(
        "{}/2015-03-31/functions/{function}/invocations",
        access.endpoint()
    );
    let signature = Some(("lambda", &access.credentials));
    let answer = wait(function, || {
        let answer = access.send_to(
            Method::POST,
            &url,
            signature,
            &[JSON],
            event.to_string().into(),
        );
        let answer = system.runtime.block_on(answer).expect("an answer");
        (answer.status.as_u16() != 429).then_some(answer)
    });
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Gets a path of the engine's S3, as root.
pub(crate) fn s3(system: &System, path: &str) -> Answer {
    let access = system.session.engine.access();
    let answer = access.get_signed("s3", path);
    system.runtime.block_on(answer).expect("an answer")
}

/// Headers of an object, if it is there.
pub(crate) fn object(system: &System, bucket: &str, key: &str) -> Option<HeaderMap> {
    let key = encoded(key).replace("%2F", "/");
    let answer = s3(system, &format!("/{bucket}/{key}"));
    answer.status.is_success().then_some(answer.headers)
}

/// The keys in a bucket under a prefix.
pub(crate) fn keys(system: &System, bucket: &str, prefix: &str) -> Vec<String> {
    let prefix = encoded(prefix);
    let answer = s3(system, &format!("/{bucket}?list-type=2&prefix={prefix}"));
    elements(&answer, "Key")
}

/// The texts of all elements of a name.
pub(crate) fn elements(answer: &Answer, name: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(&answer.body);
    let tag = format!("<{name}>");
    let parts = text.split(&tag).skip(1);
    let texts = parts.filter_map(|part| part.split('<').next());
    texts.map(str::to_owned).collect()
}

/// The size of a picture in a bucket.
pub(crate) fn size(system: &System, bucket: &str, key: &str) -> (u32, u32) {
    let object = system.session.storage.get(bucket, key);
    let object = system.runtime.block_on(object);
    let object = object.unwrap_or_else(|error| panic!("{key}: {error}"));
    let picture = image::load_from_memory(&object.bytes).expect("an image");
    (picture.width(), picture.height())
}

/// The bucket for originals.
pub(crate) fn source_bucket(system: &System) -> String {
    let one = system.session.output("BucketName");
    one.map_or_else(|_| system.output("SourceBucketName"), str::to_owned)
}

/// Bucket and key of the result of an original.
pub(crate) fn result_place(system: &System, key: &str) -> (String, String) {
    match system.session.output("BucketName") {
        Ok(bucket) => {
            let name = key.strip_prefix("uploads/").expect("an upload");
            (bucket.to_owned(), format!("processed/{name}"))
        }
        Err(_) => (system.output("ResizedBucketName"), format!("thumbs/{key}")),
    }
}

/// The size of an original's result.
pub(crate) fn result_size(system: &System, key: &str) -> (u32, u32) {
    let (bucket, key) = result_place(system, key);
    size(system, &bucket, &key)
}

/// What the table says of an original. A stack without a table says nothing.
pub(crate) fn item(system: &System, key: &str) -> Option<Value> {
    let table = system.session.output("MetadataTableName").ok()?;
    let question = json!({"TableName": table, "Key": {"ImageID": {"S": image_id(key)}}});
    let answer = ask(system, "dynamodb", "DynamoDB_20120810.GetItem", &question);
    answer.get("Item").cloned()
}

/// Every item of the table about originals under a prefix.
pub(crate) fn items(system: &System, prefix: &str) -> Vec<Value> {
    let question = json!({
        "TableName": system.output("MetadataTableName"),
        "FilterExpression": "begins_with(#key, :prefix)",
        "ExpressionAttributeNames": {"#key": "Key"},
        "ExpressionAttributeValues": {":prefix": {"S": prefix}},
    });
    let answer = ask(system, "dynamodb", "DynamoDB_20120810.Scan", &question);
    assert!(answer.get("LastEvaluatedKey").is_none(), "one page");
    answer["Items"].as_array().expect("items").clone()
}

/// What is in the dead-letter queue about an object. The messages stay visible.
pub(crate) fn dead_letters(system: &System, key: &str) -> Vec<Value> {
    let queue = system.output("DeadLetterQueueUrl");
    let mut found: Vec<Value> = Vec::new();
    // A queue gives a part of what is in it.
    for _ in 0..5 {
        let question =
            json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
        let answer = ask(system, "sqs", "AmazonSQS.ReceiveMessage", &question);
        for message in answer["Messages"].as_array().into_iter().flatten() {
            let body = message["Body"].as_str().expect("a body");
            let body: Value = serde_json::from_str(body).expect("JSON");
            let is_its = body["requestPayload"]["Records"][0]["s3"]["object"]["key"] == key;
            if is_its && !found.contains(&body) {
                found.push(body);
            }
        }
    }
    found
}
