//! `--demo`: one photo through the whole system, told as a story.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thiserror::Error;

use super::setup::{elapsed, size};
use super::storage::StorageError;
use super::{LocalError, Reporter, Session};
use crate::local::engine::AccessError;

/// Longer than an execution of the stack can run: seven runs of at most 90 s, and pauses of 2 to 64 s
/// between them, 126 s in all, make twelve minutes and a half.
const LIMIT: Duration = Duration::from_mins(13);

/// How often a person hears that it still runs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why the demo did not get to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DemoError {
    /// The API refused.
    #[error("the API answered {status}: {body}")]
    Refused {
        /// The status.
        status: u16,
        /// The body.
        body: String,
    },
    /// The execution failed.
    #[error("the execution {execution} ended as {status}: {error}: {cause}")]
    Execution {
        /// Its ARN.
        execution: String,
        /// `FAILED`, `TIMED_OUT` or `ABORTED`.
        status: String,
        /// The error's name.
        error: String,
        /// What it says.
        cause: String,
    },
    /// The execution does not end.
    #[error("the execution {0} did not end within {LIMIT:?}")]
    Timeout(String),
    /// The output is not a resize's result.
    #[error("the execution succeeded with an output that is no result: {0}")]
    NoResult(String),
    /// The result cannot be written, or the photo not read.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The engine does not answer.
    #[error(transparent)]
    Engine(#[from] AccessError),
}

/// Sends a photo through the system and writes the result into `directory`.
///
/// # Errors
/// A step fails; [`DemoError::Execution`] carries the function's error and cause.
pub async fn run(
    session: &Session,
    reporter: &Reporter,
    photo: &Path,
    directory: &Path,
) -> Result<(), LocalError> {
    let start = Instant::now();
    let bucket = session.output("SourceBucketName")?;
    let bytes = std::fs::metadata(photo)
        .map_err(|source| StorageError::File {
            path: photo.to_owned(),
            source,
        })?
        .len();
    let key = session.storage.upload(bucket, photo).await?;
    reporter.fact(
        "demo-uploaded",
        json!({"file": photo, "bucket": bucket, "key": key, "bytes": bytes, "milliseconds": elapsed(start)}),
        &format!("\n{} --> s3://{bucket}/{key}   ({}, {} ms)", photo.display(), size(bytes), elapsed(start)),
    );

    let step = Instant::now();
    let route = session.route("POST", "/resize")?;
    let url = format!("{}{}", session.url(), route.path);
    let request = json!({"bucket": bucket, "key": key}).to_string();
    let answer = session
        .call(route, request.clone())
        .await
        .map_err(DemoError::from)?;
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    let execution = serde_json::from_str::<Value>(&body)
        .ok()
        .and_then(|value| Some(value["executionArn"].as_str()?.to_owned()));
    let Some(execution) = execution.filter(|_| answer.status.is_success()) else {
        return Err(DemoError::Refused {
            status: answer.status.as_u16(),
            body,
        }
        .into());
    };
    reporter.fact(
        "demo-started",
        json!({"url": url, "request": request, "status": answer.status.as_u16(), "executionArn": execution, "milliseconds": elapsed(step)}),
        &format!(
            "  --> POST {url} {request}\n  --> the API answers {} ({} ms)\n  --> Step Functions runs {}",
            answer.status,
            elapsed(step),
            execution.rsplit(':').next().unwrap_or_default()
        ),
    );

    let step = Instant::now();
    let result = {
        let mut result = std::pin::pin!(wait(session, &execution));
        loop {
            tokio::select! {
                result = &mut result => break result?,
                () = tokio::time::sleep(PATIENCE) => reporter.progress(&format!(
                    "still runs after {} s; Ctrl-C ends it, and it ends itself after {} minutes",
                    step.elapsed().as_secs(),
                    LIMIT.as_secs() / 60,
                )),
            }
        }
    };
    let field = |name: &str| result[name].as_str().map(str::to_owned);
    let (Some(bucket), Some(key)) = (field("bucket"), field("image_key")) else {
        return Err(DemoError::NoResult(result.to_string()).into());
    };
    reporter.fact(
        "demo-succeeded",
        json!({"executionArn": execution, "result": result, "milliseconds": elapsed(step)}),
        &format!(
            "  --> Lambda resizes {} x {} ({}) to {} x {} ({}) in {} ms\n  --> s3://{bucket}/{key}",
            result["source_width"],
            result["source_height"],
            size(result["source_bytes"].as_u64().unwrap_or_default()),
            result["width"],
            result["height"],
            size(result["bytes"].as_u64().unwrap_or_default()),
            elapsed(step)
        ),
    );

    let object = session.storage.get(&bucket, &key).await?;
    let name = Path::new(&key)
        .file_name()
        .map_or_else(|| PathBuf::from("result"), PathBuf::from);
    let file = directory.join(name);
    let written =
        std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&file, &object.bytes));
    written.map_err(|source| DemoError::File {
        path: file.clone(),
        source,
    })?;
    reporter.fact(
        "demo-finished",
        json!({"file": file, "bytes": object.bytes.len(), "contentType": object.content_type, "milliseconds": elapsed(start)}),
        &format!("  --> {} ({}, {})\n\nDone in {} ms.", file.display(), size(object.bytes.len() as u64), object.content_type, elapsed(start)),
    );
    Ok(())
}

/// Waits for an execution and gives its output.
///
/// # Errors
/// It fails, or does not end.
pub async fn wait(session: &Session, execution: &str) -> Result<Value, DemoError> {
    let access = session.engine.access();
    let start = Instant::now();
    let headers = [
        ("x-amz-target", "AWSStepFunctions.DescribeExecution"),
        ("content-type", "application/x-amz-json-1.0"),
    ];
    while start.elapsed() < LIMIT {
        let body = json!({"executionArn": execution}).to_string();
        let answer = access
            .post("states", &access.credentials, &headers, body.into())
            .await?;
        let described: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
        match described["status"].as_str() {
            Some("RUNNING") => tokio::time::sleep(Duration::from_millis(25)).await,
            Some("SUCCEEDED") => {
                return serde_json::from_str(&text("output"))
                    .map_err(|_| DemoError::NoResult(text("output")));
            }
            _ => {
                return Err(DemoError::Execution {
                    execution: execution.to_owned(),
                    status: text("status"),
                    error: text("error"),
                    cause: text("cause"),
                });
            }
        }
    }
    Err(DemoError::Timeout(execution.to_owned()))
}
