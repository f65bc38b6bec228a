//! Somebody between `iac` and the engine, who reads along and may change the answers.

use std::io::{Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered: to the head of a request, in place of the engine's answer.
type Change = dyn Fn(&str, String) -> String + Send + Sync;

/// A server that passes requests on, byte for byte, so that their signatures stay right.
pub(crate) struct Between {
    pub(crate) endpoint: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Between {
    /// In front of an endpoint such as `http://127.0.0.1:4566`; `change` gets the head of each answer.
    pub(crate) fn before(
        endpoint: &str,
        change: impl Fn(&str, String) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let target = endpoint.trim_start_matches("http://").to_owned();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (change, seen): (Arc<Change>, _) = (Arc::new(change), Arc::clone(&heads));
        // Ends with the test program.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (target, change, seen) = (target.clone(), Arc::clone(&change), seen.clone());
                std::thread::spawn(move || pass(client, &target, &*change, &seen));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            heads,
        }
    }

    /// The heads of requests so far, in lower case.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("heads").clone()
    }
}

/// Requests of one connection, until it ends.
fn pass(mut client: TcpStream, target: &str, change: &Change, seen: &Mutex<Vec<String>>) {
    while let Some((head, body)) = message(&mut client, true) {
        seen.lock().expect("heads").push(head.to_lowercase());
        let answer = TcpStream::connect(target).ok().and_then(|mut engine| {
            engine.write_all(head.as_bytes()).ok()?;
            engine.write_all(&body).ok()?;
            message(&mut engine, !head.starts_with("HEAD "))
        });
        let Some((answer, body)) = answer else { return };
        let answer = change(&head, answer);
        if client.write_all(answer.as_bytes()).is_err() || client.write_all(&body).is_err() {
            return;
        }
    }
}

/// A message of HTTP whose head says its length: head and body.
fn message(stream: &mut TcpStream, has_body: bool) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.push(byte[0]);
    }
    let head = String::from_utf8(bytes).ok()?;
    let length = head
        .lines()
        .find_map(|line| {
            let line = line.to_lowercase();
            line.strip_prefix("content-length:")?.trim().parse().ok()
        })
        .filter(|_| has_body)
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}
