//! `states:action/StartExecution`

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{IntegrationError, role};
use crate::local::engine::{Access, Answer};

/// Largest `input` of an execution. The engine does not check it.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
const MAX_INPUT_BYTES: usize = 262_144;

pub(super) async fn start_execution(
    role_arn: &str,
    request: Bytes,
    access: &Access,
    request_id: &str,
) -> Result<Answer, IntegrationError> {
    let input = serde_json::from_slice::<Value>(&request)
        .ok()
        .and_then(|value| value["input"].as_str().map(str::len));
    if input.is_some_and(|bytes| bytes > MAX_INPUT_BYTES) {
        let message = format!(
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to {MAX_INPUT_BYTES}"
        );
        let body =
            json!({"__type": "com.amazon.coral.validate#ValidationException", "message": message})
                .to_string();
        return Ok(Answer {
            status: StatusCode::BAD_REQUEST,
            headers: HeaderMap::new(),
            body: body.into(),
        });
    }
    let credentials = role::assume(role_arn, access, request_id).await?;
    let headers = [
        ("x-amz-target", "AWSStepFunctions.StartExecution"),
        ("content-type", "application/x-amz-json-1.0"),
    ];
    Ok(access
        .post("states", &credentials, &headers, request)
        .await?)
}
