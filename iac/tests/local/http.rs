//! HTTP over a plain socket: a test sends exactly the bytes it means, also wrong ones.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|line| {
            line.split(':')
                .next()
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        })?;
        Some(line.split_once(':')?.1.trim())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// What stays as it is: letters, digits and these.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text as one segment of a path, or as one value of a query.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// Sends a request and reads until the server closes.
pub(crate) fn send(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head = head + name + ": " + value + "\r\n";
    }
    head.push_str("\r\n");
    raw(port, &[head.as_bytes(), body])
}

/// Sends bytes as they are.
pub(crate) fn raw(port: u16, parts: &[&[u8]]) -> Reply {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the gateway listens");
    stream
        .set_read_timeout(Some(Duration::from_mins(1)))
        .expect("a timeout");
    for part in parts {
        stream.write_all(part).expect("the gateway reads");
    }
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .expect("the gateway answers");
    let answer = String::from_utf8(answer).expect("an answer in UTF-8");
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect("a status");
    Reply {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
