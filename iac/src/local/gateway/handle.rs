//! One request, from its first byte to its answer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::sync::mpsc::UnboundedSender;

use super::api::{Api, ApiMethod, Authorization, Parameter, Passthrough};
use super::integrate::{self, IntegrationError};
use super::respond::{Refusal, ResponseType};
use super::{context, signature};
use crate::local::engine::Access;
use crate::local::vtl::{Message, RenderError};

/// Largest payload of a REST API.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// Largest request line and header values together, from the same page.
const MAX_HEAD_BYTES: usize = 10_240;

/// A client that is cut off while it sends does not see the answer, so a little more is read and dropped.
const MAX_DRAINED_BYTES: usize = 64 * 1024 * 1024;

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
        let request_id = request_id();
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
        let resource = self.resource_path(parts.uri.path());
        let resource = resource.as_deref();
        let user_agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let context = context::of_request(
            &self.api,
            request_id,
            parts.method.as_str(),
            resource.unwrap_or_default(),
            user_agent,
        );
        let refuse = |refusal: Refusal| Outcome {
            response: self.api.responses.respond(&refusal, &context),
            failure: None,
        };
        let body = match read(body).await {
            Ok(_) if head_bytes(parts) > MAX_HEAD_BYTES => {
                return refuse(ResponseType::HeadersTooLarge.into());
            }
            Ok(body) => body,
            Err(response_type) => return refuse(response_type.into()),
        };
        let method = resource.and_then(|path| {
            self.api
                .resources
                .get(path)?
                .methods
                .get(parts.method.as_str())
        });
        let Some(method) = method else {
            // API Gateway takes a path it does not know for one of its own, which would need a signature.
            return refuse(ResponseType::MissingAuthenticationToken.into());
        };
        match self.admit(method, parts, &body) {
            Ok(()) => {}
            Err(refusal) => return refuse(refusal),
        }
        match tokio::time::timeout(
            method.integration.timeout,
            self.integrate(method, parts, &body, &context),
        )
        .await
        {
            Err(_) => refuse(ResponseType::IntegrationTimeout.into()),
            Ok(Ok(Some(response))) => Outcome {
                response,
                failure: None,
            },
            Ok(Ok(None)) => refuse(ResponseType::UnsupportedMediaType.into()),
            Ok(Err(error)) => {
                let response_type = match &error {
                    IntegrationError::Engine(_) => ResponseType::IntegrationFailure,
                    IntegrationError::Render(RenderError::NotJson(_))
                        if method.models.is_empty() =>
                    {
                        ResponseType::BadRequestBody
                    }
                    _ => ResponseType::ApiConfigurationError,
                };
                Outcome {
                    failure: Some(crate::local::causes::with_causes(&error)),
                    ..refuse(response_type.into())
                }
            }
        }
    }

    /// The path without the stage, decoded: `/prod/%72esize` is `/resize`.
    fn resource_path(&self, path: &str) -> Option<String> {
        let path = decoded(path)?;
        let rest = path
            .strip_prefix('/')?
            .strip_prefix(self.api.stage.as_str())?;
        let resource = if rest.is_empty() { "/" } else { rest };
        // API Gateway takes `/resize/` for `/resize`.
        let trimmed = resource
            .strip_suffix('/')
            .filter(|trimmed| !trimmed.is_empty())
            .unwrap_or(resource);
        trimmed.starts_with('/').then(|| trimmed.to_owned())
    }

    /// Whether the request may go on to the backend: who sends it, how often, and what is in it.
    fn admit(&self, method: &ApiMethod, parts: &Parts, body: &Bytes) -> Result<(), Refusal> {
        if method.authorization == Authorization::Iam {
            signature::verify(parts, body, &self.access.credentials, SystemTime::now())?;
        }
        if let Some(keys) = &method.api_keys {
            let key = parts
                .headers
                .get("x-api-key")
                .and_then(|value| value.to_str().ok());
            if !key.is_some_and(|key| keys.iter().any(|known| known == key)) {
                return Err(ResponseType::InvalidApiKey.into());
            }
        }
        if method
            .limit
            .as_ref()
            .is_some_and(|limit| !limit.admit(Instant::now()))
        {
            return Err(ResponseType::Throttled.into());
        }
        check_parameters(method, parts)?;
        if let Some(model) = method.models.get(&media_type(parts)) {
            // Without a body, templates and models see an empty object.
            let body: &[u8] = if body.is_empty() { b"{}" } else { body };
            if let Some(problems) = model.problems(body) {
                return Err(Refusal {
                    response_type: ResponseType::BadRequestBody,
                    message: None,
                    validation_error: Some(problems),
                });
            }
        }
        Ok(())
    }

    /// The backend's answer as the API shows it; `None` where the media type has no template.
    async fn integrate(
        &self,
        method: &ApiMethod,
        parts: &Parts,
        body: &Bytes,
        context: &BTreeMap<String, String>,
    ) -> Result<Option<Response<Body>>, IntegrationError> {
        let integration = &method.integration;
        let text = String::from_utf8_lossy(body);
        let message = Message {
            body: &text,
            context,
            stage_variables: &self.api.stage_variables,
        };
        let passes = match integration.passthrough {
            Passthrough::Never => false,
            Passthrough::WhenNoTemplates => integration.templates.is_empty(),
            Passthrough::WhenNoMatch => true,
        };
        let request = match integration.templates.get(&media_type(parts)) {
            Some(template) => template.render(&message)?,
            None if passes => text.into_owned(),
            None => return Ok(None),
        };
        let request_id = context.get("requestId").map_or("", String::as_str);
        let answer = integrate::call(integration, request, &self.access, request_id).await?;
        let response = integrate::respond(&self.api, integration, &answer, context)?;
        Ok(Some(response))
    }
}

