//! `resize-api`: the photo is in the bucket, the API starts an execution.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Demo, DemoError, LIMIT, PATIENCE};
use crate::local::setup::{elapsed, size};
use crate::local::storage::StorageError;
use crate::local::{LocalError, Session};

pub(super) async fn run(demo: Demo<'_>) -> Result<(), LocalError> {
    let Demo {
        session,
        reporter,
        photo,
        start,
        ..
    } = demo;
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
                () = tokio::time::sleep(PATIENCE) => demo.still_runs(step),
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
    demo.finish(&key, &object)
}

/// Waits for an execution and gives its output.
///
/// # Errors
/// It fails, or does not end.
pub async fn wait(session: &Session, execution: &str) -> Result<Value, DemoError> {
    let access = session.engine.access();
    let start = Instant::now();
    let question = json!({"executionArn": execution});
    while start.elapsed() < LIMIT {
        let described: Value = access
            .ask("states", "AWSStepFunctions.DescribeExecution", &question)
            .await?;
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
