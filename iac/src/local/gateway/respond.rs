//! What a client gets when the gateway itself answers.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;

use crate::local::vtl::CONTEXT;

/// Why the gateway answers itself.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ResponseType {
    ApiConfigurationError,
    BadFunction,
    BadRequestBody,
    BadRequestParameters,
    HeadersTooLarge,
    IntegrationFailure,
    IntegrationTimeout,
    InvalidApiKey,
    InvalidSignature,
    MissingAuthenticationToken,
    NotInvoked,
    PayloadTooLarge,
    RequestTooLarge,
    Throttled,
    Unreadable,
    UnsupportedMediaType,
}

impl ResponseType {
    /// Name in the API, status, message and `x-amzn-ErrorType` if the API does not change them.
    fn facts(self) -> (&'static str, u16, &'static str, &'static str) {
        match self {
            Self::ApiConfigurationError => (
                "API_CONFIGURATION_ERROR",
                500,
                "Internal server error",
                "InternalServerErrorException",
            ),
            // A function that fails or gives no proper response; one that Lambda does not invoke.
            // Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html>
            Self::BadFunction => (
                "DEFAULT_5XX",
                502,
                "Internal server error",
                "InternalServerErrorException",
            ),
            Self::NotInvoked => (
                "DEFAULT_5XX",
                500,
                "Internal server error",
                "InternalServerErrorException",
            ),
            // The status is AWS's; the name of its type and its words are unverified.
            Self::PayloadTooLarge => (
                "REQUEST_TOO_LARGE",
                413,
                "Request Too Long",
                "RequestTooLargeException",
            ),
            Self::BadRequestBody => (
                "BAD_REQUEST_BODY",
                400,
                "Invalid request body",
                "BadRequestException",
            ),
            Self::BadRequestParameters => (
                "BAD_REQUEST_PARAMETERS",
                400,
                "Missing required request parameters",
                "BadRequestException",
            ),
            // The status is RFC 6585's; which one AWS sends is unverified, its message is this.
            Self::HeadersTooLarge => (
                "REQUEST_HEADER_TOO_LARGE",
                431,
                "HTTP header is larger than 10240 bytes.",
                "RequestTooLargeException",
            ),
            Self::IntegrationFailure => (
                "INTEGRATION_FAILURE",
                504,
                "Internal server error",
                "InternalServerErrorException",
            ),
            Self::IntegrationTimeout => (
                "INTEGRATION_TIMEOUT",
                504,
                "Endpoint request timed out",
                "InternalServerErrorException",
            ),
            Self::InvalidApiKey => ("INVALID_API_KEY", 403, "Forbidden", "ForbiddenException"),
            Self::InvalidSignature => (
                "INVALID_SIGNATURE",
                403,
                "The request signature does not match the signature the gateway calculated",
                "InvalidSignatureException",
            ),
            Self::MissingAuthenticationToken => (
                "MISSING_AUTHENTICATION_TOKEN",
                403,
                "Missing Authentication Token",
                "MissingAuthenticationTokenException",
            ),
            Self::RequestTooLarge => (
                "REQUEST_TOO_LARGE",
                413,
                "HTTP content length exceeded 10485760 bytes.",
                "RequestTooLargeException",
            ),
            Self::Throttled => (
                "THROTTLED",
                429,
                "Too Many Requests",
                "TooManyRequestsException",
            ),
            Self::Unreadable => ("BAD_REQUEST", 400, "Bad Request", "BadRequestException"),
            Self::UnsupportedMediaType => (
                "UNSUPPORTED_MEDIA_TYPE",
                415,
                "Unsupported Media Type",
                "UnsupportedMediaTypeException",
            ),
        }
    }
}

impl ResponseType {
    /// Whether an API has no say in it: such a request does not get as far as to the API.
    fn is_fixed(self) -> bool {
        matches!(
            self,
            Self::HeadersTooLarge | Self::RequestTooLarge | Self::Unreadable
        )
    }
}

/// All types that an API may change; the gateway never sends the ones that it has no reason for.
pub(super) const TYPE_NAMES: [&str; 23] = [
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
    "INVALID_REQUEST",
    "REQUEST_HEADER_TOO_LARGE",
];

