//! Answers, as API Gateway takes them.

use std::collections::BTreeMap;

use serde::Serialize;

/// An answer to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside those that every answer has.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty, or JSON.
    pub body: String,
    /// What it is about, for the log: a key or an id.
    pub about: Option<String>,
}

impl Answer {
    /// An answer with a body. `about` is for the log.
    pub fn json(status: u16, body: &impl Serialize, about: &str) -> Self {
        Self {
            status,
            headers: vec![
                ("Content-Type", "application/json".to_owned()),
                // Pre-signed URLs expire, and what is not there may be in a moment.
                ("Cache-Control", "no-store".to_owned()),
                ("X-Content-Type-Options", "nosniff".to_owned()),
            ],
            // The types of this crate have no keys that JSON cannot write.
            body: serde_json::to_string(body).unwrap_or_default(),
            about: Some(about.to_owned()).filter(|about| !about.is_empty()),
        }
    }
}

/// The form in which API Gateway wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProxyResponse {
    status_code: u16,
    headers: BTreeMap<&'static str, String>,
    body: String,
    is_base64_encoded: bool,
}

impl From<Answer> for ProxyResponse {
    fn from(answer: Answer) -> Self {
        Self {
            status_code: answer.status,
            headers: answer.headers.into_iter().collect(),
            body: answer.body,
            is_base64_encoded: false,
        }
    }
}
