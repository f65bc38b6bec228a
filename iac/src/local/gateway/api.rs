//! A REST API as the gateway runs it.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::http::{HeaderName, Method, StatusCode};

use super::media_type::MediaTypes;
use super::parameters::{RequestParameter, ResponseSource};
use super::path::ResourcePath;
use super::respond::GatewayResponses;
use super::selector::Selector;
use super::throttle::Limit;
use super::validate::Model;
use crate::local::vtl::Template;

/// A REST API with its stage; everything in it was checked when it was read.
#[derive(Debug)]
pub struct Api {
    pub(super) id: String,
    pub(super) deployment_id: String,
    /// Name of the stage, which is the first part of every path.
    pub stage: String,
    pub(super) stage_variables: BTreeMap<String, String>,
    /// The better fit first.
    pub(super) resources: Vec<Resource>,
    /// Bodies of these are bytes, all others are text.
    pub(super) binary: MediaTypes,
    pub(super) responses: GatewayResponses,
}

impl Api {
    /// Its methods, as a client sees them.
    pub fn routes(&self) -> impl Iterator<Item = Route> {
        let mut resources: Vec<_> = self.resources.iter().collect();
        resources.sort_by_key(|resource| resource.path.as_str());
        resources.into_iter().flat_map(move |resource| {
            resource.methods.iter().map(move |(name, method)| Route {
                method: name.clone(),
                path: format!("/{}{}", self.stage, resource.path),
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
    /// `/prod/images/{id}`
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

/// A path and its methods.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) path: ResourcePath,
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
    pub(super) body: BodyValidation,
    pub(super) integration: Integration,
    pub(super) timeout: Duration,
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

/// What a body has to be.
#[derive(Debug)]
pub(super) enum BodyValidation {
    Nothing,
    /// What fits the model for its media type. A type without a model is not looked at; where there is
    /// no model at all, a body has to be JSON.
    Models(BTreeMap<String, Model>),
}

/// What is behind a method.
#[derive(Debug)]
pub(super) enum Integration {
    /// Answers of another service or of the gateway itself, which the document maps.
    Mapped(MappedIntegration),
    /// A function that gets the whole request and gives the whole response.
    Function { name: String },
}

/// A service, with what goes to it and what becomes of its answers.
#[derive(Debug)]
pub(super) struct MappedIntegration {
    pub(super) backend: Backend,
    /// By media type.
    pub(super) templates: BTreeMap<String, Template>,
    pub(super) passthrough: Passthrough,
    pub(super) responses: Vec<IntegrationResponse>,
}

/// Who answers.
#[derive(Debug)]
pub(super) enum Backend {
    /// The gateway itself: the request template names the status.
    Mock,
    /// `states:action/StartExecution`, with the identity of this role.
    StartExecution { role_arn: String },
    /// `s3:path/bucket/{key}`, with the identity of this role.
    S3(S3Request),
}

/// A request to S3, before its parameters are filled in.
#[derive(Debug)]
pub(super) struct S3Request {
    pub(super) role_arn: String,
    pub(super) method: Method,
    /// `/bucket/uploads/{key}`
    pub(super) path: String,
    pub(super) parameters: Vec<RequestParameter>,
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
    pub(super) headers: Vec<(HeaderName, ResponseSource)>,
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
