//! The output of a function behind a proxy integration.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format>

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value};

/// No field has to be there, and no others may be.
const FIELDS: [&str; 5] = [
    "body",
    "headers",
    "isBase64Encoded",
    "multiValueHeaders",
    "statusCode",
];

/// Headers that are API Gateway's own; a function's go out under another name.
const REMAPPED: [&str; 4] = ["connection", "content-length", "date", "server"];

/// Reads the output. Base64 is decoded only for a client that accepts bytes; any other gets it as it is.
/// The error is what is wrong with it.
pub(super) fn read(output: &[u8], accepts_binary: bool) -> Result<Response<Body>, &'static str> {
    let output: Value = serde_json::from_slice(output).map_err(|_| "it is no JSON")?;
    let output = output.as_object().ok_or("it is no object")?;
    if output.keys().any(|name| !FIELDS.contains(&name.as_str())) {
        return Err("it has a field that such a response has not");
    }
    let get = |name: &str| output.get(name).filter(|value| !value.is_null());
    let status = get("statusCode").map_or(Some(StatusCode::OK), status);
    let is_base64 = match get("isBase64Encoded") {
        None => false,
        Some(Value::Bool(flag)) => *flag,
        Some(_) => return Err("its isBase64Encoded is neither true nor false"),
    };
    let body = match get("body") {
        None => Vec::new(),
        Some(Value::String(text)) if is_base64 && accepts_binary => BASE64_STANDARD
            .decode(text)
            .map_err(|_| "its body is no base64")?,
        Some(Value::String(text)) => text.clone().into_bytes(),
        Some(_) => return Err("its body is no text"),
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status.ok_or("its statusCode is no status")?;
    *response.headers_mut() = headers(output)?;
    Ok(response)
}

fn status(value: &Value) -> Option<StatusCode> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    let number = u16::try_from(number).ok().filter(|number| *number < 600)?;
    StatusCode::from_u16(number).ok()
}

/// A name in both lists counts in the one with several values.
fn headers(output: &Map<String, Value>) -> Result<HeaderMap, &'static str> {
    let mut headers = HeaderMap::new();
    let map = |name: &str| match output.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map.clone()),
        Some(_) => Err("its headers are no object"),
    };
    for (name, value) in map("headers")? {
        headers.insert(header_name(&name)?, header_value(&value)?);
    }
    for (name, values) in map("multiValueHeaders")? {
        let name = header_name(&name)?;
        headers.remove(&name);
        let values = values
            .as_array()
            .ok_or("its multiValueHeaders have no lists")?;
        for value in values {
            headers.append(name.clone(), header_value(value)?);
        }
    }
    headers.remove("transfer-encoding");
    Ok(headers)
}

fn header_name(name: &str) -> Result<HeaderName, &'static str> {
    let is_own = REMAPPED.iter().any(|own| name.eq_ignore_ascii_case(own));
    let prefix = if is_own { "x-amzn-remapped-" } else { "" };
    HeaderName::from_bytes(format!("{prefix}{name}").as_bytes())
        .map_err(|_| "a header's name is none")
}

fn header_value(value: &Value) -> Result<HeaderValue, &'static str> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        _ => return Err("a header's value is no text"),
    };
    HeaderValue::from_str(&text).map_err(|_| "a header's value cannot be one")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use serde_json::{Value, json};

    use super::read;

    fn response(output: &Value) -> Result<(u16, HeaderMap), &'static str> {
        let response = read(output.to_string().as_bytes(), true)?;
        Ok((response.status().as_u16(), response.headers().clone()))
    }

    #[test]
    fn several_values_win_over_one() {
        let (status, headers) = response(&json!({
            "statusCode": "201",
            "headers": {"X-A": "one", "x-b": true, "Content-Length": "7"},
            "multiValueHeaders": {"x-a": ["two", "three"]},
            "body": null,
        }))
        .expect("a response");
        assert_eq!(status, 201);
        for (name, expected) in [
            ("x-a", &["two", "three"][..]),
            ("x-b", &["true"]),
            ("x-amzn-remapped-content-length", &["7"]),
        ] {
            let values: Vec<_> = headers.get_all(name).iter().collect();
            assert_eq!(values, expected, "{name}");
        }
        assert_eq!(response(&json!({})).map(|(status, _)| status), Ok(200));
    }

    #[test]
    fn refuses_what_api_gateway_calls_malformed() {
        for output in [
            json!("text"),
            json!(null),
            json!({"statusCode": 200, "message": "x"}),
            json!({"statusCode": "ok"}),
            json!({"statusCode": 99}),
            json!({"statusCode": 600}),
            json!({"body": {"a": 1}}),
            json!({"headers": {"x": 1}}),
            json!({"headers": {"x": null}}),
            json!({"headers": {"bad name": "x"}}),
            json!({"headers": []}),
            json!({"multiValueHeaders": {"x": "y"}}),
            json!({"isBase64Encoded": "true"}),
            json!({"isBase64Encoded": true, "body": "***"}),
        ] {
            assert!(response(&output).is_err(), "{output}");
        }
        assert!(read(b"nope", true).is_err());
        assert!(read(br#"{"isBase64Encoded":true,"body":"***"}"#, false).is_ok());
    }
}
