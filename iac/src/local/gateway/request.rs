//! A client's request, as methods and integrations read it.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::header;
use axum::http::request::Parts;

/// A request that a resource fits.
#[derive(Debug)]
pub(super) struct ClientRequest<'r> {
    pub(super) parts: &'r Parts,
    pub(super) body: &'r Bytes,
    /// The resource: `/uploads/{key}`.
    pub(super) resource: &'r str,
    /// The path without the stage, encoded as the client wrote it.
    pub(super) path: &'r str,
    /// Encoded as the client wrote them.
    pub(super) path_parameters: BTreeMap<String, String>,
    /// Decoded, in the client's order.
    pub(super) query: Vec<(String, String)>,
    /// Whether the body is bytes and no text.
    pub(super) is_binary: bool,
    /// `$context`
    pub(super) context: &'r BTreeMap<String, String>,
    /// `$stageVariables`
    pub(super) stage_variables: &'r BTreeMap<String, String>,
}

impl ClientRequest<'_> {
    /// A header's value; the last one of several. API Gateway's own front end lets no other bytes than
    /// text through.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let last = self.parts.headers.get_all(name).iter().next_back();
        last.and_then(|value| value.to_str().ok())
    }

    /// A query parameter's value; the last one of several.
    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter().rev();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The id of the request, as in `x-amzn-RequestId`.
    pub(super) fn id(&self) -> &str {
        self.context.get("requestId").map_or("", String::as_str)
    }

    /// What `$input.params` finds: a parameter of the path, as the client encoded it, before one of the
    /// query. Templates that read a header by it are refused: on AWS its name counts as it is written.
    pub(super) fn parameters(&self) -> BTreeMap<String, String> {
        let query = self.query.iter().cloned();
        query.chain(self.path_parameters.clone()).collect()
    }

    /// The media type without its parameters. API Gateway takes a request without one for JSON.
    pub(super) fn media_type(&self) -> String {
        let value = self
            .parts
            .headers
            .get(header::CONTENT_TYPE)
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let value = value
            .as_deref()
            .and_then(|value| value.split(';').next())
            .map(str::trim)
            .unwrap_or_default();
        if value.is_empty() {
            "application/json".to_owned()
        } else {
            value.to_ascii_lowercase()
        }
    }
}
