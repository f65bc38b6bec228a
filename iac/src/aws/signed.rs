//! Signed requests to addresses that no SDK client is for: a stack's own API, and the one call of API Gateway
//! that is needed to get in.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::ProvideCredentials as _;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

use super::{Account, AwsError};
use crate::service_error::with_causes;

/// Longer than API Gateway lets anybody wait.
const TIMEOUT: Duration = Duration::from_secs(40);

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'c> {
    pub(super) method: &'static str,
    pub(super) url: &'c str,
    /// Whose signature it is: `execute-api`.
    pub(super) service: &'static str,
    pub(super) headers: &'c [(&'static str, &'c str)],
    pub(super) body: &'c str,
}

/// An answer, whatever it says.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Account {
    /// Sends a request, signed by whoever one is in this account.
    ///
    /// # Errors
    /// Nobody answers, or there are no credentials any more. A refusal is an [`Answer`].
    pub(super) async fn send(&self, call: Call<'_>, action: &str) -> Result<Answer, AwsError> {
        let unreachable = |reason: String| AwsError::Unreachable {
            action: action.to_owned(),
            place: call.url.to_owned(),
            reason,
        };
        let request = self.signed(call).await?;
        let request = request.map_err(|error| unreachable(with_causes(error.as_ref())))?;
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build();
        let answered = tokio::time::timeout(TIMEOUT, async {
            let mut response = connector.call(request).await?;
            let status = response.status().as_u16();
            let body = aws_sdk_s3::primitives::ByteStream::new(response.take_body());
            let body = body.collect().await?.into_bytes();
            Ok::<_, Cause>(Answer {
                status,
                body: String::from_utf8_lossy(&body).into_owned(),
            })
        });
        match answered.await {
            Ok(answered) => answered.map_err(|error| unreachable(with_causes(error.as_ref()))),
            Err(_) => Err(unreachable(format!("no answer within {TIMEOUT:?}"))),
        }
    }

    async fn signed(&self, call: Call<'_>) -> Result<Result<HttpRequest, Cause>, AwsError> {
        let missing = |source| AwsError::NoCredentials {
            profile: None,
            source,
        };
        let provider = self.config().credentials_provider();
        let provider = provider.ok_or_else(|| missing(None))?;
        let credentials = provider.provide_credentials().await;
        let credentials = credentials.map_err(|error| missing(Some(error.into())))?;
        Ok(request(call, self.region(), &credentials.into()))
    }
}

fn request(call: Call<'_>, region: &str, identity: &Identity) -> Result<HttpRequest, Cause> {
    let parameters = v4::SigningParams::builder()
        .identity(identity)
        .region(region)
        .name(call.service)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?
        .into();
    let signable = SignableRequest::new(
        call.method,
        call.url,
        call.headers.iter().copied(),
        SignableBody::Bytes(call.body.as_bytes()),
    )?;
    let (instructions, _) = sign(signable, &parameters)?.into_parts();
    let mut request = HttpRequest::new(call.body.into());
    request.set_method(call.method)?;
    request.set_uri(call.url)?;
    let headers = call.headers.iter().copied().chain(instructions.headers());
    for (name, value) in headers {
        let named = request.headers_mut();
        named.try_insert(name.to_owned(), value.to_owned())?;
    }
    Ok(request)
}
