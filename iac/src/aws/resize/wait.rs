//! Waiting: for the end of an execution, and for an object.

use std::time::{Duration, Instant};

use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_sfn::types::ExecutionStatus;
use lambda::ResizeResult;
use serde_json::json;

use super::{Place, Resize, ResizeError, milliseconds, output};
use crate::aws::AwsError;
use crate::aws::accounts::without_accounts;
use crate::aws::cloudformation::Patience;

/// Between two looks: the first, and the longest.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);
/// How long trouble is borne.
const PATIENCE: Duration = Duration::from_secs(30);

impl Resize<'_> {
    /// Waits for the end of an execution.
    pub(super) async fn execution(&self, arn: &str) -> Result<Place, AwsError> {
        let client = self.account.step_functions();
        let place = self.account.place();
        let start = Instant::now();
        let look = async || {
            let described = client.describe_execution().execution_arn(arn).send().await;
            let described = described
                .map_err(|error| AwsError::of("describe the execution", &place, &error))?;
            let text = |text: Option<&str>| without_accounts(text.unwrap_or_default());
            match described.status() {
                ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Ok(None),
                ExecutionStatus::Succeeded => {
                    let output = described.output().unwrap_or_default();
                    let read = serde_json::from_str::<ResizeResult>(output);
                    let read = read.map_err(|_| ResizeError::NoResult(text(Some(output))))?;
                    Ok(Some(read))
                }
                status => Err(ResizeError::Execution {
                    status: status.as_str().to_owned(),
                    error: text(described.error()),
                    cause: text(described.cause()),
                }
                .into()),
            }
        };
        let next =
            "look at the execution in the console of Step Functions, or wait longer with --limit";
        let result = self.until(look, next).await?;
        let took = milliseconds(start);
        self.reporter.fact(
            "resized",
            json!({"result": result, "milliseconds": took}),
            &format!(
                "Execution: {took} ms ({} x {}, from {} x {})",
                result.width, result.height, result.source_width, result.source_height
            ),
        );
        Ok(Place {
            bucket: result.bucket,
            key: result.image_key,
        })
    }

    /// Waits for the result, where an upload alone starts everything.
    pub(super) async fn through_events(&self, key: &str) -> Result<Place, AwsError> {
        let bucket = output(&self.stack, "ResizedBucketName")?;
        let s3 = self.account.s3();
        let place = self.account.place();
        let start = Instant::now();
        let look = async || match s3.head_object().bucket(bucket).key(key).send().await {
            Ok(_) => Ok(Some(())),
            Err(error) if error.code() == Some("NotFound") => Ok(None),
            Err(error) => {
                let action = format!("look for {key} in the bucket of results");
                Err(AwsError::of(action, &place, &error))
            }
        };
        let next = "what the function failed on is in the stack's dead-letter queue and in its log. Wait longer with \
                    --limit";
        self.until(look, next).await?;
        let took = milliseconds(start);
        self.reporter.fact(
            "resized",
            json!({"key": key, "milliseconds": took}),
            &format!("Result: {took} ms after the upload"),
        );
        Ok(Place {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }

    /// Looks again and again until there is something.
    async fn until<T>(
        &self,
        look: impl AsyncFn() -> Result<Option<T>, AwsError>,
        next: &str,
    ) -> Result<T, AwsError> {
        let start = Instant::now();
        let mut pause = FIRST;
        let mut patience = Patience::new(PATIENCE);
        while start.elapsed() < self.options.limit {
            match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => patience.rest(),
                Err(error) => {
                    patience.bear(error).await?;
                    continue;
                }
            }
            tokio::time::sleep(pause).await;
            pause = pause.mul_f64(1.5).min(LONGEST);
        }
        Err(ResizeError::NoEnd {
            key: self.key.clone(),
            limit: self.options.limit,
            next: next.to_owned(),
        }
        .into())
    }
}
