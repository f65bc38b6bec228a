//! The two calls to S3 that the function's role allows: `GetObject` and `PutObject`.

use std::env;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use super::config::{ConfigError, required};
use super::error::FunctionError;

const GET: &str = "s3:GetObject";
const PUT: &str = "s3:PutObject";

/// Silence on a connection after which an attempt is given up: after an upload until the answer begins,
/// and between two pieces of a download.
const READ_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// The SDK's own attempts; Step Functions retries on top of them.
const ATTEMPTS: u32 = 3;
/// A call to S3 with all its attempts, the pauses between them (3 s together at most) and the body.
/// Three silent attempts fit in it. Two calls take 40 of the 60 s that the function has, so that a slow
/// S3 ends under its name and not as a timeout of Lambda.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// S3 as the function uses it. Made once and kept: it holds the open connections.
#[derive(Debug, Clone)]
pub struct Storage {
    client: Client,
}

impl Storage {
    /// A client from the variables Lambda sets: region and the role's credentials, which do not change
    /// while an execution environment lives. That is why there is no credential chain here, with its
    /// STS and SSO clients. `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` point it at a local engine.
    ///
    /// # Errors
    ///
    /// The first variable that is missing.
    pub fn from_env() -> Result<Self, ConfigError> {
        let credentials = Credentials::new(
            required("AWS_ACCESS_KEY_ID")?,
            required("AWS_SECRET_ACCESS_KEY")?,
            required("AWS_SESSION_TOKEN").ok(),
            None,
            "lambda-environment",
        );
        let endpoint = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]
            .into_iter()
            .find_map(|variable| env::var(variable).ok().filter(|url| !url.is_empty()));
        let plain = endpoint
            .as_deref()
            .is_some_and(|url| url.starts_with("http://"));
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
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(required("AWS_REGION")?))
            .credentials_provider(credentials)
            .http_client(http)
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
        if let Some(url) = endpoint {
            // 127.0.0.1 has no virtual hosts.
            config = config.endpoint_url(url).force_path_style(true);
        }
        Ok(Self {
            client: Client::from_conf(config.build()),
        })
    }

    /// The bytes of an object, at most `max`.
    ///
    /// # Errors
    ///
    /// [`FunctionError`] of the kinds not found, read denied, too large, unavailable and rejected.
    pub async fn get(&self, bucket: &str, key: &str, max: u64) -> Result<Vec<u8>, FunctionError> {
        in_time(GET, bucket, key, Box::pin(self.read(bucket, key, max))).await
    }

    async fn read(&self, bucket: &str, key: &str, max: u64) -> Result<Vec<u8>, FunctionError> {
        let object = location(bucket, key);
        let answer = self
            .client
            .get_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| failure(GET, object.clone(), error))?;
        let too_large = |bytes| FunctionError::ObjectTooLarge {
            object: object.clone(),
            bytes,
            max,
        };

        let declared = answer
            .content_length()
            .and_then(|bytes| u64::try_from(bytes).ok());
        if let Some(bytes) = declared.filter(|&bytes| bytes > max) {
            return Err(too_large(bytes));
        }
        let mut bytes =
            Vec::with_capacity(declared.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
        let mut body = answer.body;
        let broken_off = |cause| FunctionError::StorageUnavailable {
            operation: GET,
            object: object.clone(),
            cause,
        };
        let silence = || format!("nothing came for {} s", READ_TIMEOUT.as_secs());
        loop {
            let chunk = tokio::time::timeout(READ_TIMEOUT, body.try_next())
                .await
                .map_err(|_| broken_off(silence().into()))?
                .map_err(|error| broken_off(error.into()))?;
            let Some(chunk) = chunk else { break };
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > max {
                return Err(too_large(bytes.len() as u64));
            }
        }
        match declared {
            Some(declared) if declared != bytes.len() as u64 => Err(broken_off(
                format!("{} of {declared} bytes came", bytes.len()).into(),
            )),
            _ => Ok(bytes),
        }
    }

    /// Writes an object.
    ///
    /// # Errors
    ///
    /// [`FunctionError`] of the kinds write denied, unavailable and rejected (also when there is no such
    /// bucket: the stack names it, not the caller).
    pub async fn put(
        &self,
        bucket: &str,
        key: &str,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<(), FunctionError> {
        let call = self
            .client
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send();
        let write = Box::pin(async {
            call.await
                .map(drop)
                .map_err(|error| failure(PUT, location(bucket, key), error))
        });
        in_time(PUT, bucket, key, write).await
    }
}

/// The outcome of a call, or unavailable if it takes too long. Calls come boxed: those of the SDK have
/// tens of kilobytes, and each function they pass through would copy them.
async fn in_time<T>(
    operation: &'static str,
    bucket: &str,
    key: &str,
    call: impl Future<Output = Result<T, FunctionError>>,
) -> Result<T, FunctionError> {
    tokio::time::timeout(CALL_TIMEOUT, call)
        .await
        .unwrap_or_else(|_| {
            Err(FunctionError::StorageUnavailable {
                operation,
                object: location(bucket, key),
                cause: format!("it was not done after {} s", CALL_TIMEOUT.as_secs()).into(),
            })
        })
}

/// How people write an object's address. The key is as it is in the bucket.
pub(super) fn location(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// An error of the SDK under our names: by what S3 answered, or unavailable if it did not.
fn failure<E>(operation: &'static str, object: String, error: SdkError<E>) -> FunctionError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let status = match &error {
        SdkError::ServiceError(answer) => answer.raw().status().as_u16(),
        SdkError::ConstructionFailure(_) => 0,
        _ => 503,
    };
    let missing = matches!(
        error.code(),
        Some("NoSuchKey" | "NoSuchBucket" | "NotFound")
    );
    let throttled = matches!(
        error.code(),
        Some(
            "SlowDown" | "RequestTimeout" | "Throttling" | "ThrottlingException" | "InternalError"
        )
    );
    let hidden = status == 403 && names_list_bucket(error.message());
    let cause = error.into();
    match status {
        _ if throttled => FunctionError::StorageUnavailable {
            operation,
            object,
            cause,
        },
        _ if operation == GET && (status == 404 || missing || hidden) => {
            FunctionError::ObjectNotFound { object, cause }
        }
        403 if operation == GET => FunctionError::ReadDenied { object, cause },
        403 => FunctionError::WriteDenied { object, cause },
        408 | 429 | 500.. => FunctionError::StorageUnavailable {
            operation,
            object,
            cause,
        },
        _ => FunctionError::StorageRejected {
            operation,
            object,
            cause,
        },
    }
}

/// Whether a refused `GetObject` lacks `s3:ListBucket`. Nobody needs that to read an object: S3 names it
/// where there is no object and the role may not be told so, and names `s3:GetObject` where the role may
/// not read. The action is taken from its place in the sentence, since a key can contain anything.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html> (Permissions)
fn names_list_bucket(message: Option<&str>) -> bool {
    message
        .and_then(|text| text.split_once("is not authorized to perform: "))
        .is_some_and(|(_, action)| action.starts_with("s3:ListBucket"))
}
