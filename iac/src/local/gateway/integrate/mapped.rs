//! Integrations whose requests and answers the document maps.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, header};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;

use super::{IntegrationError, s3, states};
use crate::local::engine::{Access, Answer};
use crate::local::gateway::api::{Api, Backend, MappedIntegration, Passthrough};
use crate::local::gateway::parameters::ResponseSource;
use crate::local::gateway::request::ClientRequest;
use crate::local::gateway::respond::json_response;
use crate::local::gateway::selector::Selector;
use crate::local::vtl::{Message, RenderError};

pub(super) async fn answer(
    api: &Api,
    integration: &MappedIntegration,
    request: &ClientRequest<'_>,
    is_validated: bool,
    access: &Access,
) -> Result<Response<Body>, IntegrationError> {
    let body = outgoing(integration, request, is_validated)?;
    let answer = match &integration.backend {
        Backend::Mock => mock(&body)?,
        Backend::StartExecution { role_arn } => {
            states::start_execution(role_arn, body, access, request.id()).await?
        }
        Backend::S3(call) => s3::send(call, request, body, access).await?,
    };
    respond(api, integration, request, &answer)
}

/// The body for the backend. Text goes through a template, or not at all; bytes can only be passed on.
/// What is no UTF-8 in a text is replaced, as on AWS, which ruins bytes under a type that is not binary.
fn outgoing(
    integration: &MappedIntegration,
    request: &ClientRequest<'_>,
    is_validated: bool,
) -> Result<Bytes, IntegrationError> {
    let passes = match integration.passthrough {
        Passthrough::Never => false,
        Passthrough::WhenNoTemplates => integration.templates.is_empty(),
        Passthrough::WhenNoMatch => true,
    };
    let text = String::from_utf8_lossy(request.body);
    match integration.templates.get(&request.media_type()) {
        Some(template) => {
            let message = Message {
                body: &text,
                context: request.context,
                stage_variables: request.stage_variables,
                parameters: &request.parameters(),
            };
            let rendered = template.render(&message).map_err(|error| match error {
                // A body that was validated is JSON, so then it is the template's fault.
                RenderError::NotJson(_) if !is_validated => IntegrationError::NotJson(error),
                _ => IntegrationError::Render(error),
            })?;
            Ok(rendered.into())
        }
        None if passes && request.is_binary => Ok(request.body.clone()),
        None if passes => Ok(text.into_owned().into()),
        None => Err(IntegrationError::MediaType),
    }
}

/// The request template names the status.
fn mock(body: &Bytes) -> Result<Answer, IntegrationError> {
    let status = serde_json::from_slice::<Value>(body)
        .ok()
        .and_then(|value| value["statusCode"].as_u64())
        .and_then(|status| axum::http::StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    match status {
        Some(status) => Ok(Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }),
        None => Err(IntegrationError::Mock(
            String::from_utf8_lossy(body).into_owned(),
        )),
    }
}

/// Makes the client's response of the backend's answer.
fn respond(
    api: &Api,
    integration: &MappedIntegration,
    request: &ClientRequest<'_>,
    answer: &Answer,
) -> Result<Response<Body>, IntegrationError> {
    let find = |fits: &dyn Fn(&Selector) -> bool| {
        let mut responses = integration.responses.iter();
        responses.find(|response| fits(&response.selector))
    };
    let status = answer.status.as_u16();
    let chosen = find(&|selector| selector.matches(status))
        .or_else(|| find(&|selector| *selector == Selector::Default))
        .ok_or(IntegrationError::NoResponse(status))?;
    let body = converted(api, request, answer)?;
    let body = match &chosen.template {
        Some(template) => {
            let message = Message {
                body: &String::from_utf8_lossy(&body),
                context: request.context,
                stage_variables: request.stage_variables,
                parameters: &request.parameters(),
            };
            Bytes::from(
                template
                    .render(&message)
                    .map_err(IntegrationError::Render)?,
            )
        }
        None => body,
    };
    let mut response = json_response(chosen.status, body);
    for (name, source) in &chosen.headers {
        let value = match source {
            ResponseSource::Fixed(value) => Some(value.clone()),
            ResponseSource::Header(name) => answer.headers.get(name).cloned(),
            ResponseSource::Context(name) => request
                .context
                .get(name)
                .and_then(|value| HeaderValue::from_str(value).ok()),
        };
        if let Some(value) = value {
            response.headers_mut().insert(name.clone(), value);
        }
    }
    Ok(response)
}

/// Bytes to text or text to bytes, by what came and what the client accepts.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html>
fn converted(
    api: &Api,
    request: &ClientRequest<'_>,
    answer: &Answer,
) -> Result<Bytes, IntegrationError> {
    let content_type = answer.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let came_binary = api.binary.contain(content_type);
    let wants_binary = api.binary.contain(request.header("accept"));
    match (came_binary, wants_binary) {
        (true, true) => Ok(answer.body.clone()),
        (true, false) => Ok(BASE64_STANDARD.encode(&answer.body).into()),
        (false, false) => Ok(String::from_utf8_lossy(&answer.body).into_owned().into()),
        (false, true) => std::str::from_utf8(&answer.body)
            .ok()
            .and_then(|text| BASE64_STANDARD.decode(text).ok())
            .map(Bytes::from)
            .ok_or(IntegrationError::NotBase64),
    }
}
