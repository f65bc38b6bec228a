//! One request, from its first byte to its answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use tokio::sync::mpsc::UnboundedSender;

use super::api::{Api, ApiMethod, BodyValidation};
use super::encoding::{percent_decoded, percent_decoded_text, query_pairs};
use super::request::ClientRequest;
use super::respond::{Refusal, ResponseType};
use super::{admit, body, context, integrate};
use crate::local::causes::with_causes;
use crate::local::engine::Access;

/// Largest request line and header values together.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
const MAX_HEAD_BYTES: usize = 10_240;

/// A running API.
#[derive(Debug)]
pub struct Gateway {
    /// What it serves.
    pub api: Api,
    access: Access,
    observer: UnboundedSender<Exchange>,
}

/// What the gateway did with one request.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `POST /prod/resize`
    pub request: String,
    /// The answer's status.
    pub status: StatusCode,
    /// The request's id, as in `x-amzn-RequestId`.
    pub request_id: String,
    /// From the first byte of the request to the last of the answer.
    pub milliseconds: u128,
    /// Why an integration failed; a client is told no more than that it did.
    pub failure: Option<String>,
}

impl Gateway {
    /// An API in front of an engine. Every exchange is told to `observer`.
    pub fn new(api: Api, access: Access, observer: UnboundedSender<Exchange>) -> Arc<Self> {
        Arc::new(Self {
            api,
            access,
            observer,
        })
    }

    /// Answers a request.
    pub async fn handle(&self, request: Request<Body>) -> Response<Body> {
        let start = Instant::now();
        let request_id = context::request_id();
        let line: String = format!("{} {}", request.method(), request.uri().path())
            .chars()
            .take(200)
            .collect();
        let (parts, body) = request.into_parts();
        let outcome = self.answer(&parts, body, &request_id).await;
        let failure = outcome.failure;
        let mut response = outcome.response;
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("x-amzn-requestid", value);
        }
        let milliseconds = start.elapsed().as_millis();
        // Nobody listens while the program ends.
        let _ = self.observer.send(Exchange {
            request: line,
            status: response.status(),
            request_id,
            milliseconds,
            failure,
        });
        response
    }

    async fn answer(&self, parts: &Parts, body: Body, request_id: &str) -> Outcome {
        let path = self.path(parts.uri.path());
        let found = path.and_then(|path| self.find(parts, path));
        let resource = found.as_ref().map_or("", |found| found.resource);
        let context = context::of_request(&self.api, request_id, parts, resource);
        let refuse = |refusal: Refusal| Outcome {
            response: self.api.responses.respond(&refusal, &context),
            failure: None,
        };
        let body = match body::read(body).await {
            Ok(_) if head_bytes(parts) > MAX_HEAD_BYTES => {
                return refuse(ResponseType::HeadersTooLarge.into());
            }
            Ok(body) => body,
            Err(response_type) => return refuse(response_type.into()),
        };
        let query = parts.uri.query().unwrap_or_default();
        if query.contains(['|', '{', '}']) {
            return refuse(ResponseType::Unreadable.into());
        }
        let Some(found) = found else {
            // API Gateway takes a path it does not know for one of its own, which would need a signature.
            return refuse(ResponseType::MissingAuthenticationToken.into());
        };
        let mut values = found.path_parameters.values();
        if values.any(|value| percent_decoded(value).is_none()) {
            return refuse(ResponseType::Unreadable.into());
        }
        let mut request = ClientRequest {
            parts,
            body: &body,
            resource: found.resource,
            path: path.unwrap_or_default(),
            path_parameters: found.path_parameters,
            query: query_pairs(query),
            is_binary: false,
            context: &context,
            stage_variables: &self.api.stage_variables,
        };
        request.is_binary = self.api.binary.contain(request.header("content-type"));
        match admit::admit(found.method, &request, &self.access) {
            Ok(()) => self.integrate(found.method, &request, &refuse).await,
            Err(refusal) => refuse(refusal),
        }
    }

    async fn integrate(
        &self,
        method: &ApiMethod,
        request: &ClientRequest<'_>,
        refuse: &impl Fn(Refusal) -> Outcome,
    ) -> Outcome {
        let is_validated = matches!(method.body, BodyValidation::Models(_));
        let answer = integrate::answer(
            &self.api,
            &method.integration,
            request,
            is_validated,
            &self.access,
        );
        match tokio::time::timeout(method.timeout, answer).await {
            Ok(Ok(response)) => Outcome {
                response,
                failure: None,
            },
            Ok(Err(error)) => Outcome {
                failure: (!error.is_clients()).then(|| with_causes(&error)),
                ..refuse(error.response_type().into())
            },
            Err(_) => Outcome {
                failure: Some(format!("no answer within {:?}", method.timeout)),
                ..refuse(ResponseType::IntegrationTimeout.into())
            },
        }
    }

    /// The path without the stage, however the stage's name is encoded.
    fn path<'p>(&self, path: &'p str) -> Option<&'p str> {
        let rest = path.strip_prefix('/')?;
        let end = rest.find('/').unwrap_or(rest.len());
        let (stage, rest) = rest.split_at(end);
        percent_decoded_text(stage).filter(|stage| *stage == self.api.stage)?;
        // Several slashes after the stage are one.
        let rest = rest.trim_start_matches('/');
        let from = path.len() - rest.len();
        if rest.is_empty() {
            Some("/")
        } else {
            path.get(from - 1..)
        }
    }

    /// The resource that fits a path best, if it has the method.
    fn find(&self, parts: &Parts, path: &str) -> Option<Found<'_>> {
        // API Gateway takes `/resize/` for `/resize`.
        let trimmed = path
            .strip_suffix('/')
            .filter(|trimmed| !trimmed.is_empty())
            .unwrap_or(path);
        let mut resources = self.api.resources.iter();
        let (resource, path_parameters) =
            resources.find_map(|resource| Some((resource, resource.path.matches(trimmed)?)))?;
        Some(Found {
            method: resource.methods.get(parts.method.as_str())?,
            resource: resource.path.as_str(),
            path_parameters,
        })
    }
}

/// What a request is for.
struct Found<'a> {
    method: &'a ApiMethod,
    resource: &'a str,
    path_parameters: BTreeMap<String, String>,
}

struct Outcome {
    response: Response<Body>,
    failure: Option<String>,
}

/// Size of the request line and the header values together.
fn head_bytes(parts: &Parts) -> usize {
    let line = format!("{} {} {:?}", parts.method, parts.uri, parts.version);
    parts
        .headers
        .values()
        .fold(line.len(), |sum, value| sum + value.len())
}
