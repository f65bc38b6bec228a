//! One new object, resized once, however often and in whatever order its events come.
//!
//! The result itself is the lock: it is written only if it is still as it was when the work began, so that of
//! two writers the slower one starts again. The original is read only if it is still the one that the event is
//! about; a newer one has an event of its own. So the last result is made from the newest original,
//! unless a request (a backfill's) replaces it: that one writes what it read, whatever is there.

use super::notes::{self, notes};
use super::record::{Facts, Finding};
use super::target::Target;
use super::{Function, FunctionError, Resized};
use crate::ResizeResult;
use crate::function::storage::{StorageError, When, location};

/// How often to begin. Each time somebody else finished the same result meanwhile.
const ATTEMPTS: usize = 5;

/// What became of an event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// The result was made.
    Processed(ResizeResult),
    /// The result had been made from this very object, in this very way.
    Duplicate(ResizeResult),
    /// The object has been replaced.
    Superseded,
    /// There is nothing to do for such an object, and why.
    Skipped(&'static str),
}

impl Function {
    /// Handles one new object and writes down what became of it.
    pub(super) async fn once(
        &self,
        place: (&str, &str),
        target: &Target,
        facts: &mut Facts,
        request_id: &str,
    ) -> Result<Outcome, FunctionError> {
        let told = facts.etag.clone();
        let outcome = self.make(place, target, facts, request_id).await?;
        match &outcome {
            Outcome::Processed(result) => {
                // A newer object than the event's has an event of its own, which knows more of it.
                let is_its = told.is_none() || told == facts.etag;
                let finding = if is_its {
                    Finding::Processed(result)
                } else {
                    Finding::Known(result)
                };
                self.record(place, facts, finding).await?;
            }
            Outcome::Duplicate(result) => {
                self.record(place, facts, Finding::Known(result)).await?;
            }
            Outcome::Superseded | Outcome::Skipped(_) => {}
        }
        Ok(outcome)
    }

    async fn make(
        &self,
        place: (&str, &str),
        target: &Target,
        facts: &mut Facts,
        request_id: &str,
    ) -> Result<Outcome, FunctionError> {
        let (bucket, key) = place;
        let resized_bucket = self.config.resized_bucket.as_str();
        let output_key = target.key.as_str();
        let digest = target.digest(place);
        let told = facts.clone();
        // The entity tag that the original must have; none takes it as it is.
        let mut wanted = told.etag.clone();
        for _ in 0..ATTEMPTS {
            let head = self.storage.head(resized_bucket, output_key).await?;
            let known = head
                .as_ref()
                .and_then(|head| notes::read(head, &digest, resized_bucket, output_key));
            if let Some((made_from, result)) = &known
                && wanted.is_some()
                && notes::same(made_from, facts)
            {
                facts.recognise(made_from);
                return Ok(Outcome::Duplicate(result.clone()));
            }

            let max = self.config.limits.max_source_bytes;
            let source = match self.storage.get(bucket, key, wanted.as_deref(), max).await {
                Err(StorageError::Changed { .. }) => return Ok(Outcome::Superseded),
                other => other?,
            };
            facts.clone_from(&told);
            facts.see(&source);
            if source.bytes.is_empty() {
                return Ok(Outcome::Skipped("it is empty"));
            }
            if let Some((made_from, result)) = known
                && notes::same(&made_from, facts)
            {
                facts.recognise(&made_from);
                return Ok(Outcome::Duplicate(result));
            }

            let targets = std::slice::from_ref(target);
            let mut made = self.fit(place, &source.bytes, targets, request_id)?;
            let Resized { bytes, result } = made.remove(0);
            drop(source);
            let there = head.as_ref().and_then(|head| head.etag.as_deref());
            let when = there.map_or(When::Absent, When::Matches);
            let put = self.put(&result, notes(facts, &result, &digest), when);
            match self.storage.put(put, bytes).await {
                Ok(()) => {}
                Err(StorageError::Changed { .. } | StorageError::Busy { .. }) => continue,
                Err(error) => return Err(error.into()),
            }
            if there.is_none() || self.is_still(place, facts).await? {
                return Ok(Outcome::Processed(result));
            }
            // The event of the newer original may have come and found the earlier result, made from the same
            // bytes, before this one took its place: nobody else would make the right one now.
            wanted = None;
        }
        Err(FunctionError::Contended {
            object: location(resized_bucket, output_key),
            attempts: ATTEMPTS,
        })
    }

    /// Whether the original is still the one that was read. A deleted one leaves its result as it is.
    async fn is_still(
        &self,
        (bucket, key): (&str, &str),
        facts: &Facts,
    ) -> Result<bool, FunctionError> {
        let now = self.storage.head(bucket, key).await?;
        Ok(now.is_none_or(|now| now.etag == facts.etag))
    }
}
