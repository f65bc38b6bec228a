//! `--demo`: one photo through the whole system, told as a story.

mod execution;
mod metadata;
mod signed;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::json;
use thiserror::Error;

use super::engine::{AccessError, Answer};
use super::setup::{elapsed, size};
use super::storage::{Object, StorageError};
use super::{LocalError, Reporter, Session};

pub use execution::wait;

/// Longer than an execution of `resize-api` can run: seven runs of at most 90 s, and pauses of 2 to 64 s
/// between them, 126 s in all, make twelve minutes and a half. The other stacks try twice.
const LIMIT: Duration = Duration::from_mins(13);

/// How often a person hears that it still runs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it is asked for the result.
const PAUSE: Duration = Duration::from_millis(50);

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
    /// The function failed.
    #[error("{key} was not resized: {error}: {message}")]
    Failed {
        /// Key of the original.
        key: String,
        /// The error's name.
        error: String,
        /// What it says.
        message: String,
    },
    /// Nothing comes of the upload.
    #[error("there was no result of {0} within {LIMIT:?}")]
    NoEnd(String),
    /// The API's answer is not of the form that its model says.
    #[error("the API gave an answer that its model does not allow: {0}")]
    NotOfModel(String),
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

/// A photo and where its result goes.
#[derive(Debug, Clone, Copy)]
struct Demo<'d> {
    session: &'d Session,
    reporter: &'d Reporter,
    photo: &'d Path,
    directory: &'d Path,
    start: Instant,
}

/// Sends a photo through the system, as a client of this stack would, and writes the result into
/// `directory`.
///
/// # Errors
/// A step fails; [`DemoError::Execution`] and [`DemoError::Failed`] carry what the function said.
pub async fn run(
    session: &Session,
    reporter: &Reporter,
    photo: &Path,
    directory: &Path,
) -> Result<(), LocalError> {
    let demo = Demo {
        session,
        reporter,
        photo,
        directory,
        start: Instant::now(),
    };
    if session.route("POST", "/uploads").is_ok() {
        signed::run(demo).await
    } else if session.route("POST", "/images").is_ok() {
        metadata::through_function(demo).await
    } else if session.route("POST", "/upload").is_ok() {
        metadata::straight_into_bucket(demo).await
    } else {
        execution::run(demo).await
    }
}

impl Demo<'_> {
    /// The photo, and its name for a URL.
    fn read(&self) -> Result<(Vec<u8>, &str), LocalError> {
        let bytes = std::fs::read(self.photo).map_err(|source| StorageError::File {
            path: self.photo.to_owned(),
            source,
        })?;
        Ok((bytes, super::storage::key_of(self.photo)?))
    }

    /// Asks until there is an answer. The step gives none while there is nothing yet.
    async fn until<T>(
        &self,
        what: &str,
        step: impl AsyncFn() -> Result<Option<T>, DemoError>,
    ) -> Result<T, DemoError> {
        let start = Instant::now();
        let mut told = start;
        while start.elapsed() < LIMIT {
            if let Some(found) = step().await? {
                return Ok(found);
            }
            if told.elapsed() > PATIENCE {
                told = Instant::now();
                self.still_runs(start);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(DemoError::NoEnd(what.to_owned()))
    }

    fn still_runs(&self, since: Instant) {
        self.reporter.progress(&format!(
            "still runs after {} s; Ctrl-C ends it, and it ends itself after {} minutes",
            since.elapsed().as_secs(),
            LIMIT.as_secs() / 60,
        ));
    }

    /// Writes the result under its own name.
    fn finish(&self, key: &str, object: &Object) -> Result<(), LocalError> {
        let name = Path::new(key)
            .file_name()
            .map_or_else(|| PathBuf::from("result"), PathBuf::from);
        let file = self.directory.join(name);
        let written = std::fs::create_dir_all(self.directory)
            .and_then(|()| std::fs::write(&file, &object.bytes));
        written.map_err(|source| DemoError::File {
            path: file.clone(),
            source,
        })?;
        let (bytes, kind, took) = (
            object.bytes.len(),
            &object.content_type,
            elapsed(self.start),
        );
        self.reporter.fact(
            "demo-finished",
            json!({"file": file, "bytes": bytes, "contentType": kind, "milliseconds": took}),
            &format!(
                "  --> {} ({}, {kind})\n\nDone in {took} ms.",
                file.display(),
                size(bytes as u64)
            ),
        );
        Ok(())
    }
}

/// Reads an answer with this status.
fn read<T: DeserializeOwned>(answer: &Answer, status: StatusCode) -> Result<T, DemoError> {
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    if answer.status != status {
        return Err(DemoError::Refused {
            status: answer.status.as_u16(),
            body,
        });
    }
    serde_json::from_str(&body).map_err(|_| DemoError::NotOfModel(body))
}
