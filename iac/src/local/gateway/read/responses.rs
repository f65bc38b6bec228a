//! Responses: of an integration, and of the gateway itself.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use super::{Problems, integration};
use crate::local::gateway::api::IntegrationResponse;
use crate::local::gateway::parameters::{ResponseSource, fixed};
use crate::local::gateway::respond::{
    GatewayResponse, GatewayResponses, SimpleTemplate, TYPE_NAMES,
};
use crate::local::gateway::selector::Selector;

const JSON: &str = "application/json";

pub(super) fn integration_responses(
    problems: &mut Problems,
    place: &str,
    integration: &Value,
    declared: &Value,
) -> Vec<IntegrationResponse> {
    let mut responses = Vec::new();
    for (pattern, response) in integration["responses"].as_object().into_iter().flatten() {
        let place = format!("{place}, response `{pattern}`");
        problems.fields(
            &place,
            response,
            &[
                "contentHandling",
                "responseParameters",
                "responseTemplates",
                "statusCode",
            ],
        );
        // Answers are text here, whatever the client would rather have.
        let handling = &response["contentHandling"];
        if !handling.is_null() && handling != "CONVERT_TO_TEXT" {
            problems.add(
                &place,
                "only `contentHandling: CONVERT_TO_TEXT` is supported",
            );
        }
        let Some(selector) = Selector::parse(pattern) else {
            problems.add(&place, "the pattern is not supported");
            continue;
        };
        let status = status(problems, &place, &response["statusCode"]).unwrap_or(StatusCode::OK);
        let declared = &declared[status.as_str()];
        if declared.is_null() {
            problems.add(
                &place,
                format!("the method declares no response {}", status.as_str()),
            );
        }
        let headers = mapped_headers(problems, &place, &response["responseParameters"]);
        for (name, _) in &headers {
            let names = declared["headers"].as_object().into_iter().flatten();
            if !names
                .into_iter()
                .any(|(declared, _)| declared.eq_ignore_ascii_case(name.as_str()))
            {
                problems.add(
                    &place,
                    format!(
                        "the method's response {} declares no header `{name}`",
                        status.as_str()
                    ),
                );
            }
        }
        let mut templates =
            integration::templates(problems, &place, &response["responseTemplates"]);
        let template = templates.remove(JSON);
        for media_type in templates.keys() {
            problems.add(
                &place,
                format!("a response template for {media_type} is not supported"),
            );
        }
        responses.push(IntegrationResponse {
            selector,
            status,
            headers,
            template,
        });
    }
    if responses.is_empty() {
        problems.add(place, "the integration has no responses");
    }
    responses
}

pub(super) fn gateway_responses(problems: &mut Problems, value: &Value) -> GatewayResponses {
    let mut responses = GatewayResponses::default();
    for (name, response) in value.as_object().into_iter().flatten() {
        let place = format!("gateway response {name}");
        if !TYPE_NAMES.contains(&name.as_str()) {
            problems.add(&place, "there is no such type");
        }
        problems.fields(
            &place,
            response,
            &["responseParameters", "responseTemplates", "statusCode"],
        );
        let template = response["responseTemplates"][JSON]
            .as_str()
            .and_then(|text| match SimpleTemplate::parse(text) {
                Ok(template) => Some(template),
                Err(variable) => {
                    problems.add(
                        &place,
                        format!("the variable `{variable}` is not supported"),
                    );
                    None
                }
            });
        for media_type in response["responseTemplates"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            if media_type != JSON {
                problems.add(
                    &place,
                    format!("a template for {media_type} is not supported"),
                );
            }
        }
        let response = GatewayResponse {
            status: (!response["statusCode"].is_null())
                .then(|| status(problems, &place, &response["statusCode"]))
                .flatten(),
            headers: fixed_headers(problems, &place, &response["responseParameters"]),
            template,
        };
        responses.by_type.insert(name.clone(), response);
    }
    responses
}

fn status(problems: &mut Problems, place: &str, value: &Value) -> Option<StatusCode> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let status = number.and_then(|number| StatusCode::from_u16(u16::try_from(number).ok()?).ok());
    if status.is_none() {
        problems.add(place, format!("`{value}` is no status code"));
    }
    status
}

/// Headers of an integration's response.
fn mapped_headers(
    problems: &mut Problems,
    place: &str,
    value: &Value,
) -> Vec<(HeaderName, ResponseSource)> {
    let mut headers = Vec::new();
    for (target, source) in value.as_object().into_iter().flatten() {
        let name = target
            .strip_prefix("method.response.header.")
            .and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        match (
            name,
            ResponseSource::parse(source.as_str().unwrap_or_default()),
        ) {
            (Some(name), Ok(source)) => headers.push((name, source)),
            (Some(_), Err(problem)) => problems.add(place, format!("`{target}`: {problem}")),
            (None, _) => problems.add(place, format!("`{target}` is no header of a response")),
        }
    }
    headers
}

/// Headers with fixed values, which stand in quotes: `'*'`.
fn fixed_headers(
    problems: &mut Problems,
    place: &str,
    value: &Value,
) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = Vec::new();
    for (target, source) in value.as_object().into_iter().flatten() {
        let name = target
            .strip_prefix("gatewayresponse.header.")
            .and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        let fixed = source.as_str().and_then(fixed);
        match (name, fixed.and_then(|text| HeaderValue::from_str(text).ok())) {
            (Some(name), Some(value)) => headers.push((name, value)),
            _ => problems.add(place, format!("`{target}` from {source} is not supported: only a header with a fixed value in single quotes is")),
        }
    }
    headers
}
