//! A function that answers the request itself: a Lambda proxy integration.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>

use axum::body::Body;
use axum::http::Response;
use axum::http::header::{CONTENT_TYPE, HeaderValue};

use super::{IntegrationError, proxy_event, proxy_response};
use crate::local::engine::Access;
use crate::local::gateway::api::Api;
use crate::local::gateway::request::ClientRequest;

/// Largest input of a synchronous invocation, and largest output. The engine does not check them.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MAX_INPUT_BYTES: usize = 6 * 1024 * 1024;
const MAX_OUTPUT_BYTES: usize = MAX_INPUT_BYTES + 100;

pub(super) async fn answer(
    api: &Api,
    function: &str,
    request: &ClientRequest<'_>,
    access: &Access,
) -> Result<Response<Body>, IntegrationError> {
    let event = proxy_event::of_request(request).to_string();
    if event.len() > MAX_INPUT_BYTES {
        return Err(IntegrationError::InputTooLarge {
            bytes: event.len(),
            limit: MAX_INPUT_BYTES,
        });
    }
    let answer = access.invoke(function, event.into()).await?;
    let text = || String::from_utf8_lossy(&answer.body).into_owned();
    if !answer.status.is_success() {
        return Err(IntegrationError::NotInvoked {
            function: function.to_owned(),
            status: answer.status.as_u16(),
            answer: text(),
        });
    }
    if answer.headers.contains_key("x-amz-function-error") {
        return Err(IntegrationError::FunctionFailed {
            function: function.to_owned(),
            answer: text(),
        });
    }
    let malformed = |problem| IntegrationError::Malformed {
        function: function.to_owned(),
        problem,
    };
    if answer.body.len() > MAX_OUTPUT_BYTES {
        return Err(malformed("it has more than 6 MB"));
    }
    let accepts_binary = api.binary.contain(request.header("accept"));
    let mut response = proxy_response::read(&answer.body, accepts_binary).map_err(malformed)?;
    response
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("application/json"));
    Ok(response)
}
