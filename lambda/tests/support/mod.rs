//! A server on 127.0.0.1 that plays the Lambda Runtime API and just enough of S3, with the faults that no
//! engine makes, and the real `resize-image` process in front of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) const SOURCE: &str = "originals";
pub(crate) const RESIZED: &str = "resized";

/// What S3 does when it is asked for an object.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    Object(Vec<u8>),
    /// An error with this status and code.
    Error(u16, &'static str),
    /// 403 `AccessDenied` with this message.
    Denied(&'static str),
    /// A body that ends before its declared length.
    Truncated(Vec<u8>),
    /// Only a declared length; the body never comes.
    Declared(u64),
    /// Nothing at all, and the connection ends.
    Hangup,
    /// Nothing at all, and the connection stays.
    Silent,
    /// The start of a body, then silence.
    Stalled,
    /// A body, a byte a second.
    Dripping,
}

#[derive(Debug, Clone)]
pub(crate) struct Put {
    pub(crate) path: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

#[derive(Debug, Default)]
pub(crate) struct S3 {
    /// By `bucket/key`, decoded.
    pub(crate) get: BTreeMap<Vec<u8>, Behaviour>,
    pub(crate) put_error: Option<(u16, &'static str)>,
    pub(crate) puts: Vec<Put>,
    /// Method and decoded path of every request.
    pub(crate) requests: Vec<(String, Vec<u8>)>,
}

pub(crate) struct Lambda {
    process: Child,
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

impl Lambda {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts the function with changed variables; `None` takes one away.
    pub(crate) fn start_with(changes: &[(&str, Option<&str>)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let (events, queue) = channel();
        let (send_outcome, outcomes) = channel();
        let s3 = Arc::new(Mutex::new(S3::default()));
        let server = Server {
            queue: Arc::new(Mutex::new(queue)),
            outcomes: send_outcome,
            s3: Arc::clone(&s3),
        };
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.serve(&connection));
            }
        });

        let endpoint = format!("http://{address}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_resize-image"));
        command.env_clear().envs([
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "resize-image"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_SESSION_TOKEN", "test"),
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("SOURCE_BUCKET", SOURCE),
            ("RESIZED_BUCKET", RESIZED),
            ("MAX_WIDTH", "720"),
            ("MAX_HEIGHT", "720"),
            ("OUTPUT_PREFIX", "thumbs/"),
        ]);
        for (name, value) in changes {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("resize-image starts");
        Self {
            process,
            events,
            outcomes,
            s3,
        }
    }

    pub(crate) fn has(&self, key: &str, behaviour: Behaviour) {
        let path = format!("{SOURCE}/{key}").into_bytes();
        self.s3
            .lock()
            .expect("unpoisoned")
            .get
            .insert(path, behaviour);
    }

    pub(crate) fn resize(&self, key: &str) -> Outcome {
        self.send(&json!({ "bucket": SOURCE, "key": key }).to_string())
    }

    pub(crate) fn send(&self, event: &str) -> Outcome {
        self.events
            .send(event.to_owned())
            .expect("the server lives");
        self.outcomes
            .recv_timeout(Duration::from_mins(1))
            .expect("an answer within a minute")
    }

    pub(crate) fn puts(&self) -> Vec<Put> {
        self.s3.lock().expect("unpoisoned").puts.clone()
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

const LONG_BODY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";

#[derive(Clone)]
struct Server {
    queue: Arc<Mutex<Receiver<String>>>,
    outcomes: Sender<Outcome>,
    s3: Arc<Mutex<S3>>,
}

struct Request {
    method: String,
    path: Vec<u8>,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
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
            self.storage(connection, request);
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

    fn storage(&self, connection: &TcpStream, request: Request) {
        let path = request.path[1..].to_vec();
        let mut s3 = self.s3.lock().expect("unpoisoned");
        s3.requests.push((request.method.clone(), path.clone()));
        if request.method == "PUT" {
            if let Some((status, code)) = s3.put_error {
                return error(connection, status, code, "m");
            }
            let content_type = request
                .headers
                .get("content-type")
                .cloned()
                .unwrap_or_default();
            s3.puts.push(Put {
                path,
                content_type,
                body: request.body,
            });
            return reply(connection, 200, "ETag: \"e\"\r\n", b"");
        }
        let behaviour = s3.get.get(&path).cloned();
        // Some of them take long, and the function tries again meanwhile.
        drop(s3);
        match behaviour {
            None => error(connection, 404, "NoSuchKey", "m"),
            Some(Behaviour::Error(status, code)) => error(connection, status, code, "m"),
            Some(Behaviour::Denied(message)) => error(connection, 403, "AccessDenied", message),
            Some(Behaviour::Object(bytes)) => {
                reply(connection, 200, "Content-Type: text/plain\r\n", &bytes);
            }
            Some(Behaviour::Truncated(bytes)) => {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                    bytes.len() + 9
                );
                send(connection, &[head.as_bytes(), &bytes]);
            }
            Some(Behaviour::Declared(length)) => {
                send(
                    connection,
                    &[format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").as_bytes()],
                );
            }
            Some(Behaviour::Hangup) => {}
            Some(Behaviour::Silent) => wait_for_hangup(connection),
            Some(Behaviour::Stalled) => {
                send(connection, &[LONG_BODY, b"\xFF\xD8"]);
                wait_for_hangup(connection);
            }
            Some(Behaviour::Dripping) => {
                let mut going = send(connection, &[LONG_BODY]);
                while going {
                    std::thread::sleep(Duration::from_secs(1));
                    going = send(connection, &[b"\xFF"]);
                }
            }
        }
    }
}

fn read(connection: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let method = words.next()?.to_owned();
    let target = words.next()?;
    let path = decode(target.split('?').next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers
        .get("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

fn decode(path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = (first == b'%').then(|| std::str::from_utf8(&tail[..2]).expect("two digits"));
        let escaped = hex.map(|hex| u8::from_str_radix(hex, 16).expect("hexadecimal"));
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

fn error(connection: &TcpStream, status: u16, code: &str, message: &str) {
    let body = format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    reply(
        connection,
        status,
        "Content-Type: application/xml\r\n",
        body.as_bytes(),
    );
}

fn reply(connection: &TcpStream, status: u16, headers: &str, body: &[u8]) {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Status\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    send(connection, &[head.as_bytes(), body]);
}

/// Whether the other side still takes it.
fn send(mut connection: &TcpStream, parts: &[&[u8]]) -> bool {
    parts.iter().all(|part| connection.write_all(part).is_ok())
}

fn wait_for_hangup(mut connection: &TcpStream) {
    while matches!(connection.read(&mut [0]), Ok(1..)) {}
}
