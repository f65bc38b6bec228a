//! What is behind a method answers, and what becomes of its answer.

mod function;
mod mapped;
mod proxy_event;
mod proxy_response;
mod role;
mod s3;
mod states;

use axum::body::Body;
use axum::http::Response;
use thiserror::Error;

use super::api::{Api, Integration};
use super::request::ClientRequest;
use super::respond::ResponseType;
use crate::local::engine::{Access, AccessError};
use crate::local::vtl::RenderError;

/// Why a method's integration gives no answer for the client.
#[derive(Debug, Error)]
pub(super) enum IntegrationError {
    #[error("the engine does not answer")]
    Engine(#[from] AccessError),
    #[error("API Gateway may not assume {role_arn}: {answer}")]
    AssumeRole { role_arn: String, answer: String },
    #[error("no template is for the media type, and the body is not passed on")]
    MediaType,
    #[error("the body is not JSON, and the template reads a path of it")]
    NotJson(#[source] RenderError),
    #[error("a mapping template cannot be filled in")]
    Render(#[source] RenderError),
    #[error("the mock integration's request template gives no statusCode, but {0:?}")]
    Mock(String),
    #[error("no integration response is for the status {0}, and there is no default")]
    NoResponse(u16),
    #[error("the service's answer is text, the client accepts bytes, and the text is not base64")]
    NotBase64,
    #[error(
        "`{0}` is in the path of the integration, and no parameter of the request gives it a value"
    )]
    NoValue(String),
    #[error("the function's input has {bytes} bytes, and Lambda takes {limit}")]
    InputTooLarge { bytes: usize, limit: usize },
    #[error("Lambda did not invoke {function}: {status}: {answer}")]
    NotInvoked {
        function: String,
        status: u16,
        answer: String,
    },
    #[error("the function {function} failed: {answer}")]
    FunctionFailed { function: String, answer: String },
    #[error("the function {function} did not give a response for a proxy integration: {problem}")]
    Malformed {
        function: String,
        problem: &'static str,
    },
}

impl IntegrationError {
    /// What the client is told: little, as on AWS.
    pub(super) fn response_type(&self) -> ResponseType {
        match self {
            Self::Engine(_) => ResponseType::IntegrationFailure,
            Self::MediaType => ResponseType::UnsupportedMediaType,
            Self::NotJson(_) => ResponseType::BadRequestBody,
            Self::InputTooLarge { .. } => ResponseType::PayloadTooLarge,
            Self::NotInvoked { .. } => ResponseType::NotInvoked,
            Self::FunctionFailed { .. } | Self::Malformed { .. } => ResponseType::BadFunction,
            _ => ResponseType::ApiConfigurationError,
        }
    }

    /// Whether the client is to blame, so that the failure need not be told to whoever runs the API.
    pub(super) fn is_clients(&self) -> bool {
        matches!(
            self,
            Self::MediaType | Self::NotJson(_) | Self::InputTooLarge { .. }
        )
    }
}

/// Asks what is behind a method.
pub(super) async fn answer(
    api: &Api,
    integration: &Integration,
    request: &ClientRequest<'_>,
    is_validated: bool,
    access: &Access,
) -> Result<Response<Body>, IntegrationError> {
    match integration {
        Integration::Mapped(integration) => {
            mapped::answer(api, integration, request, is_validated, access).await
        }
        Integration::Function { name } => function::answer(api, name, request, access).await,
    }
}
