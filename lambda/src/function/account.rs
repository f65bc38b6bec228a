//! How the functions reach AWS.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::{RetryConfig, TimeoutConfig};

use super::variables::{ConfigError, Variables};

/// Silence on a connection after which an attempt is given up: after an upload until the answer begins,
/// and between two pieces of a download.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The SDK's own attempts; whoever invokes the function tries again on top of them.
const ATTEMPTS: u32 = 3;

/// What the clients of this process share: region, credentials, open connections.
#[derive(Debug)]
pub struct Account {
    pub(super) sdk: SdkConfig,
    endpoint: Option<String>,
}

impl Account {
    /// From the variables Lambda sets: region and the role's credentials, which do not change while an
    /// execution environment lives. That is why there is no credential chain here, with its STS and SSO
    /// clients. `AWS_ENDPOINT_URL` points at a local engine.
    ///
    /// # Errors
    ///
    /// The first variable that is missing.
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let credentials = Credentials::new(
            variables.required("AWS_ACCESS_KEY_ID")?,
            variables.required("AWS_SECRET_ACCESS_KEY")?,
            variables.optional("AWS_SESSION_TOKEN")?,
            None,
            "lambda-environment",
        );
        let endpoint = variables.optional("AWS_ENDPOINT_URL")?;
        let plain = endpoint
            .as_deref()
            .is_some_and(|url| url.starts_with("http://"));
        // One for all services: reading the root certificates takes half of a start.
        let http = if plain {
            HttpClient::new().build_http()
        } else {
            HttpClient::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .build_https()
        };
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let sdk = SdkConfig::builder()
            .region(Region::new(variables.required("AWS_REGION")?))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .build();
        Ok(Self { sdk, endpoint })
    }

    /// Where a service is: `AWS_ENDPOINT_URL_S3` and its like before `AWS_ENDPOINT_URL`, or nothing, which
    /// is AWS.
    pub(super) fn endpoint(
        &self,
        variables: &Variables,
        of_service: &'static str,
    ) -> Result<Option<String>, ConfigError> {
        Ok(variables
            .optional(of_service)?
            .or_else(|| self.endpoint.clone()))
    }
}
