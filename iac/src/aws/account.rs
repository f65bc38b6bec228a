//! An account and region, and who one is there.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::ProvideCredentials as _;
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use clap::Args;

use super::AwsError;

/// Silence after which a connection or an attempt is given up.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const ATTEMPTS: u32 = 4;

/// Where a stack is. What is not said comes from where every AWS tool takes it: the environment
/// (`AWS_PROFILE`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, ...) and `~/.aws`.
#[derive(Debug, Clone, Default, Args)]
pub struct Connection {
    /// Profile of ~/.aws/config [default: `AWS_PROFILE`, or `default`]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Region of the stack [default: `AWS_REGION`, or the profile's]
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// A local engine in place of AWS, as `iac local` names it [default: `AWS_ENDPOINT_URL`]
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub endpoint: Option<String>,
}

impl Connection {
    /// The same as options of a command line, a space before each; nothing where nothing was said.
    pub fn options(&self) -> String {
        let options = [
            ("profile", &self.profile),
            ("region", &self.region),
            ("endpoint", &self.endpoint),
        ];
        let said = options.iter().filter_map(|(option, value)| {
            let value = value.as_deref()?;
            Some(format!(" --{option} {}", quoted(value)))
        });
        said.collect()
    }
}

/// A word that a shell reads as one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn endpoint(text: &str) -> Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        Ok(text.to_owned())
    } else {
        Err("it starts with http:// or https://".to_owned())
    }
}

/// A way into an account, in one region.
#[derive(Debug, Clone)]
pub struct Account {
    config: SdkConfig,
    region: String,
}

impl Account {
    /// Finds region and credentials; no service of AWS is asked yet.
    ///
    /// # Errors
    /// There is no region, or there are no credentials.
    pub async fn connect(connection: &Connection) -> Result<Self, AwsError> {
        let http = HttpClient::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        if let Some(profile) = &connection.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &connection.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &connection.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let account = Self::of(loader.load().await)?;
        let missing = |source| AwsError::NoCredentials {
            profile: connection.profile.clone(),
            source,
        };
        let credentials = account.config.credentials_provider();
        let credentials = credentials.ok_or_else(|| missing(None))?;
        // Asked for now, or the first request would fail as if nobody had answered.
        let provided = credentials.provide_credentials().await;
        provided.map_err(|error| missing(Some(error.into())))?;
        Ok(account)
    }

    /// The account that a configuration leads to.
    ///
    /// # Errors
    /// There is no region.
    pub fn of(config: SdkConfig) -> Result<Self, AwsError> {
        let region = config.region().ok_or(AwsError::NoRegion)?.to_string();
        Ok(Self { config, region })
    }

    /// The account's id. It is part of names and digests, and printed nowhere.
    ///
    /// # Errors
    /// AWS refuses or does not answer.
    pub async fn id(&self) -> Result<String, AwsError> {
        let client = aws_sdk_sts::Client::new(&self.config);
        let identity = client.get_caller_identity().send().await;
        let failed = |error| AwsError::of("find out the account", &self.place(), &error);
        let identity = identity.map_err(failed)?;
        Ok(identity.account.unwrap_or_default())
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Where requests go, in words: a region, or an address in place of AWS.
    pub fn place(&self) -> String {
        match self.config.endpoint_url() {
            Some(endpoint) => format!("{} at {endpoint}", self.region),
            None => self.region.clone(),
        }
    }

    pub(super) const fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// CloudFormation.
    pub fn cloudformation(&self) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config)
    }

    /// Step Functions.
    pub fn step_functions(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.config)
    }

    /// Lambda.
    pub fn lambda(&self) -> aws_sdk_lambda::Client {
        aws_sdk_lambda::Client::new(&self.config)
    }

    /// SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// S3.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        // `bucket.127.0.0.1` is no name.
        let path_style = self.config.endpoint_url().is_some();
        let config = aws_sdk_s3::config::Builder::from(&self.config).force_path_style(path_style);
        aws_sdk_s3::Client::from_conf(config.build())
    }
}

#[cfg(test)]
mod tests {
    use super::Connection;

    #[test]
    fn options_can_be_pasted_into_a_shell() {
        let connection = Connection {
            profile: Some("jane's own".to_owned()),
            region: Some("eu-west-1".to_owned()),
            endpoint: None,
        };
        let options = r" --profile 'jane'\''s own' --region eu-west-1";
        assert_eq!(connection.options(), options);
        assert_eq!(Connection::default().options(), "");
    }
}
