//! The function as it is deployed, on this machine: its process, and a server on 127.0.0.1 that plays the
//! Lambda Runtime API and one object of S3.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use lambda::environment::{
    MAX_HEIGHT, MAX_MEGAPIXELS, MAX_WIDTH, OUTPUT_PREFIX, RESIZED_BUCKET, SOURCE_BUCKET,
};
use serde_json::{Value, json};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::error::BenchError;
use crate::usage::{cpu_ms_of, peak_kib_of};

const BUCKET: &str = "originals";
const KEY: &str = "photo";
const NEXT: &str = "/2018-06-01/runtime/invocation/next";
/// What Lambda allows a function at most, and the stacks less.
const PATIENCE: Duration = Duration::from_mins(5);

/// What the server hears of the function.
enum Heard {
    /// It asks for the next event.
    Polled,
    /// It has an answer to an event.
    Answered { succeeded: bool, body: Vec<u8> },
}

/// What became of one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// The most memory the process had by then, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
    /// What the function failed with, if it did.
    pub refused: Option<String>,
}

/// CPU milliseconds from the start of the process to its first question for an event; nothing where the
/// system does not tell.
///
/// # Errors
///
/// The function does not start, or does not ask.
pub fn start_ms(program: &Path) -> Result<Option<f64>, BenchError> {
    let function = Function::start(program, None)?;
    function.polled()?;
    Ok(cpu_ms_of(function.process.id()))
}

/// Has the function resize an image, as `resize-api` does.
///
/// # Errors
///
/// The function does not start, or does not answer.
pub fn invoke(program: &Path, image: Vec<u8>) -> Result<Invocation, BenchError> {
    let function = Function::start(program, Some(image))?;
    function.polled()?;
    let Heard::Answered { succeeded, body } = function.hear()? else {
        return Err(function.failed("it asked for another event before it answered the first one"));
    };
    // It may write its log first; the next question comes when it has done with the image.
    function.polled()?;
    let body: Value = serde_json::from_slice(&body).map_err(|source| BenchError::Answer {
        program: program.display().to_string(),
        said: String::from_utf8_lossy(&body).into_owned(),
        source,
    })?;
    let said = |name: &str| body[name].as_str().unwrap_or("?").to_owned();
    Ok(Invocation {
        peak_kib: peak_kib_of(function.process.id()),
        refused: (!succeeded).then(|| format!("{}: {}", said("errorType"), said("errorMessage"))),
    })
}

/// The process; it is ended with the value.
struct Function {
    process: Child,
    heard: Receiver<Heard>,
    server: Arc<Server>,
    program: String,
}

impl Function {
    fn start(program: &Path, image: Option<Vec<u8>>) -> Result<Self, BenchError> {
        let server = Arc::new(Server::http("127.0.0.1:0").map_err(BenchError::Listen)?);
        let address = server.server_addr().to_string();
        let endpoint = format!("http://{address}");
        let (tell, heard) = channel();
        std::thread::spawn({
            let server = Arc::clone(&server);
            move || serve(&server, image, &tell)
        });
        let process = Command::new(program)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "resize-image"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_REGION", "eu-central-1"),
                ("AWS_ACCESS_KEY_ID", "bench"),
                ("AWS_SECRET_ACCESS_KEY", "bench"),
                ("AWS_SESSION_TOKEN", "bench"),
                ("AWS_ENDPOINT_URL", endpoint.as_str()),
                (SOURCE_BUCKET, BUCKET),
                (RESIZED_BUCKET, "results"),
                (MAX_WIDTH, "720"),
                (MAX_HEIGHT, "720"),
                (OUTPUT_PREFIX, "thumbs/"),
                // The photograph of 108 has more than the default.
                (MAX_MEGAPIXELS, "120"),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| BenchError::Start {
                program: program.display().to_string(),
                source,
            })?;
        Ok(Self {
            process,
            heard,
            server,
            program: program.display().to_string(),
        })
    }

    fn hear(&self) -> Result<Heard, BenchError> {
        self.heard
            .recv_timeout(PATIENCE)
            .map_err(|_| self.failed("it neither answered nor asked for an event"))
    }

    fn polled(&self) -> Result<(), BenchError> {
        match self.hear()? {
            Heard::Polled => Ok(()),
            Heard::Answered { .. } => Err(self.failed("it answered what nobody asked")),
        }
    }

    fn failed(&self, said: &str) -> BenchError {
        BenchError::Failed {
            program: self.program.clone(),
            said: said.to_owned(),
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.server.unblock();
        // It may have ended by itself; either way nothing is left of it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers until the server is unblocked. The first question for an event is answered with the image, if
/// there is one; every other one waits, as in Lambda, until the process ends.
fn serve(server: &Server, mut image: Option<Vec<u8>>, tell: &Sender<Heard>) {
    let event = json!({ "bucket": BUCKET, "key": KEY }).to_string();
    let mut waiting = Vec::new();
    let mut asked = false;
    while let Ok(mut request) = server.recv() {
        let path = request.url().split('?').next().unwrap_or("").to_owned();
        // Whoever no longer listens has what was wanted.
        match (request.method(), path.as_str()) {
            (Method::Get, NEXT) => {
                let _ = tell.send(Heard::Polled);
                if image.is_none() || asked {
                    waiting.push(request);
                } else {
                    asked = true;
                    let response = Response::from_string(event.clone());
                    answer(request, INVOCATION.iter().fold(response, with_header));
                }
            }
            (Method::Get, _) => match image.take() {
                Some(bytes) => {
                    let response = Response::from_data(bytes);
                    let etag = &("ETag", "\"bench\"");
                    answer(request, with_header(response, etag));
                }
                None => answer(request, Response::from_string("").with_status_code(404)),
            },
            // No result is there yet.
            (Method::Head, _) => {
                answer(request, Response::from_string("").with_status_code(404));
            }
            (method, _) => {
                let posted = *method == Method::Post;
                let mut body = Vec::new();
                let whole = request.as_reader().read_to_end(&mut body).is_ok();
                let response =
                    Response::from_string("").with_status_code(if posted { 202 } else { 200 });
                answer(request, with_header(response, &("ETag", "\"bench\"")));
                if posted && whole {
                    let succeeded = path.ends_with("/response");
                    let _ = tell.send(Heard::Answered { succeeded, body });
                }
            }
        }
    }
}

/// What goes with an event. The deadline is in the year 2100.
const INVOCATION: [(&str, &str); 4] = [
    (
        "Lambda-Runtime-Aws-Request-Id",
        "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    ),
    ("Lambda-Runtime-Deadline-Ms", "4102444800000"),
    (
        "Lambda-Runtime-Invoked-Function-Arn",
        "arn:aws:lambda:eu-central-1:123456789012:function:bench",
    ),
    ("Content-Type", "application/json"),
];

fn with_header<R: std::io::Read>(
    response: Response<R>,
    (name, value): &(&str, &str),
) -> Response<R> {
    match Header::from_bytes(*name, *value) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
    }
}

/// A client that went away does not want the answer. The length goes first, as S3 has it.
fn answer<R: std::io::Read>(request: Request, response: Response<R>) {
    let _ = request.respond(response.with_chunked_threshold(usize::MAX));
}
