//! One request, from event to result.

use std::sync::Arc;
use std::time::Instant;

use lambda_runtime::{Diagnostic, LambdaEvent};
use serde_json::value::RawValue;

use super::config::{Config, ConfigError};
use super::error::FunctionError;
use super::storage::{Storage, location};
use crate::engine::{self, Limits, Thumbnail, chain, panic_text};
use crate::result::Status;
use crate::{ResizeRequest, ResizeResult};

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
const MAX_KEY_BYTES: usize = 1024;

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct Function {
    config: Config,
    storage: Storage,
    limits: Limits,
}

impl Function {
    /// A function for this process's environment.
    ///
    /// # Errors
    ///
    /// The first environment variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self {
            config: Config::from_env()?,
            storage: Storage::from_env()?,
            limits: Limits::default(),
        })
    }

    /// Fits one object in the box.
    ///
    /// # Errors
    ///
    /// Each [`FunctionError`].
    pub async fn resize(&self, request: &ResizeRequest) -> Result<ResizeResult, FunctionError> {
        let output_key = check(request, &self.config)?;
        let source = self
            .storage
            .get(&request.bucket, &request.key, self.limits.max_source_bytes)
            .await?;
        let source_bytes = source.len() as u64;
        // The function serves one request at a time: there is nothing else this thread could do.
        let thumbnail =
            engine::thumbnail(&source, self.config.bounds, &self.limits).map_err(|cause| {
                FunctionError::Image {
                    object: location(&request.bucket, &request.key),
                    cause,
                }
            })?;
        drop(source);

        let content_type = thumbnail.content_type();
        let Thumbnail {
            format,
            width,
            height,
            source_width,
            source_height,
            bytes,
        } = thumbnail;
        let result = ResizeResult {
            status: Status::Success,
            bucket: self.config.resized_bucket.clone(),
            image_key: output_key,
            format: format.name().to_owned(),
            content_type: content_type.to_owned(),
            width,
            height,
            bytes: bytes.len() as u64,
            source_width,
            source_height,
            source_bytes,
        };
        self.storage
            .put(&result.bucket, &result.image_key, content_type, bytes)
            .await?;
        Ok(result)
    }
}

/// Answers one event and logs one line about it. A function that was set up wrongly answers too: an
/// error with a name and a variable says more than a process that exits.
///
/// # Errors
///
/// A [`Diagnostic`] whose `errorType` is a [`FailureName`](crate::FailureName).
pub async fn answer(
    function: Arc<Result<Function, ConfigError>>,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<ResizeResult, Diagnostic> {
    let started = Instant::now();
    let request_id = event.context.request_id;
    let request = parse(event.payload.get());
    let asked = request.as_ref().ok().cloned();

    let outcome = caught(async move {
        let request = request?;
        match &*function {
            Ok(function) => function.resize(&request).await,
            Err(error) => Err(error.clone().into()),
        }
    })
    .await;

    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let bucket = asked.as_ref().map(|asked| asked.bucket.as_str());
    let key = asked.as_ref().map(|asked| asked.key.as_str());
    match outcome {
        Ok(result) => {
            tracing::info!(
                request_id,
                bucket,
                key,
                duration_ms,
                outcome = "success",
                output_key = result.image_key,
                format = result.format,
                width = result.width,
                height = result.height,
                bytes = result.bytes,
                source_width = result.source_width,
                source_height = result.source_height,
                source_bytes = result.source_bytes,
                "resized"
            );
            Ok(result)
        }
        Err(error) => {
            tracing::error!(
                request_id,
                bucket,
                key,
                duration_ms,
                outcome = "failure",
                error = error.name().as_str(),
                cause = chain(&error),
                "not resized"
            );
            Err(error.into())
        }
    }
}

/// Runs a future in a task of its own, so that its panic comes back as a value: the runtime would catch
/// it too, and name it after a Rust type.
async fn caught<T: Send + 'static>(
    future: impl Future<Output = Result<T, FunctionError>> + Send + 'static,
) -> Result<T, FunctionError> {
    tokio::spawn(future).await.unwrap_or_else(|error| {
        let text = match error.try_into_panic() {
            Ok(panic) => panic_text(&*panic).to_owned(),
            Err(error) => error.to_string(),
        };
        Err(FunctionError::Panicked { text })
    })
}

/// The request in an event's text. The event is taken as text since a generic value would accept a
/// key given twice and lose numbers such as 1e400.
fn parse(event: &str) -> Result<ResizeRequest, FunctionError> {
    let mut json = serde_json::Deserializer::from_str(event);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner();
        let reason = if path == "." {
            problem.to_string()
        } else {
            format!("{path}: {problem}")
        };
        FunctionError::InvalidRequest { reason }
    })
}

