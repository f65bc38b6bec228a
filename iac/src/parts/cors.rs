//! Requests from pages of other origins.

use std::fmt;

use lambda::cors::{
    ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, MAX_AGE, MAX_AGE_SECONDS, REQUEST_HEADERS,
};

use crate::cfn::Problem;
use crate::openapi::{Header, Integration, IntegrationResponse, Method, Operation, Response};

/// Whether a page in a browser may call the API.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cors {
    /// No page of another origin may.
    #[default]
    Off,
    /// Pages of one origin may.
    Origin(Origin),
    /// Every page may.
    AnyOrigin,
}

/// An origin, such as `https://photos.example.com`: scheme, host and perhaps a port.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6454#section-7>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Takes an origin as a browser sends it.
    ///
    /// # Errors
    /// Anything else: a path or a slash at the end, which no browser sends, or a character that would
    /// end the header's quotes.
    pub fn new(origin: &str) -> Result<Self, Problem> {
        let host = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let is_authority = |authority: &str| {
            let (host, port) = authority.split_once(':').unwrap_or((authority, "1"));
            let is_host = |c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-');
            !host.is_empty()
                && host.chars().all(is_host)
                && port.parse::<u16>().is_ok_and(|port| port > 0)
        };
        if host.is_some_and(is_authority) {
            Ok(Self(origin.to_owned()))
        } else {
            Err(Problem::new(
                origin,
                "is no origin: write it as https://host or https://host:port, in lowercase and without a slash at the end",
            ))
        }
    }

    /// A server on this machine, under both of its names.
    #[must_use]
    pub fn local(port: u16) -> [Self; 2] {
        ["localhost", "127.0.0.1"].map(|host| Self(format!("http://{host}:{port}")))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Cors {
    /// The headers of every answer.
    #[must_use]
    pub fn headers(&self) -> Vec<Header> {
        match self {
            Self::Off => Vec::new(),
            Self::Origin(origin) => vec![(ALLOW_ORIGIN, origin.0.as_str().into()), vary()],
            Self::AnyOrigin => vec![(ALLOW_ORIGIN, "*".into())],
        }
    }

    /// The preflight of a resource with one method, or nothing where CORS is off.
    #[must_use]
    pub fn preflight(&self, operation_id: &str, allowed: &str) -> Option<Operation> {
        let headers = self.headers();
        (!headers.is_empty()).then(|| preflight(headers, operation_id, allowed))
    }
}

/// The answer is for one origin: a cache must not hand it to another.
fn vary() -> Header {
    ("Vary", "Origin".into())
}

/// A preflight that API Gateway answers by itself.
pub(super) fn preflight(mut headers: Vec<Header>, operation_id: &str, allowed: &str) -> Operation {
    headers.extend([
        (ALLOW_METHODS, format!("{allowed},OPTIONS").into()),
        (ALLOW_HEADERS, REQUEST_HEADERS.into()),
        (MAX_AGE, MAX_AGE_SECONDS.to_string().into()),
    ]);
    let answer = Response {
        headers: headers.iter().map(|(name, _)| *name).collect(),
        ..Response::new(204, "What a page may send", None)
    };
    let integration = Integration::mock().respond(IntegrationResponse {
        status: 204,
        template: None,
        headers,
    });
    Operation::new(
        Method::Options,
        operation_id,
        "Answers a browser that asks whether a page may call",
        integration,
    )
    .answers(answer)
    .unsecured()
}
