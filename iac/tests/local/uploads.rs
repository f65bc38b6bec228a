//! What the tests of the upload stacks have in common: their systems, a client, a look behind the API.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use iac::local::engine::Answer;
use iac::local::functions::Executables;
use image::ImageFormat;
use serde_json::{Value, json};

use crate::gateway::says;
use crate::system::{System, call};

pub(crate) const JPEG: (&str, &str) = ("content-type", "image/jpeg");

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

/// Gets a path of the engine's S3, as root.
pub(crate) fn s3(system: &System, path: &str) -> Answer {
    let access = system.session.engine.access();
    let answer = access.get_signed("s3", path);
    system.runtime.block_on(answer).expect("an answer")
}

/// Headers of an object, if it is there. Its key needs no encoding.
pub(crate) fn object(system: &System, bucket: &str, key: &str) -> Option<HeaderMap> {
    let answer = s3(system, &format!("/{bucket}/{key}"));
    answer.status.is_success().then_some(answer.headers)
}

/// The keys in a bucket under a prefix that needs no encoding.
pub(crate) fn keys(system: &System, bucket: &str, prefix: &str) -> Vec<String> {
    let prefix = prefix.replace('/', "%2F");
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

/// How the function that resizes was done with an object, each time that it was told of it.
pub(crate) fn outcomes(system: &System, key: &str) -> Vec<String> {
    let group = format!(
        "/aws/lambda/{}-resize-image",
        system.session.deployed.pseudo.stack_name
    );
    let question = json!({"logGroupName": group, "limit": 10_000});
    let answer = ask(system, "logs", "Logs_20140328.FilterLogEvents", &question);
    let events = answer["events"].as_array().expect("events").iter();
    let lines = events.flat_map(|event| event["message"].as_str().unwrap_or_default().lines());
    let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // Lambda's JSON logs have the fields by themselves or under `fields`.
    let of_object = lines.filter_map(|line| {
        let fields = if line["fields"].is_object() {
            &line["fields"]
        } else {
            &line
        };
        let outcome = fields["outcome"].as_str()?;
        (fields["key"] == key).then(|| outcome.to_owned())
    });
    of_object.collect()
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

/// Types that are no image's, not one of the four, or not said exactly as API Gateway takes it for bytes.
const OTHER_TYPES: [&str; 10] = [
    "text/plain",
    "application/octet-stream",
    "application/json",
    "image/svg+xml",
    "image/*",
    "image/jpegs",
    "IMAGE/JPEG",
    "image/jpeg; charset=utf-8",
    "text/plain, image/jpeg",
    "Mozilla/5.0",
];

/// Uploads of other types are told which ones are taken, and leave neither an object nor an event; an image
/// of each of these is taken. `request` gives method and path of an upload under a name.
pub(crate) fn assert_only_images_are_taken(
    system: &System,
    bucket: &str,
    request: impl Fn(&str) -> (&'static str, String),
    result: impl Fn(&str) -> (String, String),
) {
    let photo = crate::picture::jpeg(40, 30);
    for (number, other) in OTHER_TYPES.iter().enumerate() {
        let (method, path) = request(&format!("other-{number}.jpg"));
        // A client that would rather have an image is told as well.
        for accept in ["*/*", "image/*"] {
            let headers = [
                ("content-type", *other),
                ("accept", accept),
                ("user-agent", "image/jpeg"),
            ];
            let reply = call(system, method, &path, &headers, &photo);
            let types = "exactly one of image/jpeg, image/png, image/webp, image/gif";
            says(&reply, 415, &["UnsupportedMediaType", types, "requestId"]);
        }
    }
    for (kind, format) in [
        ("image/jpeg", ImageFormat::Jpeg),
        ("image/png", ImageFormat::Png),
        ("image/webp", ImageFormat::WebP),
        ("image/gif", ImageFormat::Gif),
    ] {
        let name = kind.replace('/', ".");
        let (method, path) = request(&name);
        let image = crate::picture::of(format, 40, 30);
        let reply = call(system, method, &path, &[("content-type", kind)], &image);
        assert_eq!(reply.status, 200, "{kind}: {reply:?}");
        let (results, key) = result(&name);
        let made = wait("the result", || object(system, &results, &key));
        assert_eq!(made["content-type"], kind, "{key}");
    }
    // By now an event of those before would have run.
    assert_eq!(keys(system, bucket, "uploads/other-"), Vec::<String>::new());
    for number in 0..OTHER_TYPES.len() {
        let key = format!("uploads/other-{number}.jpg");
        assert_eq!(outcomes(system, &key), Vec::<String>::new(), "{key}");
    }
}

/// Waits until an object that is no image is given up, and makes sure that nothing goes on after that.
pub(crate) fn assert_given_up_once(system: &System, key: &str, error: &str) {
    let letter = wait("the dead letter", || dead_letters(system, key).pop());
    assert_eq!(letter["responsePayload"]["errorType"], error, "{letter}");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(dead_letters(system, key).len(), 1);
    assert_eq!(outcomes(system, key), ["failed", "failed"], "{key}");
}
