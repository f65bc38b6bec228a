//! One request, as Step Functions makes it. What is there already, made from the same original in the same way,
//! is left as it is; whatever else is there is written over.

use super::notes::{self, notes};
use super::record::{Facts, Finding};
use super::target::{Target, targets};
use super::{Function, FunctionError, Resized, in_time};
use crate::causes::chain;
use crate::function::storage::{Object, When};
use crate::{ResizeRequest, ResizeResult};

/// A result that is there: what it was made from, and what to say of it.
type Known = (Facts, ResizeResult);

impl Function {
    /// Makes the results that are asked for, of one reading of the original, in the order of the request.
    ///
    /// # Errors
    ///
    /// Each [`FunctionError`].
    pub async fn resize(
        &self,
        request: &ResizeRequest,
        request_id: &str,
    ) -> Result<Vec<ResizeResult>, FunctionError> {
        let targets = targets(request, &self.config)?;
        let place = (request.bucket.as_str(), request.key.as_str());
        let mut facts = Facts::default();
        let work = async {
            let known = if request.force {
                vec![None; targets.len()]
            } else {
                self.known(place, &targets).await
            };
            self.make_missing(place, &targets, known, &mut facts, request_id)
                .await
        };
        match in_time(place, work).await {
            Ok(results) => {
                if let Some(first) = results.first() {
                    let finding = if first.computed {
                        Finding::Processed(first)
                    } else {
                        Finding::Known(first)
                    };
                    self.record(place, &facts, finding).await?;
                }
                Ok(results)
            }
            Err(error) => {
                self.record_failure(place, &facts, &error).await;
                Err(error)
            }
        }
    }

    /// What is there of the results, made in the way that is asked for. Where S3 does not say, as if there were
    /// nothing: then the results are made.
    async fn known(&self, place: (&str, &str), targets: &[Target]) -> Vec<Option<Known>> {
        let bucket = self.config.resized_bucket.as_str();
        let mut known = Vec::with_capacity(targets.len());
        for Target { key, .. } in targets {
            match self.storage.head(bucket, key).await {
                Ok(head) => known.push(head.and_then(|head| {
                    let digest = targets[known.len()].digest(place);
                    notes::read(&head, &digest, bucket, key)
                })),
                Err(error) => {
                    let cause = chain(&error);
                    tracing::debug!(bucket, key, cause, "made without asking what is there");
                    break;
                }
            }
        }
        known.resize(targets.len(), None);
        known
    }

    /// Makes what is not there of the original as it is now.
    async fn make_missing(
        &self,
        place: (&str, &str),
        targets: &[Target],
        known: Vec<Option<Known>>,
        facts: &mut Facts,
        request_id: &str,
    ) -> Result<Vec<ResizeResult>, FunctionError> {
        let Some(source) = self.original(place, &known).await? else {
            if let Some((made_from, _)) = known.iter().flatten().next() {
                facts.recognise(made_from);
            }
            return Ok(known.into_iter().flatten().map(|(_, it)| it).collect());
        };
        facts.see(&source);
        let is_of_this = |(made_from, _): &Known| notes::same(made_from, facts);
        let kept: Vec<_> = known.into_iter().map(|it| it.filter(is_of_this)).collect();
        let missing: Vec<_> = targets
            .iter()
            .zip(&kept)
            .filter(|(_, kept)| kept.is_none())
            .map(|(target, _)| target.clone())
            .collect();
        let made = if missing.is_empty() {
            Vec::new()
        } else {
            self.fit(place, &source.bytes, &missing, request_id)?
        };
        drop(source);
        let mut written = Vec::with_capacity(made.len());
        for (target, Resized { bytes, result }) in missing.iter().zip(made) {
            let notes = notes(facts, &result, &target.digest(place));
            let put = self.put(&result, notes, When::Always);
            self.storage.put(put, bytes).await?;
            written.push(result);
        }
        let mut written = written.into_iter();
        let of_each = |kept: Option<Known>| kept.map(|(_, it)| it).or_else(|| written.next());
        Ok(kept.into_iter().filter_map(of_each).collect())
    }

    /// The original, or nothing if it is what all results that are wanted were made from.
    async fn original(
        &self,
        (bucket, key): (&str, &str),
        known: &[Option<Known>],
    ) -> Result<Option<Object>, FunctionError> {
        let max = self.config.limits.max_source_bytes;
        let etag_of = |it: &Option<Known>| it.as_ref().and_then(|(facts, _)| facts.etag.clone());
        let etag = known.first().and_then(etag_of);
        let etag = etag.filter(|etag| known.iter().all(|it| etag_of(it).as_ref() == Some(etag)));
        Ok(match etag {
            Some(etag) => self.storage.get_other(bucket, key, &etag, max).await?,
            None => Some(self.storage.get(bucket, key, None, max).await?),
        })
    }
}

/// The request in an event's text. The event is taken as text since a generic value would accept a
/// key given twice and lose numbers such as 1e400.
pub(super) fn parse(event: &str) -> Result<ResizeRequest, FunctionError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureName;

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
