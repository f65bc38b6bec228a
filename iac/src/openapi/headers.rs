//! Headers with fixed values: `responseParameters`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration-responseParameters.html>

use serde_json::{Map, Value as Json};

/// Each header under its place in an answer; a static value stands in single quotes.
pub(super) fn fixed(place: &str, headers: &[(&'static str, String)]) -> Json {
    let parameter = |(name, value): &(&str, String)| {
        (format!("{place}.{name}"), Json::from(format!("'{value}'")))
    };
    Json::Object(headers.iter().map(parameter).collect::<Map<_, _>>())
}
