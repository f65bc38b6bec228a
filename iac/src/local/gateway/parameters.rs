//! Parameters from a client's request to the service behind a method, and from its answer back.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html>

use axum::http::{HeaderName, HeaderValue, header};

use super::request::ClientRequest;
use crate::local::vtl::CONTEXT;

/// `integration.request.path.key: method.request.path.key`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestParameter {
    pub(super) target: RequestTarget,
    pub(super) source: RequestSource,
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestTarget {
    Path(String),
    Query(String),
    Header(HeaderName),
}

/// Where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RequestSource {
    /// A parameter of the path, encoded as the client wrote it.
    Path(String),
    /// The last one of this name in the query, decoded.
    Query(String),
    ContentType,
    Context(String),
    StageVariable(String),
    Fixed(String),
}

/// Headers that a mapping may not set: API Gateway answers 500 to every request then.
const ILLEGAL_HEADERS: [&str; 9] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "proxy-authenticate",
    "te",
    "transfer-encoding",
    "x-amzn-apigateway-api-id",
    "x-amzn-trace-id",
];

impl RequestParameter {
    /// Reads an entry of `requestParameters`; the error says what is wrong.
    pub(super) fn parse(target: &str, source: &str) -> Result<Self, String> {
        Ok(Self {
            target: RequestTarget::parse(target)?,
            source: RequestSource::parse(source)?,
        })
    }
}

impl RequestTarget {
    fn parse(text: &str) -> Result<Self, String> {
        let place = text
            .strip_prefix("integration.request.")
            .unwrap_or_default();
        match place.split_once('.') {
            Some(("path", name)) => Ok(Self::Path(name.to_owned())),
            Some(("querystring", name)) => Ok(Self::Query(name.to_owned())),
            Some(("header", name)) => match HeaderName::from_bytes(name.as_bytes()) {
                Ok(name) if name == header::REFERER => Err(format!(
                    "API Gateway drops the header `{name}` of a request to an AWS service"
                )),
                Ok(name) if !ILLEGAL_HEADERS.contains(&name.as_str()) => Ok(Self::Header(name)),
                _ => Err(format!("the header `{name}` cannot be mapped")),
            },
            _ => Err(format!("the target `{text}` is not supported")),
        }
    }
}

impl RequestSource {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some(fixed) = fixed(text) {
            return Ok(Self::Fixed(fixed.to_owned()));
        }
        if let Some(name) = text.strip_prefix("context.") {
            let known = CONTEXT.contains(&name).then(|| name.to_owned());
            return known
                .map(Self::Context)
                .ok_or_else(|| format!("`{text}` is not supported"));
        }
        if let Some(name) = text.strip_prefix("stageVariables.") {
            return Ok(Self::StageVariable(name.to_owned()));
        }
        let place = text.strip_prefix("method.request.").unwrap_or_default();
        match place.split_once('.') {
            Some(("path", name)) => Ok(Self::Path(name.to_owned())),
            Some(("querystring", name)) => Ok(Self::Query(name.to_owned())),
            // To the same header API Gateway hands it on by itself too, so that it does not matter how a client
            // writes it. To another one it does; here every client is taken to write it with capitals.
            Some(("header", "Content-Type")) => Ok(Self::ContentType),
            Some(("header", name)) => Err(format!(
                "a mapping of the header `{name}` is not supported: on AWS it depends on whether the \
                 client writes the name with capitals, and HTTP/2 has none"
            )),
            _ => Err(format!("the source `{text}` is not supported")),
        }
    }

    /// The value in a request; none where the request has none.
    pub(super) fn value(&self, request: &ClientRequest<'_>) -> Option<String> {
        match self {
            Self::Path(name) => request.path_parameters.get(name).cloned(),
            Self::Query(name) => request.query_value(name).map(str::to_owned),
            Self::ContentType => request.header("content-type").map(str::to_owned),
            Self::Context(name) => request.context.get(name).cloned(),
            Self::StageVariable(name) => request.stage_variables.get(name).cloned(),
            Self::Fixed(value) => Some(value.clone()),
        }
    }
}

/// What a header of the response is: `method.response.header.ETag: integration.response.header.ETag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ResponseSource {
    Fixed(HeaderValue),
    Header(HeaderName),
    Context(String),
}

/// Headers of S3, as it writes them: a mapping has to write them the same.
const S3_HEADERS: [&str; 9] = [
    "Content-Type",
    "ETag",
    "Last-Modified",
    "x-amz-checksum-crc32",
    "x-amz-expiration",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amz-server-side-encryption",
    "x-amz-version-id",
];

impl ResponseSource {
    /// Reads the value of an entry of `responseParameters`; the error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if let Some(value) = fixed(text).and_then(|text| HeaderValue::from_str(text).ok()) {
            return Ok(Self::Fixed(value));
        }
        if let Some(name) = text
            .strip_prefix("context.")
            .filter(|name| CONTEXT.contains(name))
        {
            return Ok(Self::Context(name.to_owned()));
        }
        let name = text.strip_prefix("integration.response.header.");
        let known = name.filter(|name| S3_HEADERS.contains(name));
        match known.and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok()) {
            Some(name) => Ok(Self::Header(name)),
            None => Err(format!(
                "{text} is not supported: only a fixed value in single quotes, `context.` and the headers \
                 {} of an `integration.response.header.` are",
                S3_HEADERS.join(", ")
            )),
        }
    }
}

/// A value in single quotes.
pub(super) fn fixed(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

#[cfg(test)]
mod tests {
    use super::{RequestParameter, ResponseSource};

    #[test]
    fn refuses_what_is_not_certain() {
        for (target, source, expected) in [
            (
                "integration.request.path.key",
                "method.request.path.key",
                None,
            ),
            (
                "integration.request.path.key",
                "method.request.querystring.a.b",
                None,
            ),
            (
                "integration.request.header.Content-Type",
                "method.request.header.Content-Type",
                None,
            ),
            ("integration.request.header.x-amz-acl", "'private'", None),
            (
                "integration.request.querystring.tagging",
                "context.requestId",
                None,
            ),
            (
                "integration.request.header.X-Name",
                "method.request.header.X-Name",
                Some("HTTP/2"),
            ),
            (
                "integration.request.header.Authorization",
                "'x'",
                Some("`Authorization`"),
            ),
            (
                "integration.request.header.User-Agent",
                "method.request.header.Content-Type",
                None,
            ),
            (
                "integration.request.header.Referer",
                "method.request.header.Content-Type",
                Some("drops"),
            ),
            ("integration.request.body.key", "'x'", Some("target")),
            (
                "integration.request.path.key",
                "method.request.body.key",
                Some("source"),
            ),
            (
                "integration.request.path.key",
                "context.nope",
                Some("`context.nope`"),
            ),
        ] {
            let error = RequestParameter::parse(target, source).err();
            assert_eq!(error.is_some(), expected.is_some(), "{target} {source}");
            assert!(
                error
                    .unwrap_or_default()
                    .contains(expected.unwrap_or_default()),
                "{target}"
            );
        }
        for (source, is_known) in [
            ("'*'", true),
            ("integration.response.header.ETag", true),
            ("integration.response.header.etag", false),
            ("integration.response.header.X-Other", false),
            ("integration.response.body.key", false),
            ("context.requestId", true),
        ] {
            assert_eq!(ResponseSource::parse(source).is_ok(), is_known, "{source}");
        }
    }
}
