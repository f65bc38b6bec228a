//! Just enough of S3 and `DynamoDB`, with the faults that no engine makes.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::hash::{Hash as _, Hasher as _};
use std::io::Read as _;
use std::net::TcpStream;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use super::http::{Request, reply, send};

/// What S3 does when it is asked for an object.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    Object(Vec<u8>),
    /// An object in a versioned bucket.
    Version(Vec<u8>, &'static str),
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

/// A `PutObject` that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Put {
    pub(crate) path: Vec<u8>,
    pub(crate) content_type: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Put {
    /// What the writer noted.
    pub(crate) fn note(&self, name: &str) -> Option<&str> {
        let name = format!("x-amz-meta-{name}");
        self.headers.get(&name).map(String::as_str)
    }
}

const LONG_BODY: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";

type Interference = Box<dyn FnOnce(&mut S3) + Send>;

#[derive(Default)]
pub(crate) struct S3 {
    /// Originals by `bucket/key`, decoded. What is not here is looked for among the results.
    pub(crate) get: BTreeMap<Vec<u8>, Behaviour>,
    pub(crate) head_error: Option<u16>,
    pub(crate) put_error: Option<(u16, &'static str)>,
    /// What happens just before a request of this method is answered, once each.
    pub(crate) before: Vec<(&'static str, Interference)>,
    pub(crate) puts: Vec<Put>,
    /// Method and decoded path of every request.
    pub(crate) requests: Vec<(String, Vec<u8>)>,
    /// The items that were put into the table.
    pub(crate) items: Vec<Value>,
    /// What the table answers in place of success.
    pub(crate) table_error: Option<(u16, &'static str)>,
}

/// What S3 would call these bytes.
pub(crate) fn etag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl S3 {
    /// The result under this path.
    pub(crate) fn result(&self, path: &str) -> Option<&Put> {
        self.puts
            .iter()
            .rev()
            .find(|put| put.path == path.as_bytes())
    }

    /// How many requests of this method there were.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.requests
            .iter()
            .filter(|(found, _)| found == method)
            .count()
    }

    /// The entity tag of what is under this path.
    fn etag_of(&self, path: &[u8]) -> Option<String> {
        match self.get.get(path) {
            Some(Behaviour::Object(bytes) | Behaviour::Version(bytes, _)) => Some(etag(bytes)),
            Some(_) => None,
            None => {
                let put = self.puts.iter().rev().find(|put| put.path == path)?;
                Some(etag(&put.body))
            }
        }
    }

    /// Whether the request's conditions do not hold; then with which error.
    fn unmet(&self, request: &Request, path: &[u8]) -> Option<(u16, &'static str)> {
        let there = self.etag_of(path);
        if there.is_none() && self.get.contains_key(path) {
            // It fails in its own way.
            return None;
        }
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        match (header("if-none-match"), &there) {
            (Some("*"), Some(_)) => return Some((412, "PreconditionFailed")),
            (Some(unwanted), Some(there)) if unwanted == format!("\"{there}\"") => {
                return Some((304, "NotModified"));
            }
            _ => {}
        }
        let wanted = header("if-match")?;
        match there {
            Some(there) if wanted == format!("\"{there}\"") => None,
            Some(_) => Some((412, "PreconditionFailed")),
            None => Some((404, "NoSuchKey")),
        }
    }
}

/// Answers one request.
pub(crate) fn serve(s3: &Mutex<S3>, connection: &TcpStream, request: Request) {
    let path = request.path[1..].to_vec();
    let mut s3 = s3.lock().expect("unpoisoned");
    s3.requests.push((request.method.clone(), path.clone()));
    let interference = s3
        .before
        .iter()
        .position(|(method, _)| *method == request.method);
    if let Some(index) = interference {
        let (_, interfere) = s3.before.remove(index);
        interfere(&mut s3);
    }
    match request.method.as_str() {
        "POST" => table(&mut s3, connection, &request),
        "HEAD" => head(&s3, connection, &path),
        "PUT" => put(&mut s3, connection, request, path),
        _ => {
            if let Some((status, code)) = s3.unmet(&request, &path) {
                return error(connection, status, code, "m");
            }
            let behaviour = s3.get.get(&path).cloned();
            // Some of them take long, and the function tries again meanwhile.
            drop(s3);
            get(connection, behaviour);
        }
    }
}

fn table(s3: &mut S3, connection: &TcpStream, request: &Request) {
    let target = request.headers.get("x-amz-target").expect("a target");
    assert_eq!(target, "DynamoDB_20120810.PutItem");
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    if let Some((status, name)) = s3.table_error {
        let type_of = "com.amazonaws.dynamodb.v20120810";
        let body = format!("{{\"__type\":\"{type_of}#{name}\",\"message\":\"m\"}}");
        return reply(connection, status, "", body.as_bytes());
    }
    s3.items.push(body);
    reply(connection, 200, "", b"{}");
}

/// An answer to `HEAD` has no body, so that an error there is a status only.
fn head(s3: &S3, connection: &TcpStream, path: &[u8]) {
    let plain = |status, headers: &str| {
        let head = format!("HTTP/1.1 {status} Status\r\n{headers}Connection: close\r\n\r\n");
        send(connection, &[head.as_bytes()]);
    };
    if let Some(status) = s3.head_error {
        return plain(status, "");
    }
    let Some(etag) = s3.etag_of(path) else {
        return plain(404, "");
    };
    let mut headers = format!("ETag: \"{etag}\"\r\n");
    if let Some(put) = s3.puts.iter().rev().find(|put| put.path == path) {
        let length = put.body.len();
        let content_type = &put.content_type;
        let _ = write!(
            headers,
            "Content-Length: {length}\r\nContent-Type: {content_type}\r\n"
        );
        for (name, value) in &put.headers {
            if name.starts_with("x-amz-meta-") {
                let _ = write!(headers, "{name}: {value}\r\n");
            }
        }
    }
    plain(200, &headers);
}

fn put(s3: &mut S3, connection: &TcpStream, request: Request, path: Vec<u8>) {
    let unmet = s3.put_error.or_else(|| s3.unmet(&request, &path));
    if let Some((status, code)) = unmet {
        return error(connection, status, code, "m");
    }
    let content_type = request
        .headers
        .get("content-type")
        .cloned()
        .unwrap_or_default();
    let etag = etag(&request.body);
    s3.puts.push(Put {
        path,
        content_type,
        headers: request.headers,
        body: request.body,
    });
    reply(connection, 200, &format!("ETag: \"{etag}\"\r\n"), b"");
}

fn get(connection: &TcpStream, behaviour: Option<Behaviour>) {
    let object = |bytes: &[u8], more: &str| {
        let etag = etag(bytes);
        let headers = format!(
            "Content-Type: text/plain\r\nETag: \"{etag}\"\r\n\
             Last-Modified: Wed, 01 Jan 2025 10:20:30 GMT\r\n{more}"
        );
        reply(connection, 200, &headers, bytes);
    };
    match behaviour {
        None => error(connection, 404, "NoSuchKey", "m"),
        Some(Behaviour::Error(status, code)) => error(connection, status, code, "m"),
        Some(Behaviour::Denied(message)) => error(connection, 403, "AccessDenied", message),
        Some(Behaviour::Object(bytes)) => object(&bytes, ""),
        Some(Behaviour::Version(bytes, version)) => {
            object(&bytes, &format!("x-amz-version-id: {version}\r\n"));
        }
        Some(Behaviour::Truncated(bytes)) => {
            let length = bytes.len() + 9;
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            send(connection, &[head.as_bytes(), &bytes]);
        }
        Some(Behaviour::Declared(length)) => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            send(connection, &[head.as_bytes()]);
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

fn error(connection: &TcpStream, status: u16, code: &str, message: &str) {
    if status == 304 {
        // Such an answer has no body.
        let head = b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n";
        send(connection, &[head]);
        return;
    }
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

fn wait_for_hangup(mut connection: &TcpStream) {
    while matches!(connection.read(&mut [0]), Ok(1..)) {}
}
