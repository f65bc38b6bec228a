//! S3's event: each record on its own, one after the other.

use std::time::Instant;

use serde::Serialize;
use serde_json::value::RawValue;

use super::error::guarded;
use super::once::Outcome;
use super::record::{Facts, from_words};
use super::s3_event::Notice;
use super::target::Target;
use super::{Function, FunctionError, in_time, output_key};
use crate::FailureName;
use crate::causes::chain;
use crate::result::Status;

/// What became of an event: how many of its records ended how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BatchResult {
    /// Always [`Status::Success`]: a failure is an error.
    pub status: Status,
    /// Resized now.
    pub processed: usize,
    /// Resized before.
    pub duplicate: usize,
    /// Replaced by a newer object, which has an event of its own.
    pub superseded: usize,
    /// Nothing to resize: folders, empty objects, results, other events.
    pub skipped: usize,
}

impl Default for BatchResult {
    fn default() -> Self {
        Self {
            status: Status::Success,
            processed: 0,
            duplicate: 0,
            superseded: 0,
            skipped: 0,
        }
    }
}

impl Function {
    /// Handles every record, whatever becomes of the others.
    ///
    /// # Errors
    ///
    /// If any record failed: then Lambda delivers the whole event again, and in the end to its destination for
    /// failures. The records that are done are recognised by then.
    pub(super) async fn handle_records(
        &self,
        records: &[&RawValue],
        request_id: &str,
    ) -> Result<BatchResult, FunctionError> {
        let mut outcomes = Vec::with_capacity(records.len());
        for record in records {
            let started = Instant::now();
            let notice = Notice::of(record);
            let outcome = match &notice {
                Ok(notice) => self.handle_record(notice, request_id).await,
                Err(reason) => Err(FunctionError::InvalidRecord {
                    reason: reason.clone(),
                }),
            };
            log(request_id, notice.ok().as_ref(), started, &outcome);
            outcomes.push(outcome);
        }
        sum(outcomes)
    }

    async fn handle_record(
        &self,
        notice: &Notice,
        request_id: &str,
    ) -> Result<Outcome, FunctionError> {
        if let Some(reason) = self.reason_to_skip(notice)? {
            return Ok(Outcome::Skipped(reason));
        }
        let place = (notice.bucket.as_str(), notice.key.as_str());
        let output_key = output_key(&notice.key, &self.config)
            .map_err(|reason| FunctionError::InvalidRecord { reason })?;
        let mut facts = Facts {
            etag: notice.etag.clone(),
            version: notice.version.clone(),
            sequencer: notice.sequencer.clone(),
            bytes: notice.bytes,
            uploaded: notice.event_time.as_deref().and_then(from_words),
        };
        let target = Target::usual(output_key, &self.config);
        let work = self.once(place, &target, &mut facts, request_id);
        match guarded(in_time(place, work)).await {
            // Deleted in the meantime, and whoever deleted it wants no result: nothing to try again.
            Err(error) if error.name() == FailureName::ObjectNotFound => {
                Ok(Outcome::Skipped("it is gone"))
            }
            Err(error) => {
                self.record_failure(place, &facts, &error).await;
                Err(error)
            }
            done => done,
        }
    }

    /// Why there is nothing to do for an object, if so.
    fn reason_to_skip(&self, notice: &Notice) -> Result<Option<&'static str>, FunctionError> {
        let Notice { bucket, key, .. } = notice;
        let prefix = self.config.result_keys.input_prefix.as_deref();
        Ok(if !notice.is_creation() {
            Some("no object was created")
        } else if *bucket != self.config.source_bucket {
            return Err(FunctionError::BucketNotAllowed {
                bucket: bucket.clone(),
            });
        } else if self.config.is_result(bucket, key) {
            Some("it is a result of this function")
        } else if prefix.is_some_and(|prefix| !key.starts_with(prefix)) {
            Some("it is outside of the prefix of originals")
        } else if key.ends_with('/') {
            Some("it is a folder")
        } else if notice.bytes == Some(0) {
            Some("it is empty")
        } else {
            None
        })
    }
}

