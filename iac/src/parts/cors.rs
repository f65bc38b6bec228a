//! Requests from pages of other origins.

use crate::openapi::{Integration, IntegrationResponse, Method, Operation, Response};

/// Whether a page in a browser may call the API.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cors {
    /// No page of another origin may.
    #[default]
    Off,
    /// Pages of one origin may, such as `https://photos.example.com`.
    Origin(String),
    /// Every page may.
    AnyOrigin,
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
                (ALLOW_ORIGIN, origin.clone()),
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