/// Checks what the API's model cannot say and returns the key of the result.
fn check(request: &ResizeRequest, config: &Config) -> Result<String, FunctionError> {
    let invalid = |reason| Err(FunctionError::InvalidRequest { reason });
    let ResizeRequest { bucket, key } = request;
    if !(1..=MAX_KEY_BYTES).contains(&key.len()) {
        return invalid(format!(
            "key: it has {} bytes; a key has 1 to {MAX_KEY_BYTES}",
            key.len()
        ));
    }
    if *bucket != config.source_bucket {
        return Err(FunctionError::BucketNotAllowed {
            bucket: bucket.clone(),
        });
    }
    if config.source_bucket == config.resized_bucket && key.starts_with(&config.output_prefix) {
        return invalid(format!(
            "key: {} is a result of this function; resizing results would never end",
            location(bucket, key)
        ));
    }
    let output_key = format!("{}{key}", config.output_prefix);
    if output_key.len() > MAX_KEY_BYTES {
        return invalid(format!(
            "key: with the prefix {:?} the result's key has {} bytes; a key has at most \
             {MAX_KEY_BYTES}",
            config.output_prefix,
            output_key.len()
        ));
    }
    Ok(output_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureName;
    use crate::engine::Bounds;

    fn config(resized_bucket: &str) -> Config {
        Config {
            source_bucket: "originals".to_owned(),
            resized_bucket: resized_bucket.to_owned(),
            output_prefix: "thumbs/".to_owned(),
            bounds: Bounds::default(),
        }
    }

    fn request(bucket: &str, key: &str) -> ResizeRequest {
        ResizeRequest {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        }
    }

    #[test]
    fn a_panic_is_an_internal_error_and_the_next_future_runs() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let error = caught::<()>(async { panic!("at {}", "the disco") })
                .await
                .expect_err("it panicked");
            assert_eq!(error.name(), FailureName::InternalError);
            assert!(error.to_string().contains("at the disco"), "{error}");
            let diagnostic = Diagnostic::from(error);
            assert_eq!(diagnostic.error_type, "InternalError");
            assert_eq!(caught(async { Ok(7) }).await.expect("no panic"), 7);
        });
    }

    #[test]
    fn the_prefix_goes_before_the_whole_key() {
        for key in [
            "photos/a.jpg",
            "/a",
            "../a",
            "a b+c%2F",
            "\u{1F4F7}\n\"",
            "thumbs/a",
        ] {
            let output = check(&request("originals", key), &config("resized")).expect(key);
            assert_eq!(output, format!("thumbs/{key}"));
        }
    }

    #[test]
    fn keys_are_counted_in_bytes() {
        let config = config("resized");
        let fits = "\u{e9}".repeat(508);
        assert!(check(&request("originals", &fits), &config).is_ok());
        for (key, said) in [
            (String::new(), "0 bytes"),
            ("\u{e9}".repeat(513), "1026 bytes"),
            ("\u{e9}".repeat(509), "1025 bytes"),
        ] {
            let error = check(&request("originals", &key), &config).expect_err("too long");
            assert_eq!(error.name(), FailureName::InvalidRequest);
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[test]
    fn another_bucket_is_refused_without_telling_the_right_one() {
        let error = check(&request("other", "a"), &config("resized")).expect_err("not allowed");
        assert_eq!(error.name(), FailureName::BucketNotAllowed);
        assert!(error.to_string().contains("other"));
        assert!(!error.to_string().contains("originals"));
    }

    #[test]
    fn a_result_is_no_source_in_the_same_bucket() {
        let config = config("originals");
        let error = check(&request("originals", "thumbs/a"), &config).expect_err("a loop");
        assert_eq!(error.name(), FailureName::InvalidRequest);
        assert!(check(&request("originals", "thumbs.jpg"), &config).is_ok());
    }

    #[test]
    fn events_that_are_no_requests_name_the_field() {
        for (event, said) in [
            (r#"{"bucket":"b"}"#, "`key`"),
            (r#"{"bucket":"b","key":5}"#, "key: "),
            (r#"{"bucket":null,"key":"k"}"#, "bucket: "),
            (r#"{"bucket":"b","key":"k","size":1e400}"#, "`size`"),
            (
                r#"{"bucket":"b","bucket":"c","key":"k"}"#,
                "duplicate field `bucket`",
            ),
            (r#"{"bucket":"b","key":"\ud800"}"#, "key: "),
            ("[]", "invalid"),
            ("null", "null"),
        ] {
            let error = parse(event).expect_err(event);
            assert_eq!(error.name(), FailureName::InvalidRequest);
            assert!(error.to_string().contains(said), "{event}: {error}");
        }
    }
}
