//! A network between `iac` and the engine that can be made to fail.

use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the network does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Passes it on.
    Good,
    /// Hangs up.
    Away,
    /// Answers that the credentials are too old.
    Expired,
}

/// A server that passes requests on, byte for byte, so that their signatures stay right.
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    mood: Arc<Mutex<Mood>>,
}

impl Proxy {
    /// In front of an endpoint such as `http://127.0.0.1:4566`.
    pub(crate) fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let target = endpoint.trim_start_matches("http://").to_owned();
        let mood = Arc::new(Mutex::new(Mood::Good));
        let shared = Arc::clone(&mood);
        // Ends with the test program.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, mood) = (target.clone(), Arc::clone(&shared));
                std::thread::spawn(move || pass(client, &target, &mood));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            mood,
        }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().expect("a mood") = mood;
    }
}

/// Requests of one connection, until it ends.
fn pass(mut client: TcpStream, target: &str, mood: &Mutex<Mood>) {
    while let Some(request) = message(&mut client) {
        let mood = *mood.lock().expect("a mood");
        let answer = match mood {
            Mood::Away => return,
            Mood::Expired => Some(expired()),
            Mood::Good => TcpStream::connect(target).ok().and_then(|mut engine| {
                engine.write_all(&request).ok()?;
                message(&mut engine)
            }),
        };
        match answer {
            Some(answer) if client.write_all(&answer).is_ok() => {}
            _ => return,
        }
    }
}

fn expired() -> Vec<u8> {
    let body = r#"{"__type":"ExpiredTokenException","message":"The security token included in the request is expired"}"#;
    format!(
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A message of HTTP whose head says its length.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&bytes).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    let start = bytes.len();
    bytes.resize(start + length, 0);
    stream.read_exact(&mut bytes[start..]).ok()?;
    Some(bytes)
}
