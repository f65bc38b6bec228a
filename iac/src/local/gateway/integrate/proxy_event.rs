//! The input of a function behind a proxy integration, in payload format 1.0.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format>

use base64::prelude::{BASE64_STANDARD, Engine as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::{Map, Value, json};

use crate::local::engine::ACCOUNT_ID;
use crate::local::gateway::request::ClientRequest;

/// Headers about the connection, which end at API Gateway.
const DROPPED: [&str; 12] = [
    "connection",
    "content-length",
    "content-md5",
    "expect",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "www-authenticate",
];

/// The event of a request. Names of headers are in lower case, as those of a client that speaks HTTP/2:
/// a function has to take them in any case, because API Gateway leaves them as the client wrote them.
pub(super) fn of_request(request: &ClientRequest<'_>) -> Value {
    let (headers, multi_value_headers) = one_and_all(headers(request));
    let (query, multi_value_query) = one_and_all(request.query.clone());
    let (body, is_base64) = if request.body.is_empty() {
        (Value::Null, false)
    } else if request.is_binary {
        (Value::from(BASE64_STANDARD.encode(request.body)), true)
    } else {
        (Value::from(String::from_utf8_lossy(request.body)), false)
    };
    json!({
        "resource": request.resource,
        "path": request.path,
        "httpMethod": request.parts.method.as_str(),
        "headers": headers,
        "multiValueHeaders": multi_value_headers,
        "queryStringParameters": query,
        "multiValueQueryStringParameters": multi_value_query,
        "pathParameters": or_null(request.path_parameters.iter()),
        "stageVariables": or_null(request.stage_variables.iter()),
        "requestContext": request_context(request),
        "body": body,
        "isBase64Encoded": is_base64,
    })
}

fn headers(request: &ClientRequest<'_>) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let port = request
        .header("host")
        .and_then(|host| host.rsplit(':').next());
    let own = [
        (
            "x-amzn-trace-id",
            format!("Root={}", trace_id(request.id())),
        ),
        ("x-forwarded-for", "127.0.0.1".to_owned()),
        ("x-forwarded-port", port.unwrap_or("80").to_owned()),
        ("x-forwarded-proto", "http".to_owned()),
    ];
    let sent = request.parts.headers.iter();
    sent.filter(|(name, _)| {
        let name = name.as_str();
        !DROPPED.contains(&name) && own.iter().all(|(own, _)| *own != name)
    })
    .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
    .chain(
        own.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    )
    .collect()
}

/// The last value of each name, and all values of each name; null where there are none.
fn one_and_all(pairs: Vec<(String, String)>) -> (Value, Value) {
    let mut one = Map::new();
    let mut all: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        let values = all.entry(name.clone()).or_insert_with(|| json!([]));
        if let Value::Array(values) = values {
            values.push(Value::from(value.as_str()));
        }
        one.insert(name, Value::from(value));
    }
    if one.is_empty() {
        (Value::Null, Value::Null)
    } else {
        (one.into(), all.into())
    }
}

fn or_null<'m>(pairs: impl Iterator<Item = (&'m String, &'m String)>) -> Value {
    let map: Map<_, _> = pairs
        .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
        .collect();
    if map.is_empty() {
        Value::Null
    } else {
        map.into()
    }
}

fn request_context(request: &ClientRequest<'_>) -> Value {
    let value = |name: &str| request.context.get(name).map(String::as_str);
    let epoch = value("requestTimeEpoch").and_then(|text| text.parse::<u64>().ok());
    let authorization = request.header("authorization").unwrap_or_default();
    // Only the root of the engine's account is let in with a signature.
    let is_signed = authorization.starts_with("AWS4-HMAC-SHA256");
    let of_caller = |value: &str| is_signed.then(|| value.to_owned());
    let access_key = authorization
        .split_once("Credential=")
        .and_then(|(_, rest)| rest.split('/').next())
        .unwrap_or_default();
    json!({
        "accountId": ACCOUNT_ID,
        "apiId": value("apiId"),
        "deploymentId": value("deploymentId"),
        "domainName": value("domainName"),
        "domainPrefix": value("domainPrefix"),
        "extendedRequestId": value("extendedRequestId"),
        "httpMethod": value("httpMethod"),
        "identity": {
            "accessKey": of_caller(access_key),
            "accountId": of_caller(ACCOUNT_ID),
            "apiKey": request.header("x-api-key"),
            "caller": of_caller(ACCOUNT_ID),
            "cognitoAuthenticationProvider": null,
            "cognitoAuthenticationType": null,
            "cognitoIdentityId": null,
            "cognitoIdentityPoolId": null,
            "principalOrgId": null,
            "sourceIp": value("identity.sourceIp"),
            "user": of_caller(ACCOUNT_ID),
            "userAgent": request.header("user-agent"),
            "userArn": of_caller(&format!("arn:aws:iam::{ACCOUNT_ID}:root")),
        },
        "path": value("path"),
        "protocol": value("protocol"),
        "requestId": value("requestId"),
        "requestTime": value("requestTime"),
        "requestTimeEpoch": epoch,
        "resourceId": resource_id(request.resource),
        "resourcePath": request.resource,
        "stage": value("stage"),
    })
}

/// Six characters that are the same for the same resource.
fn resource_id(resource: &str) -> String {
    let mut hasher = DefaultHasher::new();
    resource.hash(&mut hasher);
    format!("{:06x}", hasher.finish() & 0xff_ffff)
}

/// `1-67891233-abcdef012345678912345678`
fn trace_id(request_id: &str) -> String {
    let digits = request_id.replace('-', "");
    let (time, rest) = digits.split_at(8.min(digits.len()));
    format!("1-{time}-{rest}")
}
