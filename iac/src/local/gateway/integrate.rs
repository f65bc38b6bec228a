//! What a backend answers, and what becomes of it.

use std::collections::BTreeMap;

use aws_sdk_s3::config::Credentials;
use axum::body::{Body, Bytes};
use axum::http::Response;
use serde_json::{Value, json};
use thiserror::Error;

use super::api::{Api, Backend, Integration};
use super::respond::json_response;
use crate::local::engine::{Access, AccessError, Answer};
use crate::local::vtl::{Message, RenderError};

/// Largest `input` of an execution. The engine does not check it.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
const MAX_INPUT_BYTES: usize = 262_144;

/// Why an integration failed before or after its backend answered.
#[derive(Debug, Error)]
pub(super) enum IntegrationError {
    #[error("the engine does not answer")]
    Engine(#[from] AccessError),
    #[error("API Gateway may not assume {role_arn}: {answer}")]
    AssumeRole { role_arn: String, answer: String },
    #[error("a mapping template cannot be filled in")]
    Render(#[from] RenderError),
    #[error("the mock integration's request template gives no statusCode, but {0:?}")]
    Mock(String),
    #[error("no integration response is for the status {0}, and there is no default")]
    NoResponse(u16),
}

/// The answer of a backend.
pub(super) struct Backends {
    pub(super) status: u16,
    pub(super) body: Bytes,
}

/// Hands a rendered request to the backend.
pub(super) async fn call(
    integration: &Integration,
    request: String,
    access: &Access,
    request_id: &str,
) -> Result<Backends, IntegrationError> {
    match &integration.backend {
        Backend::Mock => {
            let status = serde_json::from_str::<Value>(&request)
                .ok()
                .and_then(|value| value["statusCode"].as_u64());
            let status = status
                .and_then(|status| u16::try_from(status).ok())
                .ok_or(IntegrationError::Mock(request))?;
            Ok(Backends {
                status,
                body: Bytes::new(),
            })
        }
        Backend::StartExecution { role_arn } => {
            start_execution(role_arn, request, access, request_id).await
        }
    }
}

async fn start_execution(
    role_arn: &str,
    request: String,
    access: &Access,
    request_id: &str,
) -> Result<Backends, IntegrationError> {
    let input = serde_json::from_str::<Value>(&request)
        .ok()
        .and_then(|value| value["input"].as_str().map(str::len));
    if input.is_some_and(|bytes| bytes > MAX_INPUT_BYTES) {
        let message = format!(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to {MAX_INPUT_BYTES}"
        );
        let body =
            json!({"__type": "com.amazon.coral.validate#ValidationException", "message": message})
                .to_string();
        return Ok(Backends {
            status: 400,
            body: body.into(),
        });
    }
    let credentials = assume_role(role_arn, access, request_id).await?;
    let headers = [
        ("x-amz-target", "AWSStepFunctions.StartExecution"),
        ("content-type", "application/x-amz-json-1.0"),
    ];
    let answer = access
        .post("states", &credentials, &headers, request.into())
        .await?;
    Ok(Backends {
        status: answer.status.as_u16(),
        body: answer.body,
    })
}

/// Takes on the role as API Gateway does, once for every request: a permission that was just taken away
/// is gone at once.
async fn assume_role(
    role_arn: &str,
    access: &Access,
    session: &str,
) -> Result<Credentials, IntegrationError> {
    let body = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleArn={role_arn}&RoleSessionName={session}"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let Answer { status, body } = access
        .post("sts", &access.credentials, &headers, body.into())
        .await?;
    let text = String::from_utf8_lossy(&body);
    let field = |name: &str| {
        Some(
            text.split_once(&format!("<{name}>"))?
                .1
                .split_once('<')?
                .0
                .to_owned(),
        )
    };
    match (
        field("AccessKeyId"),
        field("SecretAccessKey"),
        field("SessionToken"),
    ) {
        (Some(key), Some(secret), token @ Some(_)) if status.is_success() => {
            Ok(Credentials::new(key, secret, token, None, "assumed role"))
        }
        _ => Err(IntegrationError::AssumeRole {
            role_arn: role_arn.to_owned(),
            answer: text.into_owned(),
        }),
    }
}

/// Makes the client's response of the backend's answer.
pub(super) fn respond(
    api: &Api,
    integration: &Integration,
    answer: &Backends,
    context: &BTreeMap<String, String>,
) -> Result<Response<Body>, IntegrationError> {
    let default = || {
        integration
            .responses
            .iter()
            .find(|response| response.selector == super::selector::Selector::Default)
    };
    let chosen = integration
        .responses
        .iter()
        .find(|response| response.selector.matches(answer.status));
    let chosen = chosen
        .or_else(default)
        .ok_or(IntegrationError::NoResponse(answer.status))?;
    let body = match &chosen.template {
        Some(template) => {
            let text = String::from_utf8_lossy(&answer.body);
            let message = Message {
                body: &text,
                context,
                stage_variables: &api.stage_variables,
            };
            Bytes::from(template.render(&message)?)
        }
        None => answer.body.clone(),
    };
    let mut response = json_response(chosen.status, body);
    for (name, value) in &chosen.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    Ok(response)
}
