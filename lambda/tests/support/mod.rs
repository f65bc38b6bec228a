//! A server on 127.0.0.1 that plays the Lambda Runtime API and just enough of S3 and `DynamoDB`, with the
//! faults that no engine makes, and a function's real process in front of it.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]

pub(crate) mod engine;
pub(crate) mod http;
pub(crate) mod s3;
pub(crate) mod tls;

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use lambda::FailureName;
use serde_json::{Value, json};

use http::{Request, read, reply};
pub(crate) use s3::{Behaviour, Put, S3};

pub(crate) const SOURCE: &str = "originals";
pub(crate) const RESIZED: &str = "resized";

/// A JPEG of this size with something to see in it.
pub(crate) fn photo(width: u16, height: u16) -> Vec<u8> {
    let pixels: Vec<u8> = (0..u32::from(height))
        .flat_map(|y| (0..u32::from(width)).flat_map(move |x| [x, y, x ^ y]))
        .map(|value| u8::try_from(value & 0xFF).expect("masked"))
        .collect();
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, 90)
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("a valid size");
    file
}

#[track_caller]
pub(crate) fn refused(outcome: &Outcome, name: FailureName, said: &[&str]) {
    assert!(!outcome.succeeded, "{:?}", outcome.body);
    assert_eq!(outcome.body["errorType"], name.as_str(), "{}", outcome.body);
    let message = outcome.body["errorMessage"].as_str().expect("a message");
    for text in said {
        assert!(message.contains(text), "{text:?} is not in {message:?}");
    }
}

pub(crate) struct Lambda {
    process: Child,
    /// Of the server.
    pub(crate) address: String,
    events: Sender<String>,
    outcomes: Receiver<Outcome>,
    pub(crate) s3: Arc<Mutex<S3>>,
}

/// What the function sent back.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) succeeded: bool,
    pub(crate) body: Value,
}

/// What a function behind an API answered.
#[derive(Debug)]
pub(crate) struct Called(pub(crate) Value);

impl Called {
    pub(crate) fn status(&self) -> u64 {
        self.0["statusCode"].as_u64().expect("a status")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0["headers"][name].as_str()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("Content-Type"), Some("application/json"));
        assert_eq!(self.0["isBase64Encoded"], false);
        let body = self.0["body"].as_str().expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// Checks an error: its status, its name, its id and words of its message.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u64, name: &str, said: &str) {
        assert_eq!(self.status(), status, "{self:?}");
        let body = self.json();
        let fields: Vec<_> = body.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["error", "message", "requestId"]);
        assert_eq!(body["error"], name, "{body}");
        assert_eq!(body["requestId"], API_REQUEST_ID);
        let message = body["message"].as_str().expect("a text");
        assert!(message.contains(said), "{said:?} is not in {message:?}");
    }
}

/// API Gateway's id of every request that [`request`] makes.
pub(crate) const API_REQUEST_ID: &str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef";

/// A proxy event, as API Gateway writes it: what is not there is `null`.
pub(crate) fn request(method: &str, resource: &str) -> Value {
    json!({
        "resource": resource, "path": resource, "httpMethod": method, "headers": null,
        "multiValueHeaders": null, "queryStringParameters": null,
        "multiValueQueryStringParameters": null, "pathParameters": null, "stageVariables": null,
        "requestContext": {"requestId": API_REQUEST_ID, "stage": "prod"}, "body": null,
        "isBase64Encoded": false,
    })
}

impl Lambda {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts `resize-image` with changed variables; `None` takes one away.
    pub(crate) fn start_with(changes: &[(&str, Option<&str>)]) -> Self {
        Self::beside(&Arc::default(), changes)
    }

