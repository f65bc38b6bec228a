//! How to talk to the engine: where it is, who one is there, and signed requests.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use aws_sdk_s3::config::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use thiserror::Error;

/// The engine's account.
pub const ACCOUNT_ID: &str = "000000000000";

/// The one region of a local run.
pub const REGION: &str = "us-east-1";

/// The engine's account: root, with a secret that only this run knows.
const ACCESS_KEY_ID: &str = "iac-local";

/// A way into the engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Access {
    pub(super) port: u16,
    /// Root of the engine's account.
    pub credentials: Credentials,
    client: Arc<Client<HttpConnector, Full<Bytes>>>,
}

/// Why a request to the engine has no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The request could not be signed or built.
    #[error("cannot build a request to the engine")]
    Request(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The engine did not answer.
    #[error("the engine does not answer")]
    NoAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An answer of the engine.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Payload.
    pub body: Bytes,
}

/// A request to S3.
#[derive(Debug)]
pub(crate) struct Call<'c> {
    /// Its method.
    pub(crate) method: Method,
    /// `/bucket/key`, encoded, and what follows a `?`.
    pub(crate) path_and_query: &'c str,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its payload.
    pub(crate) body: Bytes,
}

impl Access {
    pub(super) fn new(port: u16) -> Result<Self, std::io::Error> {
        let mut random = [0; 20];
        std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut random)?;
        let secret = random
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        Ok(Self {
            port,
            credentials: Credentials::new(ACCESS_KEY_ID, secret, None, None, "iac local"),
            client: Arc::new(Client::builder(TokioExecutor::new()).build_http()),
        })
    }

    /// The engine's address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Posts a signed request to one of the engine's services.
    ///
    /// # Errors
    /// The engine does not answer. A refusal is an [`Answer`].
    pub async fn post(
        &self,
        service: &str,
        credentials: &Credentials,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, AccessError> {
        let address = (Ipv4Addr::LOCALHOST, self.port).into();
        self.post_to(address, "/", Some((service, credentials)), headers, body)
            .await
    }

    /// Asks one of the engine's services that speak JSON, as root. The target names version and action:
    /// `DynamoDB_20120810.GetItem`.
    ///
    /// # Errors
    /// The engine does not answer. A refusal is a value with `__type`.
    pub async fn ask(
        &self,
        service: &str,
        target: &str,
        question: &Value,
    ) -> Result<Value, AccessError> {
        let headers = [
            ("x-amz-target", target),
            ("content-type", "application/x-amz-json-1.0"),
        ];
        let body = question.to_string().into();
        let answer = self
            .post(service, &self.credentials, &headers, body)
            .await?;
        serde_json::from_slice(&answer.body).map_err(|error| AccessError::NoAnswer(error.into()))
    }

    /// Posts to an address of this machine, signed where it is said for which service and by whom.
    ///
    /// # Errors
    /// Nobody answers. A refusal is an [`Answer`].
    pub async fn post_to(
        &self,
        address: SocketAddr,
        path: &str,
        signature: Option<(&str, &Credentials)>,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, AccessError> {
        let url = format!("http://{address}{path}");
        self.send_to(Method::POST, &url, signature, headers, body)
            .await
    }

    /// Sends a request to a URL of this machine, signed where it is said for which service and by whom.
    ///
    /// # Errors
    /// Nobody answers. A refusal is an [`Answer`].
    pub async fn send_to(
        &self,
        method: Method,
        url: &str,
        signature: Option<(&str, &Credentials)>,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer, AccessError> {
        let authority = url.split('/').nth(2).unwrap_or_default();
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::HOST, authority);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request
            .body(Full::new(body.clone()))
            .map_err(|error| AccessError::Request(error.into()))?;
        if let Some((service, credentials)) = signature {
            add_signature(&mut request, service, credentials, &body)?;
        }
        self.send(request).await
    }

    /// Sends a request to the engine's S3, as somebody.
    ///
    /// # Errors
    /// The engine does not answer. A refusal is an [`Answer`].
    pub(crate) async fn send_to_s3(
        &self,
        credentials: &Credentials,
        call: Call<'_>,
    ) -> Result<Answer, AccessError> {
        let address = format!("127.0.0.1:{}", self.port);
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("http://{address}{}", call.path_and_query))
            .body(Full::new(call.body.clone()))
            .map_err(|error| AccessError::Request(error.into()))?;
        *request.headers_mut() = call.headers;
        let host =
            HeaderValue::from_str(&address).map_err(|error| AccessError::Request(error.into()))?;
        request.headers_mut().insert(header::HOST, host);
        add_signature(&mut request, "s3", credentials, &call.body)?;
        self.send(request).await
    }

    /// Invokes a function and waits for its output, as root.
    ///
    /// # Errors
    /// The engine does not answer. A refusal is an [`Answer`], and so is a failure, which has the header
    /// `x-amz-function-error`.
    pub(crate) async fn invoke(&self, function: &str, event: Bytes) -> Result<Answer, AccessError> {
        let address = (Ipv4Addr::LOCALHOST, self.port).into();
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let signature = Some(("lambda", &self.credentials));
        let headers = [("content-type", "application/json")];
        self.post_to(address, &path, signature, &headers, event)
            .await
    }

    /// Gets a path of one of the engine's services, as root.
    ///
    /// # Errors
    /// The engine does not answer.
    pub async fn get_signed(&self, service: &str, path: &str) -> Result<Answer, AccessError> {
        let request = Request::get(format!("{}{path}", self.endpoint()))
            .header(header::HOST, format!("127.0.0.1:{}", self.port))
            .body(Full::new(Bytes::new()));
        let mut request = request.map_err(|error| AccessError::Request(error.into()))?;
        add_signature(&mut request, service, &self.credentials, b"")?;
        self.send(request).await
    }

    /// Gets a path without a signature.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, AccessError> {
        let request =
            Request::get(format!("{}{path}", self.endpoint())).body(Full::new(Bytes::new()));
        self.send(request.map_err(|error| AccessError::Request(error.into()))?)
            .await
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, AccessError> {
        let answer: Response<_> = self
            .client
            .request(request)
            .await
            .map_err(|error| AccessError::NoAnswer(error.into()))?;
        let (parts, body) = answer.into_parts();
        let body = body
            .collect()
            .await
            .map_err(|error| AccessError::NoAnswer(error.into()))?;
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.to_bytes(),
        })
    }
}

fn add_signature(
    request: &mut Request<Full<Bytes>>,
    service: &str,
    credentials: &Credentials,
    body: &[u8],
) -> Result<(), AccessError> {
    let mut settings = SigningSettings::default();
    if service == "s3" {
        // S3 takes a path as it is, and wants the payload's hash in a header.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name(service)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|error| AccessError::Request(error.into()))?
        .into();
    let method = request.method().to_string();
    let uri = request.uri().to_string();
    let headers: Vec<(String, String)> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let signable = SignableRequest::new(
        &method,
        &uri,
        headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
        SignableBody::Bytes(body),
    )
    .map_err(|error| AccessError::Request(error.into()))?;
    let (instructions, _) = sign(signable, &parameters)
        .map_err(|error| AccessError::Request(error.into()))?
        .into_parts();
    for (name, value) in instructions.headers() {
        let value =
            HeaderValue::from_str(value).map_err(|error| AccessError::Request(error.into()))?;
        request.headers_mut().insert(
            axum::http::HeaderName::from_bytes(name.as_bytes())
                .map_err(|error| AccessError::Request(error.into()))?,
            value,
        );
    }
    Ok(())
}
