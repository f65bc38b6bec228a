//! Requests from pages of other origins.

use crate::cfn::Problem;
use crate::openapi::{Integration, IntegrationResponse, Method, Operation, Response};

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
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const MAX_AGE: &str = "Access-Control-Max-Age";

/// What a page may send: a JSON body, a key, a signature.
const HEADERS: &str = "Content-Type,X-Api-Key,Authorization,X-Amz-Date,X-Amz-Security-Token";

impl Cors {
    /// The headers of every answer.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Off => Vec::new(),
            Self::Origin(origin) => vec![
                (ALLOW_ORIGIN, origin.0.clone()),
                // The answer is for one origin: a cache must not hand it to another.
                ("Vary", "Origin".to_owned()),
            ],
            Self::AnyOrigin => vec![(ALLOW_ORIGIN, "*".to_owned())],
        }
    }

    /// The preflight of a resource with one method, or nothing where CORS is off.
    #[must_use]
    pub fn preflight(&self, operation_id: &str, allowed: &str) -> Option<Operation> {
        let mut headers = self.headers();
        if headers.is_empty() {
            return None;
        }
        headers.extend([
            (ALLOW_METHODS, format!("{allowed},OPTIONS")),
            (ALLOW_HEADERS, HEADERS.to_owned()),
            (MAX_AGE, "600".to_owned()),
        ]);
        let names = headers.iter().map(|(name, _)| *name).collect();
        Some(Operation {
            method: Method::Options,
            operation_id: operation_id.to_owned(),
            summary: "Answers a browser that asks whether a page may call".to_owned(),
            request: None,
            responses: vec![Response {
                status: 204,
                description: "What a page may send".to_owned(),
                model: None,
                headers: names,
            }],
            secured: false,
            integration: Integration::mock().respond(IntegrationResponse {
                status: 204,
                template: None,
                headers,
            }),
        })
    }
}
