//! Headers that do not depend on the request: `responseParameters`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration-responseParameters.html>

use serde_json::{Map, Value as Json, json};

use crate::cfn::Value;
use crate::sub;

/// A header and its value, which is known when the stack is deployed and holds no single quote.
pub type Header = (&'static str, Value<String>);

/// Each header under its place in an answer; a static value stands in single quotes.
pub(super) fn fixed(place: &str, headers: &[Header]) -> Json {
    let parameter = |(name, value): &Header| {
        let quoted = value.as_literal().map_or_else(
            || json!(sub!["'", value, "'"]),
            |text| json!(format!("'{text}'")),
        );
        (format!("{place}.{name}"), quoted)
    };
    Json::Object(headers.iter().map(parameter).collect::<Map<_, _>>())
}
