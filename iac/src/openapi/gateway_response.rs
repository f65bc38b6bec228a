//! What API Gateway answers by itself: `x-amazon-apigateway-gateway-responses`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>

use serde_json::{Value as Json, json};

use super::headers::{self, Header};
use crate::vtl::inert_json;

/// When API Gateway answers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseType {
    /// The body does not fit the model.
    BadRequestBody,
    /// A parameter is missing.
    BadRequestParameters,
    /// The body is larger than API Gateway takes.
    RequestTooLarge,
    /// The content type has no mapping template.
    UnsupportedMediaType,
    /// The path and method are not of this API, or a signature is missing.
    MissingAuthenticationToken,
    /// Any other answer of 400 to 499.
    Default4xx,
    /// Any other answer of 500 to 599.
    Default5xx,
}

impl ResponseType {
    /// The name in the document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequestBody => "BAD_REQUEST_BODY",
            Self::BadRequestParameters => "BAD_REQUEST_PARAMETERS",
            Self::RequestTooLarge => "REQUEST_TOO_LARGE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::MissingAuthenticationToken => "MISSING_AUTHENTICATION_TOKEN",
            Self::Default4xx => "DEFAULT_4XX",
            Self::Default5xx => "DEFAULT_5XX",
        }
    }
}

/// An answer of API Gateway's own.
#[derive(Debug, Clone)]
pub struct GatewayResponse {
    /// When it is given.
    pub response_type: ResponseType,
    /// The status; `None` leaves API Gateway's own, which says more than one for all.
    pub status: Option<u16>,
    /// The fields of the JSON body.
    pub body: Vec<(&'static str, BodyField)>,
    /// Its headers.
    pub headers: Vec<Header>,
}

/// The value of a field of a body. The template is no VTL: variables are put in their places and
/// nothing more.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum BodyField {
    /// JSON that is known now.
    Fixed(Json),
    /// API Gateway's message (`$context.error.messageString`, which brings its own quotes).
    Message,
    /// What is wrong with the body, as the validator says it.
    ValidationError,
    /// The kind of error, such as `THROTTLED`.
    ErrorType,
    /// The id of the request, as in the API's logs.
    RequestId,
}

impl BodyField {
    fn render(&self) -> String {
        match self {
            Self::Fixed(json) => inert_json(json),
            Self::Message => "$context.error.messageString".to_owned(),
            Self::ValidationError => "\"$context.error.validationErrorString\"".to_owned(),
            Self::ErrorType => "\"$context.error.responseType\"".to_owned(),
            Self::RequestId => "\"$context.requestId\"".to_owned(),
        }
    }
}

impl GatewayResponse {
    pub(crate) fn document(&self) -> Json {
        let mut document = json!({});
        if let Some(status) = self.status {
            document["statusCode"] = json!(status.to_string());
        }
        if !self.headers.is_empty() {
            document["responseParameters"] =
                headers::fixed("gatewayresponse.header", &self.headers);
        }
        let fields: Vec<String> = self
            .body
            .iter()
            .map(|(name, field)| format!("{}: {}", inert_json(&json!(name)), field.render()))
            .collect();
        document["responseTemplates"] =
            json!({ "application/json": format!("{{{}}}", fields.join(", ")) });
        document
    }
}
