//! `$context` of a request.

use std::collections::BTreeMap;

use super::api::Api;
use crate::local::engine::ACCOUNT_ID;

/// Values of all variables that templates may use, for one request.
pub(super) fn of_request(
    api: &Api,
    request_id: &str,
    method: &str,
    resource: &str,
    user_agent: &str,
) -> BTreeMap<String, String> {
    [
        ("accountId", ACCOUNT_ID),
        ("apiId", &api.id),
        ("extendedRequestId", request_id),
        ("httpMethod", method),
        ("identity.sourceIp", "127.0.0.1"),
        ("identity.userAgent", user_agent),
        ("path", &format!("/{}{resource}", api.stage)),
        ("protocol", "HTTP/1.1"),
        ("requestId", request_id),
        ("resourcePath", resource),
        ("stage", &api.stage),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
