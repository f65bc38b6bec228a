//! One request, as Step Functions makes it: two calls to S3, whatever is there already.

use super::record::{Facts, Finding};
use super::{Config, Function, FunctionError, output_key};
use crate::function::storage::{Put, When, location};
use crate::{ResizeRequest, ResizeResult};

impl Function {
    /// Fits one object in the box.
    ///
    /// # Errors
    ///
    /// Each [`FunctionError`].
    pub async fn resize(&self, request: &ResizeRequest) -> Result<ResizeResult, FunctionError> {
        let output_key = check(request, &self.config)?;
        let place = (request.bucket.as_str(), request.key.as_str());
        let mut facts = Facts::default();
        let outcome = self.resize_object(place, output_key, &mut facts).await;
        match outcome {
            Ok(result) => {
                let finding = Finding::Processed(&result);
                self.record(place, &facts, finding).await?;
                Ok(result)
            }
            Err(error) => {
                self.record_failure(place, &facts, &error).await;
                Err(error)
            }
        }
    }

    async fn resize_object(
        &self,
        place: (&str, &str),
        output_key: String,
        facts: &mut Facts,
    ) -> Result<ResizeResult, FunctionError> {
        let source = self
            .storage
            .get(place.0, place.1, None, self.options.limits.max_source_bytes)
            .await?;
        facts.see(&source);
        let resized = self.fit(place, &source.bytes, output_key)?;
        drop(source);
        let put = Put {
            bucket: &resized.result.bucket,
            key: &resized.result.image_key,
            content_type: &resized.result.content_type,
            metadata: [].into(),
            when: When::Always,
        };
        self.storage.put(put, resized.bytes).await?;
        Ok(resized.result)
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

/// Checks what the API's model cannot say and returns the key of the result.
fn check(request: &ResizeRequest, config: &Config) -> Result<String, FunctionError> {
    let invalid = |reason| FunctionError::InvalidRequest { reason };
    let ResizeRequest { bucket, key } = request;
    if *bucket != config.source_bucket {
        return Err(FunctionError::BucketNotAllowed {
            bucket: bucket.clone(),
        });
    }
    if config.is_result(bucket, key) {
        return Err(invalid(format!(
            "key: {} is a result of this function; resizing results would never end",
            location(bucket, key)
        )));
    }
    output_key(key, config).map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureName;
    use crate::engine::Bounds;
    use crate::function::result_key::ResultKeys;

    fn config(resized_bucket: &str, input_prefix: Option<&str>) -> Config {
        Config {
            source_bucket: "originals".to_owned(),
            resized_bucket: resized_bucket.to_owned(),
            result_keys: ResultKeys {
                input_prefix: input_prefix.map(str::to_owned),
                output_prefix: "thumbs/".to_owned(),
            },
            bounds: Bounds::default(),
            metadata_table: None,
        }
    }

    fn request(bucket: &str, key: &str) -> ResizeRequest {
        ResizeRequest {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        }
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
            let output = check(&request("originals", key), &config("resized", None)).expect(key);
            assert_eq!(output, format!("thumbs/{key}"));
        }
    }

    #[test]
    fn with_a_prefix_of_originals_other_keys_are_none() {
        let config = config("originals", Some("uploads/"));
        let output = check(&request("originals", "uploads/a/b"), &config).expect("an original");
        assert_eq!(output, "thumbs/a/b");
        let error = check(&request("originals", "a/uploads/b"), &config).expect_err("no original");
        assert_eq!(error.name(), FailureName::InvalidRequest);
        assert!(error.to_string().contains("uploads/"), "{error}");
    }

    #[test]
    fn keys_are_counted_in_bytes() {
        let config = config("resized", None);
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
        let error = check(&request("other", "a"), &config("resized", None)).expect_err("refused");
        assert_eq!(error.name(), FailureName::BucketNotAllowed);
        assert!(error.to_string().contains("other"));
        assert!(!error.to_string().contains("originals"));
    }

    #[test]
    fn a_result_is_no_source_in_the_same_bucket() {
        let config = config("originals", None);
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