    /// The same with an S3 that there is already.
    pub(crate) fn beside(s3: &Arc<Mutex<S3>>, changes: &[(&str, Option<&str>)]) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_resize-image"));
        Self::resize_image(program, s3, changes)
    }

    /// Starts another build of `resize-image`.
    pub(crate) fn resize_image(
        program: Command,
        s3: &Arc<Mutex<S3>>,
        changes: &[(&str, Option<&str>)],
    ) -> Self {
        let own = [
            ("SOURCE_BUCKET", Some(SOURCE)),
            ("RESIZED_BUCKET", Some(RESIZED)),
            ("MAX_WIDTH", Some("720")),
            ("MAX_HEIGHT", Some("720")),
            ("OUTPUT_PREFIX", Some("thumbs/")),
        ];
        Self::launch(program, s3, &[&own, changes].concat())
    }

    /// Starts a function with these variables beside those that Lambda sets.
    pub(crate) fn run(
        program: &str,
        s3: &Arc<Mutex<S3>>,
        variables: &[(&str, Option<&str>)],
    ) -> Self {
        Self::launch(Command::new(program), s3, variables)
    }

    fn launch(
        mut program: Command,
        s3: &Arc<Mutex<S3>>,
        variables: &[(&str, Option<&str>)],
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (events, queue) = channel();
        let (send_outcome, outcomes) = channel();
        let server = Server {
            queue: Arc::new(Mutex::new(queue)),
            outcomes: send_outcome,
            s3: Arc::clone(s3),
        };
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.serve(&connection));
            }
        });

        let endpoint = format!("http://{address}");
        program.env_clear().envs([
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "function"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_SESSION_TOKEN", "test"),
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ]);
        for (name, value) in variables {
            match value {
                Some(value) => program.env(name, value),
                None => program.env_remove(name),
            };
        }
        let process = program
            .stdout(Stdio::piped())
            .spawn()
            .expect("the function starts");
        Self {
            process,
            address,
            events,
            outcomes,
            s3: Arc::clone(s3),
        }
    }

    pub(crate) fn s3(&self) -> MutexGuard<'_, S3> {
        self.s3.lock().expect("unpoisoned")
    }

    pub(crate) fn has(&self, key: &str, behaviour: Behaviour) {
        let path = format!("{SOURCE}/{key}").into_bytes();
        self.s3().get.insert(path, behaviour);
    }

    pub(crate) fn resize(&self, key: &str) -> Outcome {
        self.send(&json!({ "bucket": SOURCE, "key": key }).to_string())
    }

    /// The same with options, an object.
    pub(crate) fn resize_with(&self, key: &str, options: &Value) -> Outcome {
        let mut request = json!({ "bucket": SOURCE, "key": key });
        for (name, value) in options.as_object().expect("an object") {
            request[name] = value.clone();
        }
        self.send(&request.to_string())
    }

    pub(crate) fn send(&self, event: &str) -> Outcome {
        self.events
            .send(event.to_owned())
            .expect("the server lives");
        self.outcomes
            .recv_timeout(Duration::from_mins(1))
            .expect("an answer within a minute")
    }

    /// Has a function behind an API answer an event.
    pub(crate) fn call(&self, event: &Value) -> Called {
        let outcome = self.send(&event.to_string());
        assert!(outcome.succeeded, "{:?}", outcome.body);
        Called(outcome.body)
    }

    pub(crate) fn puts(&self) -> Vec<Put> {
        self.s3().puts.clone()
    }

    /// Memory that the process holds, in KB; nothing where the system does not say as Linux does.
    pub(crate) fn memory(&self) -> Option<u64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(path).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let number = line.split_whitespace().nth(1)?;
        Some(number.parse().expect("a number"))
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Ends the process and returns its log lines.
    pub(crate) fn log(mut self) -> Vec<Value> {
        self.process.kill().expect("it runs");
        let mut text = String::new();
        let mut stdout = self.process.stdout.take().expect("piped");
        stdout.read_to_string(&mut text).expect("UTF-8");
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a JSON line"))
            .collect()
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

#[derive(Clone)]
struct Server {
    queue: Arc<Mutex<Receiver<String>>>,
    outcomes: Sender<Outcome>,
    s3: Arc<Mutex<S3>>,
}

impl Server {
    /// One request a connection; a connection that breaks is the test's business, not the server's.
    fn serve(&self, connection: &TcpStream) {
        let Some(request) = read(connection) else {
            return;
        };
        let path = String::from_utf8_lossy(&request.path).into_owned();
        if let Some(call) = path.strip_prefix("/2018-06-01/runtime/") {
            self.runtime_api(connection, call, &request);
        } else {
            s3::serve(&self.s3, connection, request);
        }
    }

    fn runtime_api(&self, connection: &TcpStream, call: &str, request: &Request) {
        if call == "invocation/next" {
            let Ok(event) = self.queue.lock().expect("unpoisoned").recv() else {
                return;
            };
            let headers = "Content-Type: application/json\r\n\
                           Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                           Lambda-Runtime-Deadline-Ms: 9999999999999\r\n\
                           Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:1:function:f\r\n";
            reply(connection, 200, headers, event.as_bytes());
            return;
        }
        reply(connection, 202, "", b"{}");
        let body = serde_json::from_slice(&request.body).expect("JSON");
        let succeeded = call.ends_with("/response");
        assert!(succeeded || call.ends_with("/error"), "{call}");
        drop(self.outcomes.send(Outcome { succeeded, body }));
    }
}
