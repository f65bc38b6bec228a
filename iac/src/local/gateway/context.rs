//! `$context` of a request.

use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use axum::http::header;
use axum::http::request::Parts;

use super::api::Api;
use crate::local::engine::ACCOUNT_ID;

/// Values of all variables that templates may use, for one request.
pub(super) fn of_request(
    api: &Api,
    request_id: &str,
    parts: &Parts,
    resource: &str,
) -> BTreeMap<String, String> {
    let header = |name| {
        let value = parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let domain = header(header::HOST);
    let now = SystemTime::now();
    let since_1970 = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    [
        ("accountId", ACCOUNT_ID),
        ("apiId", &api.id),
        ("deploymentId", &api.deployment_id),
        ("domainName", domain),
        ("domainPrefix", domain.split('.').next().unwrap_or_default()),
        ("extendedRequestId", request_id),
        ("httpMethod", parts.method.as_str()),
        ("identity.sourceIp", "127.0.0.1"),
        ("identity.userAgent", header(header::USER_AGENT)),
        ("path", parts.uri.path()),
        ("protocol", "HTTP/1.1"),
        ("requestId", request_id),
        ("requestTime", &log_time(now)),
        ("requestTimeEpoch", &since_1970.as_millis().to_string()),
        ("resourcePath", resource),
        ("stage", &api.stage),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// `20/Nov/2026:21:54:00 +0000`
fn log_time(time: SystemTime) -> String {
    let text = DateTime::from(time)
        .fmt(DateTimeFormat::HttpDate)
        .unwrap_or_default();
    // `Fri, 20 Nov 2026 21:54:00 GMT`
    match text.split([' ', '.']).collect::<Vec<_>>().as_slice() {
        [_, day, month, year, clock, ..] => format!("{day}/{month}/{year}:{clock} +0000"),
        _ => String::new(),
    }
}

/// An id of the form that API Gateway gives: a UUID.
pub(super) fn request_id() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    let [high, low] = [0, 1].map(|half: u8| RandomState::new().hash_one(half));
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::log_time;

    #[test]
    fn writes_times_as_access_logs_do() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_763_682_891_421);
        assert_eq!(log_time(time), "20/Nov/2025:23:54:51 +0000");
    }
}
