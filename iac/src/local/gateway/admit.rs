//! Whether a request may go on to the backend: who sends it, how often, and what is in it.

use std::time::{Instant, SystemTime};

use super::api::{ApiMethod, Authorization, BodyValidation, Parameter};
use super::request::ClientRequest;
use super::respond::{Refusal, ResponseType};
use super::signature;
use crate::local::engine::Access;

pub(super) fn admit(
    method: &ApiMethod,
    request: &ClientRequest<'_>,
    access: &Access,
) -> Result<(), Refusal> {
    if method.authorization == Authorization::Iam {
        let now = SystemTime::now();
        signature::verify(request.parts, request.body, &access.credentials, now)?;
    }
    if let Some(keys) = &method.api_keys {
        let key = request.header("x-api-key");
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
    check_parameters(method, request)?;
    match &method.body {
        BodyValidation::Nothing => Ok(()),
        BodyValidation::Models(models) => {
            let body: &[u8] = match request.body.as_ref() {
                // Without a body, templates and models see an empty object.
                [] => b"{}",
                body => body,
            };
            let problems = match models.get(&request.media_type()) {
                Some(model) => model.problems(body),
                None if models.is_empty() => serde_json::from_slice::<serde_json::Value>(body)
                    .err()
                    .map(|_| "[Invalid JSON]".to_owned()),
                None => None,
            };
            match problems {
                None => Ok(()),
                problems => Err(Refusal {
                    response_type: ResponseType::BadRequestBody,
                    message: None,
                    validation_error: problems,
                }),
            }
        }
    }
}

/// A required parameter has to be there and not be blank.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>
fn is_blank(value: Option<&str>) -> bool {
    value.is_none_or(|value| value.trim().is_empty())
}

fn check_parameters(method: &ApiMethod, request: &ClientRequest<'_>) -> Result<(), Refusal> {
    let is_missing = |parameter: &&Parameter| match parameter {
        Parameter::Header(name) => is_blank(request.header(name)),
        Parameter::Query(name) => is_blank(request.query_value(name)),
    };
    let missing = method.required.iter().filter(is_missing);
    let missing: Vec<&str> = missing
        .map(|parameter| match parameter {
            Parameter::Header(name) | Parameter::Query(name) => name.as_str(),
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