/// The changes that an API makes to the gateway's own responses.
#[derive(Debug, Default)]
pub(super) struct GatewayResponses {
    pub(super) by_type: BTreeMap<String, GatewayResponse>,
}

/// One changed response.
#[derive(Debug, Default)]
pub(super) struct GatewayResponse {
    pub(super) status: Option<StatusCode>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) template: Option<SimpleTemplate>,
}

/// What the response says about one request.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) response_type: ResponseType,
    /// Replaces the type's message.
    pub(super) message: Option<String>,
    pub(super) validation_error: Option<String>,
}

impl From<ResponseType> for Refusal {
    fn from(response_type: ResponseType) -> Self {
        Self {
            response_type,
            message: None,
            validation_error: None,
        }
    }
}

impl GatewayResponses {
    pub(super) fn respond(
        &self,
        refusal: &Refusal,
        context: &BTreeMap<String, String>,
    ) -> Response<Body> {
        let (name, status, message, error_type) = refusal.response_type.facts();
        let fallback = if status < 500 {
            "DEFAULT_4XX"
        } else {
            "DEFAULT_5XX"
        };
        // A changed default gives its headers and template to all types of its class, not its status.
        let changed = self
            .by_type
            .get(name)
            .or_else(|| self.by_type.get(fallback))
            .filter(|_| !refusal.response_type.is_fixed());
        let own_status = changed
            .and_then(|_| self.by_type.get(name))
            .filter(|_| name != fallback)
            .and_then(|response| response.status);
        let default_status =
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = refusal.message.as_deref().unwrap_or(message);
        let value = |variable: &str| match variable {
            "error.message" => escaped(message),
            "error.messageString" => Value::from(message).to_string(),
            "error.responseType" => name.to_owned(),
            "error.validationErrorString" => {
                escaped(refusal.validation_error.as_deref().unwrap_or_default())
            }
            other => escaped(context.get(other).map_or("", String::as_str)),
        };
        let body = match changed.and_then(|response| response.template.as_ref()) {
            Some(template) => template.fill_in(value),
            None => format!("{{\"message\":{}}}", value("error.messageString")),
        };
        let mut response = json_response(own_status.unwrap_or(default_status), Bytes::from(body));
        response
            .headers_mut()
            .insert("x-amzn-errortype", HeaderValue::from_static(error_type));
        for (name, value) in changed
            .map(|response| response.headers.as_slice())
            .unwrap_or_default()
        {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}

/// A response with the content type that API Gateway gives to all bodies it did not pass through.
pub(super) fn json_response(status: StatusCode, body: Bytes) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

/// Text as the inside of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A template of a gateway response: not Velocity, only variables that are replaced.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SimpleTemplate {
    parts: Vec<(String, Option<String>)>,
}

impl SimpleTemplate {
    /// Reads a template; the error is the variable that is not known.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const OWN: [&str; 4] = [
            "error.message",
            "error.messageString",
            "error.responseType",
            "error.validationErrorString",
        ];
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            let length = after
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
                .unwrap_or(after.len());
            let name = after[..length].trim_end_matches('.');
            let known = name
                .strip_prefix("context.")
                .filter(|path| OWN.contains(path) || CONTEXT.contains(path));
            let Some(path) = known else {
                return Err(format!("${name}"));
            };
            parts.push((before.to_owned(), Some(path.to_owned())));
            rest = &after[name.len()..];
        }
        parts.push((rest.to_owned(), None));
        Ok(Self { parts })
    }

    fn fill_in(&self, value: impl Fn(&str) -> String) -> String {
        self.parts
            .iter()
            .fold(String::new(), |text, (before, name)| {
                text + before + &name.as_deref().map(&value).unwrap_or_default()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::SimpleTemplate;

    #[test]
    fn fills_in_known_variables_only() {
        let template = SimpleTemplate::parse(
            r#"{"m":$context.error.messageString,"id":"$context.requestId."}"#,
        )
        .expect("known");
        assert_eq!(
            template.fill_in(|name| format!("<{name}>")),
            r#"{"m":<error.messageString>,"id":"<requestId>."}"#
        );
        for unknown in ["$context.nope", "$input.body", "$", "$stageVariables.a"] {
            assert!(SimpleTemplate::parse(unknown).is_err(), "{unknown}");
        }
    }
}
