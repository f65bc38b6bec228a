//! A REST API as the gateway runs it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, StatusCode};

use super::respond::GatewayResponses;
use super::selector::Selector;
use super::throttle::Limit;
use super::validate::Model;
use crate::local::vtl::Template;

/// A REST API with its stage; everything in it was checked when it was read.
#[derive(Debug)]
pub struct Api {
    pub(super) id: String,
    /// Name of the stage, which is the first part of every path.
    pub stage: String,
    pub(super) stage_variables: BTreeMap<String, String>,
    /// By path.
    pub(super) resources: BTreeMap<String, Resource>,
    pub(super) responses: GatewayResponses,
}

impl Api {
    /// Its methods, as a client sees them.
    pub fn routes(&self) -> impl Iterator<Item = Route> {
        self.resources.iter().flat_map(move |(path, resource)| {
            resource.methods.iter().map(move |(name, method)| Route {
                method: name.clone(),
                path: format!("/{}{path}", self.stage),
                signed: method.authorization == Authorization::Iam,
                api_key: method
                    .api_keys
                    .as_ref()
                    .map(|keys| keys.first().cloned().unwrap_or_default()),
            })
        })
    }
}

/// A method of the API, and what a client has to send along to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `POST`
    pub method: String,
    /// `/prod/resize`
    pub path: String,
    /// Whether only requests with a signature are let in.
    pub signed: bool,
    /// A key that opens it, if it needs one; empty if the stack has none that does.
    pub api_key: Option<String>,
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// The methods of a path.
#[derive(Debug, Default)]
pub(super) struct Resource {
    pub(super) methods: BTreeMap<String, ApiMethod>,
}

/// A method of a path.
#[derive(Debug)]
pub(super) struct ApiMethod {
    pub(super) authorization: Authorization,
    pub(super) api_keys: Option<Vec<String>>,
    pub(super) limit: Option<Limit>,
    /// Headers and query parameters that must be there.
    pub(super) required: Vec<Parameter>,
    /// By media type; empty if bodies are not validated.
    pub(super) models: BTreeMap<String, Model>,
    pub(super) integration: Integration,
}

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authorization {
    Open,
    /// Requests signed with an identity of the account.
    Iam,
}

/// A required parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Parameter {
    Header(String),
    Query(String),
}

/// What is behind a method.
#[derive(Debug)]
pub(super) struct Integration {
    pub(super) backend: Backend,
    /// By media type.
    pub(super) templates: BTreeMap<String, Template>,
    pub(super) passthrough: Passthrough,
    pub(super) timeout: Duration,
    pub(super) responses: Vec<IntegrationResponse>,
}

/// Who answers.
#[derive(Debug)]
pub(super) enum Backend {
    /// The gateway itself: the request template names the status.
    Mock,
    /// `states:action/StartExecution`, with the identity of this role.
    StartExecution { role_arn: String },
}

/// What happens to a body without a template for its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passthrough {
    WhenNoMatch,
    WhenNoTemplates,
    Never,
}

/// What a client gets for an answer of the backend.
#[derive(Debug)]
pub(super) struct IntegrationResponse {
    pub(super) selector: Selector,
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) template: Option<Template>,
}

/// Methods of HTTP that OpenAPI can name.
pub(super) const METHODS: [(&str, Method); 7] = [
    ("delete", Method::DELETE),
    ("get", Method::GET),
    ("head", Method::HEAD),
    ("options", Method::OPTIONS),
    ("patch", Method::PATCH),
    ("post", Method::POST),
    ("put", Method::PUT),
];
