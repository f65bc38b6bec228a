//! `s3:path/...`: a request of the client becomes one of S3's own.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, header};

use super::{IntegrationError, role};
use crate::local::engine::{Access, Answer, Call};
use crate::local::gateway::api::S3Request;
use crate::local::gateway::encoding::{percent_decoded, s3_path};
use crate::local::gateway::parameters::{RequestSource, RequestTarget};
use crate::local::gateway::request::ClientRequest;

pub(super) async fn send(
    call: &S3Request,
    request: &ClientRequest<'_>,
    body: Bytes,
    access: &Access,
) -> Result<Answer, IntegrationError> {
    let path = path_and_query(call, request)?;
    let headers = headers(call, request);
    let credentials = role::assume(&call.role_arn, access, request.id()).await?;
    let call = Call {
        method: call.method.clone(),
        path_and_query: &path,
        headers,
        body,
    };
    Ok(access.send_to_s3(&credentials, call).await?)
}

/// The path with its parameters. One of the client's path is already encoded, all others are not; S3
/// reads the same key either way. A `..` stays: S3 has no folders to leave.
fn path_and_query(
    call: &S3Request,
    request: &ClientRequest<'_>,
) -> Result<String, IntegrationError> {
    let mut path = call.path.clone();
    let mut query = Vec::new();
    for parameter in &call.parameters {
        let Some(value) = parameter.source.value(request) else {
            continue;
        };
        let bytes = match &parameter.source {
            RequestSource::Path(_) => percent_decoded(&value).unwrap_or_default(),
            _ => value.into_bytes(),
        };
        match &parameter.target {
            RequestTarget::Path(name) => {
                path = path.replace(&format!("{{{name}}}"), &s3_path(&bytes));
            }
            RequestTarget::Query(name) => {
                let value = s3_path(&bytes).replace('/', "%2F");
                query.push(format!("{name}={value}"));
            }
            RequestTarget::Header(_) => {}
        }
    }
    // On AWS the brace makes an illegal path of it, and every such request a 500.
    if let Some((_, rest)) = path.split_once('{') {
        let name = rest.split('}').next().unwrap_or_default();
        return Err(IntegrationError::NoValue(name.to_owned()));
    }
    if query.is_empty() {
        Ok(path)
    } else {
        Ok(format!("{path}?{}", query.join("&")))
    }
}

/// The mapped headers. The client's `Content-Type` goes along with a body, mapped or not, and the
/// `User-Agent` is API Gateway's own where none is mapped.
fn headers(call: &S3Request, request: &ClientRequest<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let has_body = ![Method::GET, Method::HEAD, Method::OPTIONS].contains(&request.parts.method);
    let content_type = request.parts.headers.get(header::CONTENT_TYPE);
    if let Some(value) = content_type.filter(|_| has_body) {
        headers.insert(header::CONTENT_TYPE, value.clone());
    }
    for parameter in &call.parameters {
        if let RequestTarget::Header(name) = &parameter.target
            && let Some(value) = parameter.source.value(request)
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            headers.insert(name.clone(), value);
        }
    }
    let id = request.context.get("apiId").map_or("", String::as_str);
    if let Ok(own) = HeaderValue::from_str(&format!("AmazonAPIGateway_{id}")) {
        headers.entry(header::USER_AGENT).or_insert(own);
    }
    headers
}
