//! Signature Version 4 of a client's request, for methods that only identities of the account may call.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use axum::http::request::Parts;

use super::respond::ResponseType;
use crate::local::engine::REGION;

/// How far a signature's time may be from now.
const CLOCK_SKEW: Duration = Duration::from_mins(5);

/// Makes sure that the run's own identity signed the request. No other identity is let in: the engine
/// keeps the secrets of others to itself.
pub(super) fn verify(
    parts: &Parts,
    body: &[u8],
    identity: &Credentials,
    now: SystemTime,
) -> Result<(), ResponseType> {
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let authorization = header("authorization").ok_or(ResponseType::MissingAuthenticationToken)?;
    let fields = authorization
        .strip_prefix("AWS4-HMAC-SHA256 ")
        .ok_or(ResponseType::MissingAuthenticationToken)?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let (Some(scope), Some(signed), Some(signature), Some(date)) = (
        field("Credential"),
        field("SignedHeaders"),
        field("Signature"),
        header("x-amz-date"),
    ) else {
        return Err(ResponseType::MissingAuthenticationToken);
    };
    let time = time(date).ok_or(ResponseType::InvalidSignature)?;
    let skew = now
        .duration_since(time)
        .unwrap_or_else(|error| error.duration());
    let day = date.get(..8).unwrap_or_default();
    let expected_scope = format!(
        "{}/{day}/{REGION}/execute-api/aws4_request",
        identity.access_key_id()
    );
    if scope != expected_scope || skew > CLOCK_SKEW || !signed.split(';').any(|name| name == "host")
    {
        return Err(ResponseType::InvalidSignature);
    }
    let headers: Option<Vec<_>> = signed
        .split(';')
        .filter(|name| !matches!(*name, "host" | "x-amz-date"))
        .map(|name| Some((name, header(name)?)))
        .collect();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let uri = format!("http://{}{path}", header("host").unwrap_or_default());
    match expected(
        parts.method.as_str(),
        &uri,
        headers.unwrap_or_default(),
        body,
        identity,
        time,
    ) {
        Some(expected) if expected == signature => Ok(()),
        _ => Err(ResponseType::InvalidSignature),
    }
}

fn expected(
    method: &str,
    uri: &str,
    headers: Vec<(&str, &str)>,
    body: &[u8],
    identity: &Credentials,
    time: SystemTime,
) -> Option<String> {
    let identity = identity.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("execute-api")
        .time(time)
        .settings(SigningSettings::default())
        .build()
        .ok()?
        .into();
    let request =
        SignableRequest::new(method, uri, headers.into_iter(), SignableBody::Bytes(body)).ok()?;
    Some(sign(request, &parameters).ok()?.into_parts().1)
}

/// `20261120T190000Z`
fn time(date: &str) -> Option<SystemTime> {
    let digits = |from: usize, to: usize| {
        date.get(from..to)
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        digits(0, 4)?,
        digits(4, 6)?,
        digits(6, 8)?,
        digits(9, 11)?,
        digits(11, 13)?,
        digits(13, 15)?
    );
    SystemTime::try_from(DateTime::from_str(&text, DateTimeFormat::DateTime).ok()?).ok()
}
