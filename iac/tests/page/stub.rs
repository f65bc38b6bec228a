//! A stub of a deployed upload-events: the page, its API and its buckets, each at an origin of its own. The
//! name of the file that is uploaded says what is to go wrong.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use crate::http::{Answer, Request, serve};

/// What a name makes the API answer to `POST /uploads`: how often, status, content type, body.
const REFUSED: [(&str, usize, u16, &str); 6] = [
    (
        "wrong.jpg",
        usize::MAX,
        400,
        r#"{"error":"BAD_REQUEST_BODY","message":"the stub takes no such body","requestId":"1"}"#,
    ),
    (
        "large.jpg",
        usize::MAX,
        413,
        r#"{"error":"ImageTooLarge","message":"more than the stub takes","requestId":"2"}"#,
    ),
    (
        "kind.jpg",
        usize::MAX,
        415,
        r#"{"error":"UnsupportedFormat","message":"no kind for the stub","requestId":"3"}"#,
    ),
    (
        "crowd.jpg",
        usize::MAX,
        429,
        r#"{"message":"Too Many Requests"}"#,
    ),
    ("busy.jpg", 2, 429, r#"{"message":"Too Many Requests"}"#),
    ("broken.jpg", 1, 500, "<html>no JSON</html>"),
];

/// A running stub and what it was asked.
pub(crate) struct Stub {
    /// Origin of the page.
    pub(crate) page: String,
    /// Address of the API, which answers the page's origin only.
    pub(crate) api: String,
    asked: Asked,
}

type Asked = Arc<Mutex<Vec<Request>>>;

impl Stub {
    pub(crate) fn start() -> Self {
        let html = project("web/index.html");
        let page = serve(move |request| match request.target.split('?').next() {
            Some("/") => Answer::new(200, "text/html; charset=utf-8", html.clone()),
            _ => Answer::new(404, "text/plain", "the page asks for nothing else"),
        });
        let asked = Asked::default();
        let origin = page.clone();
        let seen = Arc::clone(&asked);
        let result = small_photo();
        let storage = serve(move |request| {
            note(&seen, request);
            storage(request, &result, &origin)
        });
        let origin = page.clone();
        let seen = Arc::clone(&asked);
        let api = serve(move |request| {
            let times = note(&seen, request);
            allowed(api(request, times, &storage), &origin)
        });
        Self {
            page,
            api: format!("{api}/prod"),
            asked,
        }
    }

    /// The page's address with this API in it.
    pub(crate) fn page_with(&self, api: &str) -> String {
        format!("{}/?api={api}", self.page)
    }

    /// What came in by a method whose target contains a word.
    pub(crate) fn asked(&self, method: &str, word: &str) -> Vec<Request> {
        let asked = self.asked.lock().expect("no panic");
        let fits = |it: &&Request| it.method == method && it.target.contains(word);
        asked.iter().filter(fits).cloned().collect()
    }
}

/// A file of the project.
pub(crate) fn project(path: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read(root.join(path)).expect("a file of the project")
}

/// Remembers a request; gives how many like it came before.
fn note(asked: &Asked, request: &Request) -> usize {
    let mut asked = asked.lock().expect("no panic");
    let same = |it: &&Request| {
        (&it.method, &it.target, &it.body) == (&request.method, &request.target, &request.body)
    };
    let times = asked.iter().filter(same).count();
    asked.push(request.clone());
    times
}

/// The photo at 720 x 540 pixels, whatever was uploaded.
fn small_photo() -> Vec<u8> {
    let photo = image::load_from_memory(&project("docs/raccoon.jpg")).expect("a photo");
    let small = photo.thumbnail(720, 540);
    let mut bytes = std::io::Cursor::new(Vec::new());
    small
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a JPEG");
    bytes.into_inner()
}

/// Lets pages of the origin read an answer.
fn allowed(answer: Answer, origin: &str) -> Answer {
    answer
        .with("access-control-allow-origin", origin)
        .with("vary", "Origin")
}

fn preflight() -> Answer {
    Answer::new(204, "text/plain", "")
        .with("access-control-allow-methods", "POST, PUT, GET")
        .with(
            "access-control-allow-headers",
            "content-type, if-none-match",
        )
}

fn says(status: u16, body: &Json) -> Answer {
    Answer::new(status, "application/json", body.to_string())
}

fn api(request: &Request, times: usize, storage: &str) -> Answer {
    match (request.method.as_str(), request.target.split_once('?')) {
        ("OPTIONS", _) => preflight(),
        ("POST", None) if request.target == "/prod/uploads" => grant(request, times, storage),
        ("GET", Some(("/prod/results", query))) => result(query, times, storage),
        _ => says(403, &json!({"message": "Missing Authentication Token"})),
    }
}

fn grant(request: &Request, times: usize, storage: &str) -> Answer {
    let body: BTreeMap<String, Json> = serde_json::from_slice(&request.body).expect("JSON");
    let name = body["filename"].as_str().expect("a string");
    for (refused, how_often, status, answer) in REFUSED {
        if name == refused && times < how_often {
            return Answer::new(status, "application/json", answer);
        }
    }
    says(
        200,
        &json!({
            "url": format!("{storage}/source/uploads/{name}?signature=1"),
            "method": "PUT",
            "headers": {
                "content-length": body["contentLength"].to_string(),
                "content-type": body["contentType"],
                "if-none-match": "*",
            },
            "bucket": "source",
            "key": format!("uploads/1+2/{name}"),
            "expiresIn": 300,
        }),
    )
}

/// The second time it is asked for, a result is there.
fn result(query: &str, times: usize, storage: &str) -> Answer {
    let key = query.strip_prefix("key=uploads%2F1%2B2%2F");
    let name = key.expect("the key, encoded");
    match (name, times) {
        ("unlucky.jpg", 0) => says(
            400,
            &json!({"error": "InvalidRequest", "message": "the stub knows no such key"}),
        ),
        ("never.jpg", _) | (_, 0) => says(
            404,
            &json!({"error": "NotReady", "message": "not yet", "requestId": "4"}),
        ),
        _ => {
            let mut link = json!({
                "url": format!("{storage}/results/thumbs/{name}?signature=2"),
                "bucket": "results",
                "key": format!("thumbs/{name}"),
                "expiresIn": 300,
            });
            if name.contains("sized") {
                link["contentLength"] = 87_000.into();
            }
            says(200, &link)
        }
    }
}

fn storage(request: &Request, result: &[u8], origin: &str) -> Answer {
    let is = |name: &str| request.target.contains(name);
    match request.method.as_str() {
        // A bucket that does not know the origin answers without the headers.
        _ if is("stranger.jpg") => {
            Answer::new(403, "application/xml", "<Error><Code>No</Code></Error>")
        }
        "OPTIONS" => allowed(preflight(), origin),
        "PUT" if is("denied.jpg") => allowed(
            Answer::new(
                403,
                "application/xml",
                "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code>\
                 <Message>Request has expired &amp; is over</Message></Error>",
            ),
            origin,
        ),
        "PUT" => allowed(Answer::new(200, "text/plain", ""), origin),
        "GET" if is("gone.jpg") => Answer::new(403, "application/xml", "<Error/>"),
        "GET" if is("private") => Answer::new(200, "image/jpeg", result),
        _ => allowed(Answer::new(200, "image/jpeg", result), origin),
    }
}