/// The event's result: of several failures the one that says most about what to do, and of equals the first.
fn sum(outcomes: Vec<Result<Outcome, FunctionError>>) -> Result<BatchResult, FunctionError> {
    let mut result = BatchResult::default();
    let records = outcomes.len();
    let mut failures = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(Outcome::Processed(_)) => result.processed += 1,
            Ok(Outcome::Duplicate(_)) => result.duplicate += 1,
            Ok(Outcome::Superseded) => result.superseded += 1,
            Ok(Outcome::Skipped(_)) => result.skipped += 1,
            Err(error) => failures.push(error),
        }
    }
    let failed = failures.len();
    match failures
        .into_iter()
        .min_by_key(|error| urgency(error.name()))
    {
        None => Ok(result),
        Some(error) if records == 1 => Err(error),
        Some(worst) => Err(FunctionError::Records {
            failed,
            records,
            worst: Box::new(worst),
        }),
    }
}

/// What is wrong with the stack comes before what passes, and that before what is wrong with an image.
fn urgency(name: FailureName) -> u8 {
    match name {
        FailureName::InternalError | FailureName::AccessDenied | FailureName::BucketNotAllowed => 0,
        FailureName::StorageUnavailable => 1,
        _ => 2,
    }
}

/// One line about a record.
fn log(
    request_id: &str,
    notice: Option<&Notice>,
    started: Instant,
    outcome: &Result<Outcome, FunctionError>,
) {
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let bucket = notice.map(|notice| notice.bucket.as_str());
    let key = notice.map(|notice| notice.key.as_str());
    let etag = notice.and_then(|notice| notice.etag.as_deref());
    let version = notice.and_then(|notice| notice.version.as_deref());
    let sequencer = notice.and_then(|notice| notice.sequencer.as_deref());
    macro_rules! line {
        ($level:ident, $outcome:literal, $($field:tt)*) => {
            tracing::$level!(
                request_id,
                bucket,
                key,
                etag,
                version,
                sequencer,
                duration_ms,
                outcome = $outcome,
                $($field)*
            )
        };
    }
    match outcome {
        Ok(Outcome::Processed(result)) => line!(
            info,
            "processed",
            output_key = result.image_key,
            format = result.format,
            width = result.width,
            height = result.height,
            bytes = result.bytes,
            source_width = result.source_width,
            source_height = result.source_height,
            source_bytes = result.source_bytes,
            "resized"
        ),
        Ok(Outcome::Duplicate(result)) => line!(
            info,
            "duplicate",
            output_key = result.image_key,
            "resized before"
        ),
        Ok(Outcome::Superseded) => line!(info, "superseded", "replaced by a newer object"),
        Ok(Outcome::Skipped(reason)) => line!(info, "skipped", reason, "nothing to resize"),
        Err(error) => line!(
            error,
            "failed",
            error = error.name().as_str(),
            cause = chain(error),
            "not resized"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(reason: &str) -> Result<Outcome, FunctionError> {
        Err(FunctionError::InvalidRecord {
            reason: reason.to_owned(),
        })
    }

    #[test]
    fn the_failure_that_needs_most_is_told() {
        let panicked = || {
            Err(FunctionError::Panicked {
                text: "boom".to_owned(),
            })
        };
        let error = sum(vec![
            failure("first"),
            Ok(Outcome::Superseded),
            panicked(),
            failure("last"),
        ]);
        let error = error.expect_err("three failed");
        assert_eq!(error.name(), FailureName::InternalError);
        assert!(error.to_string().contains("3 of 4 records"), "{error}");
        assert!(error.to_string().contains("boom"), "{error}");
        let error = sum(vec![failure("first"), failure("last")]).expect_err("both failed");
        assert!(error.to_string().contains("first"), "{error}");
        let error = sum(vec![panicked()]).expect_err("it failed");
        assert!(!error.to_string().contains("records"), "{error}");
    }

    #[test]
    fn outcomes_are_counted() {
        let skipped = || Ok(Outcome::Skipped("it is a folder"));
        let result = sum(vec![skipped(), Ok(Outcome::Superseded), skipped()]);
        let counted = serde_json::to_value(result.expect("none failed")).expect("JSON");
        assert_eq!(
            counted,
            serde_json::json!({
                "status": "success", "processed": 0, "duplicate": 0, "superseded": 1, "skipped": 2,
            })
        );
    }
}
