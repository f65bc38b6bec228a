//! One event, from its text to an answer.

use std::sync::Arc;
use std::time::Instant;

use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::Serialize;
use serde_json::value::RawValue;

use super::batch::BatchResult;
use super::error::guarded;
use super::s3_event::Event;
use super::{Function, FunctionError, request};
use crate::causes::chain;
use crate::function::variables::ConfigError;
use crate::{ResizeResult, ResizeResults};

/// What the function answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To a request.
    Resized(ResizeResult),
    /// To a request for several sizes.
    Several(ResizeResults),
    /// To an event of S3.
    Batch(BatchResult),
}

/// Answers one event and logs a line about each object. A function that was set up wrongly answers too: an
/// error with a name and a variable says more than a process that exits.
///
/// # Errors
///
/// A [`Diagnostic`] whose `errorType` is a [`FailureName`](crate::FailureName).
pub async fn answer(
    function: Arc<Result<Function, ConfigError>>,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<Answer, Diagnostic> {
    let function = (*function).as_ref();
    let request_id = event.context.request_id;
    match Event::of(event.payload.get()) {
        Event::Request(text) => answer_request(function, text, &request_id).await,
        Event::Test => {
            tracing::info!(
                request_id,
                outcome = "skipped",
                reason = "it is a test",
                "nothing to resize"
            );
            Ok(Answer::Batch(BatchResult::default()))
        }
        Event::Records(records) => {
            let function = function.map_err(|error| not_set_up(error, &request_id))?;
            let result = function.handle_records(&records, &request_id).await;
            Ok(Answer::Batch(result?))
        }
    }
}

fn not_set_up(error: &ConfigError, request_id: &str) -> FunctionError {
    let error = FunctionError::from(error.clone());
    tracing::error!(
        request_id,
        outcome = "failure",
        error = error.name().as_str(),
        cause = chain(&error),
        "not resized"
    );
    error
}

async fn answer_request(
    function: Result<&Function, &ConfigError>,
    text: &str,
    request_id: &str,
) -> Result<Answer, Diagnostic> {
    let started = Instant::now();
    let request = request::parse(text);
    let asked = request.as_ref().ok().cloned();

    let outcome = guarded(async {
        let request = request?;
        match function {
            Ok(function) => function.resize(&request, request_id).await,
            Err(error) => Err(error.clone().into()),
        }
    })
    .await;

    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let bucket = asked.as_ref().map(|asked| asked.bucket.as_str());
    let key = asked.as_ref().map(|asked| asked.key.as_str());
    match outcome {
        Ok(results) => {
            let first = results.first();
            tracing::info!(
                request_id,
                bucket,
                key,
                duration_ms,
                outcome = "success",
                results = results.len(),
                computed = results.iter().filter(|it| it.computed).count(),
                output_key = first.map(|it| it.image_key.as_str()),
                format = first.map(|it| it.format.as_str()),
                width = first.map(|it| it.width),
                height = first.map(|it| it.height),
                bytes = first.map(|it| it.bytes),
                source_width = first.map(|it| it.source_width),
                source_height = first.map(|it| it.source_height),
                source_bytes = first.map(|it| it.source_bytes),
                "resized"
            );
            let several = asked.is_some_and(|asked| asked.sizes.is_some());
            answer_to(several, results).map_err(Diagnostic::from)
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

/// The answer to a request for one result, or for several.
fn answer_to(several: bool, mut results: Vec<ResizeResult>) -> Result<Answer, FunctionError> {
    let answer = if several {
        ResizeResults::of(results).map(Answer::Several)
    } else {
        results.pop().map(Answer::Resized)
    };
    answer.ok_or_else(|| FunctionError::Panicked {
        text: "no result was made".to_owned(),
    })
}