struct Outcome {
    response: Response<Body>,
    failure: Option<String>,
}

async fn read(body: Body) -> Result<Bytes, ResponseType> {
    let mut body = Limited::new(body, MAX_DRAINED_BYTES);
    let mut read = Vec::new();
    let mut too_large = false;
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(ResponseType::RequestTooLarge);
            }
            // It breaks off, or is not in chunks as it says it is.
            Err(_) => return Err(ResponseType::Unreadable),
        };
        if let Some(data) = frame.data_ref() {
            too_large |= read.len() + data.len() > MAX_BODY_BYTES;
            if !too_large {
                read.extend_from_slice(data);
            }
        }
    }
    if too_large {
        Err(ResponseType::RequestTooLarge)
    } else {
        Ok(read.into())
    }
}

/// Size of the request line and the header values together.
fn head_bytes(parts: &Parts) -> usize {
    let line = format!("{} {} {:?}", parts.method, parts.uri, parts.version);
    parts
        .headers
        .values()
        .fold(line.len(), |sum, value| sum + value.len())
}

/// A path with what is behind its `%` signs; none if that is no text, or a slash that parts nothing.
fn decoded(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let byte = u8::from_str_radix(digits, 16).ok()?;
        if !is_hexadecimal || byte == b'/' {
            return None;
        }
        bytes.push(byte);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn check_parameters(method: &ApiMethod, parts: &Parts) -> Result<(), Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let missing: Vec<&str> = method
        .required
        .iter()
        .filter_map(|parameter| match parameter {
            Parameter::Header(name) => (!parts.headers.contains_key(name)).then_some(name.as_str()),
            Parameter::Query(name) => {
                let is_there = query
                    .split('&')
                    .any(|pair| pair.split_once('=').map_or(pair, |(key, _)| key) == name);
                (!is_there).then_some(name.as_str())
            }
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!(
        "Missing required request parameters: [{}]",
        missing.join(", ")
    );
    Err(Refusal {
        response_type: ResponseType::BadRequestParameters,
        message: Some(message),
        validation_error: None,
    })
}

/// The media type without its parameters. API Gateway takes a request without one for JSON.
fn media_type(parts: &Parts) -> String {
    let value = parts
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

/// An id of the form that API Gateway gives: a UUID.
fn request_id() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let [high, low] = [0, 1].map(|half: u8| RandomState::new().hash_one(half));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn decodes_text_only() {
        assert_eq!(decoded("/prod/%72esiz%65").as_deref(), Some("/prod/resize"));
        assert_eq!(decoded("/%F0%9f%98%80").as_deref(), Some("/😀"));
        for path in ["/a%2Fb", "/a%", "/a%7", "/a%zz", "/a%+1", "/%ff", "/%é"] {
            assert_eq!(decoded(path), None, "{path}");
        }
    }
}
