//! CloudFormation's answers as they were recorded, for what no engine does: a server that is told what to
//! say. It speaks the Query protocol: forms in, XML out.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudformation::config::{Credentials, SharedCredentialsProvider};
use iac::aws::Account;
use iac::aws::cloudformation::StackClient;

use crate::program::bare;

/// The stack of every recording.
pub(crate) const STACK: &str =
    "arn:aws:cloudformation:eu-west-1:123456789012:stack/photos/6a19c4b4-0092";

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Such as `DescribeStacks`.
    pub(crate) action: String,
    /// Its other members.
    pub(crate) members: BTreeMap<String, String>,
}

/// What the server does with it.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Answers with what is in the result's element.
    Result(String),
    /// Refuses: status, code, message.
    Refusal(u16, &'static str, &'static str),
    /// Hangs up.
    HangUp,
}

/// Who decides on replies.
type Answer = Mutex<dyn FnMut(&Request) -> Reply + Send>;

/// A server that answers until the test program ends.
pub(crate) struct Recorded {
    pub(crate) endpoint: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Recorded {
    pub(crate) fn start(answer: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answer: Arc<Answer> = Arc::new(Mutex::new(answer));
        let asked = Arc::clone(&requests);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
                std::thread::spawn(move || serve(client, &asked, &answer));
            }
        });
        Self { endpoint, requests }
    }

    /// `iac` as someone who may do everything here.
    pub(crate) fn iac(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments);
        command
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "key")
            .env("AWS_SECRET_ACCESS_KEY", "secret");
        command
    }

    /// The stack of every recording.
    pub(crate) fn stack(&self) -> StackClient {
        let credentials = Credentials::for_tests();
        let config = aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-west-1"))
            .endpoint_url(&self.endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        StackClient::new(&Account::of(config).expect("a region"), "photos")
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("requests").clone()
    }

    /// Their names.
    pub(crate) fn actions(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.action).collect()
    }
}

/// Requests of one connection, until it ends.
fn serve(mut client: TcpStream, asked: &Mutex<Vec<Request>>, answer: &Answer) {
    while let Some(request) = read(&mut client) {
        asked.lock().expect("requests").push(request.clone());
        let reply = (answer.lock().expect("an answer"))(&request);
        let action = &request.action;
        let (status, body) = match reply {
            Reply::HangUp => return,
            Reply::Result(result) => (
                200,
                format!(
                    "<{action}Response xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\">\
                     <{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>1</RequestId>\
                     </ResponseMetadata></{action}Response>"
                ),
            ),
            Reply::Refusal(status, code, message) => (
                status,
                format!(
                    "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error>\
                     <Type>Sender</Type><Code>{code}</Code><Message>{}</Message></Error>\
                     <RequestId>1</RequestId></ErrorResponse>",
                    escaped(message)
                ),
            ),
        };
        let head = format!(
            "HTTP/1.1 {status} Recorded\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if client.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    let mut members: BTreeMap<_, _> = body
        .split('&')
        .filter_map(|member| member.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    Some(Request {
        action: members.remove("Action")?,
        members,
    })
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                let hex = [*high, *low];
                let hex = std::str::from_utf8(&hex).expect("hex");
                bytes.push(u8::from_str_radix(hex, 16).expect("hex"));
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).expect("text")
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
