//! How the functions reach AWS.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_types::SdkConfig;
use aws_types::region::Region;
use aws_types::sdk_config::{RetryConfig, TimeoutConfig};

use super::trust;
use super::variables::{ConfigError, Variables};

/// Where calls go in place of AWS: all of them, or those to a service.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";
const ENDPOINTS: [&str; 3] = [ENDPOINT, DYNAMODB_ENDPOINT, S3_ENDPOINT];
pub(super) const DYNAMODB_ENDPOINT: &str = "AWS_ENDPOINT_URL_DYNAMODB";
pub(super) const S3_ENDPOINT: &str = "AWS_ENDPOINT_URL_S3";

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
    /// clients. `AWS_ENDPOINT_URL` points at a local engine, `AWS_CA_BUNDLE` at other roots than Amazon's.
    ///
    /// # Errors
    ///
    /// The first variable that is missing or cannot be used.
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let credentials = Credentials::new(
            variables.required("AWS_ACCESS_KEY_ID")?,
            variables.required("AWS_SECRET_ACCESS_KEY")?,
            variables.optional("AWS_SESSION_TOKEN")?,
            None,
            "lambda-environment",
        );
        let region = variables.required("AWS_REGION")?;
        let endpoint = variables.optional(ENDPOINT)?;
        let mut endpoints = Vec::new();
        for name in ENDPOINTS {
            endpoints.extend(variables.optional(name)?);
        }
        let plain = endpoint.is_some() && endpoints.iter().all(|url| url.starts_with("http://"));
        // One for all services, so that roots are read once.
        let http = if plain {
            HttpClient::new().build_http()
        } else {
            HttpClient::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .tls_context(trust::context(variables, &region, !endpoints.is_empty())?)
                .build_https()
        };
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let sdk = SdkConfig::builder()
            .region(Region::new(region))
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
