//! A network between `iac` and the engine that can be made to fail.

use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the network does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Passes it on.
    Good,
    /// Hangs up.
    Away,
    /// Answers that the credentials are too old.
    Expired,
    /// Answers that there are too many requests.
    Throttled,
    /// Answers that the service has a fault.
    Broken,
}

struct State {
    mood: Mood,
    /// The requests since the mood was set.
    requests: u32,
}

/// A server that passes requests on, byte for byte, so that their signatures stay right.
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    /// In front of an endpoint such as `http://127.0.0.1:4566`.
    pub(crate) fn before(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let target = endpoint.trim_start_matches("http://").to_owned();
        let state = Arc::new(Mutex::new(State {
            mood: Mood::Good,
            requests: 0,
        }));
        let shared = Arc::clone(&state);
        // Ends with the test program.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, state) = (target.clone(), Arc::clone(&shared));
                std::thread::spawn(move || pass(client, &target, &state));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            state,
        }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.state.lock().expect("a state") = State { mood, requests: 0 };
    }

    /// Waits until so many requests have met with the mood.
    pub(crate) fn until_asked(&self, requests: u32) {
        let start = Instant::now();
        loop {
            let asked = self.state.lock().expect("a state").requests;
            if asked >= requests {
                return;
            }
            assert!(start.elapsed() < Duration::from_mins(1), "{asked}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Requests of one connection, until it ends.
fn pass(mut client: TcpStream, target: &str, state: &Mutex<State>) {
    while let Some(request) = message(&mut client) {
        let mood = {
            let mut state = state.lock().expect("a state");
            state.requests += 1;
            state.mood
        };
        let answer = match mood {
            Mood::Away => return,
            Mood::Expired => Some(error("400 Bad Request", "ExpiredTokenException")),
            Mood::Throttled => Some(error("400 Bad Request", "ThrottlingException")),
            Mood::Broken => Some(error("500 Internal Server Error", "InternalServerError")),
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

/// An error as Step Functions answers it.
fn error(status: &str, name: &str) -> Vec<u8> {
    let body = format!(r#"{{"__type":"{name}","message":"on purpose"}}"#);
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {}\r\n\r\n{body}",
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
