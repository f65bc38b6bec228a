//! Which images failed, and why.
//!
//! Step Functions writes it into the results bucket: a manifest, and in it the files with the executions that
//! failed, each with its input, error and cause. Where there is no manifest (a local engine writes none, a
//! run that is stopped may not come to it), the executions themselves are asked.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>

use aws_sdk_s3::Client as S3;
use aws_sdk_sfn::Client as StepFunctions;
use aws_sdk_sfn::types::ExecutionStatus;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::aws::{Account, AwsError, Refusal};

/// A report is for reading; who wants to work through more takes the files it names.
const MOST_LISTED: usize = 1000;
/// What is larger is named and not read.
const LARGEST_FILE: i64 = 256 << 20;

/// The images that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failures {
    /// The first thousand.
    pub items: Vec<FailedItem>,
    /// The files with all of them, as `s3://bucket/key`.
    pub files: Vec<String>,
    /// Why they are not all here, if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An image that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedItem {
    /// Its key.
    pub key: String,
    /// The error's name, such as `CorruptImage`.
    pub error: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Manifest {
    destination_bucket: String,
    result_files: ResultFiles,
}

#[derive(Deserialize)]
struct ResultFiles {
    #[serde(rename = "FAILED", default)]
    failed: Vec<ResultFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultFile {
    key: String,
    #[serde(default)]
    size: i64,
}

/// A child execution in a file of results.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Child {
    input: Option<String>,
    error: Option<String>,
    cause: Option<String>,
    status: Option<String>,
}

impl Failures {
    /// Reads what failed in a Map Run of an execution. What cannot be read is a note, because the run
    /// itself is over and its counts are known.
    pub async fn of_run(account: &Account, execution: &str, map_run: &str) -> Self {
        let reader = Reader {
            states: account.step_functions(),
            s3: account.s3(),
            place: account.place(),
        };
        let exported = match reader.manifest(execution, map_run).await {
            Ok(Some(manifest)) => reader.exported(&manifest).await,
            Ok(None) => reader.asked(map_run).await,
            Err(error) => Err(error),
        };
        exported.unwrap_or_else(|error| Self {
            note: Some(error.to_string()),
            ..Self::default()
        })
    }
}

struct Reader {
    states: StepFunctions,
    s3: S3,
    place: String,
}

impl Reader {
    /// The manifest of a Map Run, if it was written. The definition says where to.
    async fn manifest(&self, execution: &str, map_run: &str) -> Result<Option<Manifest>, AwsError> {
        let described = self
            .states
            .describe_state_machine_for_execution()
            .execution_arn(execution)
            .send()
            .await
            .map_err(|error| AwsError::of("read the definition", &self.place, &error))?;
        let definition: Json = serde_json::from_str(described.definition()).unwrap_or_default();
        let states = definition["States"].as_object();
        let mut states = states.into_iter().flatten();
        let writer = states.find_map(|(_, state)| {
            let parameters = &state["ResultWriter"]["Parameters"];
            Some((
                parameters["Bucket"].as_str()?,
                parameters["Prefix"].as_str()?,
            ))
        });
        let (Some((bucket, prefix)), Some((_, id))) = (writer, map_run.rsplit_once(':')) else {
            return Ok(None);
        };
        let bytes = self
            .object(bucket, &format!("{prefix}/{id}/manifest.json"))
            .await?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    async fn exported(&self, manifest: &Manifest) -> Result<Failures, AwsError> {
        let bucket = &manifest.destination_bucket;
        let address = |file: &ResultFile| format!("s3://{bucket}/{}", file.key);
        let mut failures = Failures {
            files: manifest.result_files.failed.iter().map(address).collect(),
            ..Failures::default()
        };
        for file in &manifest.result_files.failed {
            if failures.items.len() >= MOST_LISTED || file.size > LARGEST_FILE {
                failures.note = Some(format!("more are in {}", address(file)));
                break;
            }
            let bytes = self.object(bucket, &file.key).await?.unwrap_or_default();
            let children: Vec<Child> = serde_json::from_slice(&bytes).unwrap_or_default();
            if children.is_empty() {
                failures.note = Some(format!("{} cannot be read", address(file)));
            }
            let room = MOST_LISTED - failures.items.len();
            if children.len() > room {
                failures.note = Some(format!("more are in {}", address(file)));
            }
            let items = children.into_iter().take(room).map(Child::item);
            failures.items.extend(items);
        }
        Ok(failures)
    }

    /// The bytes of an object, or none where there is no such object or it may not be known of.
    async fn object(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, AwsError> {
        let failed = || format!("read s3://{bucket}/{key}");
        let got = self.s3.get_object().bucket(bucket).key(key).send().await;
        let object = match got {
            Ok(object) => object,
            Err(error) => {
                let status = error.raw_response().map(|answer| answer.status().as_u16());
                return match status {
                    Some(403 | 404) => Ok(None),
                    _ => Err(AwsError::of(failed(), &self.place, &error)),
                };
            }
        };
        let bytes = object.body.collect().await;
        let bytes = bytes.map_err(|error| AwsError::Refused {
            action: failed(),
            reason: error.to_string(),
            refusal: Refusal::Final,
        })?;
        Ok(Some(bytes.to_vec()))
    }

    /// The same from the executions, one by one.
    async fn asked(&self, map_run: &str) -> Result<Failures, AwsError> {
        let mut failures = Failures::default();
        for status in [
            ExecutionStatus::Failed,
            ExecutionStatus::TimedOut,
            ExecutionStatus::Aborted,
        ] {
            let mut executions = self
                .states
                .list_executions()
                .map_run_arn(map_run)
                .status_filter(status)
                .into_paginator()
                .items()
                .send();
            while let Some(execution) = executions.next().await {
                let execution = execution
                    .map_err(|error| AwsError::of("list what failed", &self.place, &error))?;
                if failures.items.len() >= MOST_LISTED {
                    failures.note = Some(format!("only the first {MOST_LISTED} are listed"));
                    return Ok(failures);
                }
                let described = self
                    .states
                    .describe_execution()
                    .execution_arn(execution.execution_arn())
                    .send()
                    .await
                    .map_err(|error| AwsError::of("describe what failed", &self.place, &error))?;
                let child = Child {
                    input: described.input().map(str::to_owned),
                    error: described.error().map(str::to_owned),
                    cause: described.cause().map(str::to_owned),
                    status: Some(described.status().as_str().to_owned()),
                };
                failures.items.push(child.item());
            }
        }
        failures.items.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(failures)
    }
}

impl Child {
    fn item(self) -> FailedItem {
        let input: Json = serde_json::from_str(&self.input.unwrap_or_default()).unwrap_or_default();
        let cause = self.cause.unwrap_or_default();
        // What Lambda says itself is JSON text.
        let lambda: Json = serde_json::from_str(&cause).unwrap_or_default();
        let message = lambda["errorMessage"].as_str().unwrap_or(&cause);
        FailedItem {
            key: input["key"].as_str().unwrap_or_default().to_owned(),
            error: self.error.or(self.status).unwrap_or_default(),
            message: message.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Child, FailedItem, Manifest};

    /// A manifest and a file as Step Functions writes them.
    #[test]
    fn files_of_results_are_read() {
        let manifest: Manifest = serde_json::from_value(json!({
            "DestinationBucket": "results",
            "MapRunArn": "arn:aws:states:eu-west-1:123456789012:mapRun:stack-BackfillStateMachine/Images:0a1b",
            "ResultFiles": {
                "FAILED": [{ "Key": "backfill/0a1b/FAILED_0.json", "Size": 812 }],
                "PENDING": [],
                "SUCCEEDED": [{ "Key": "backfill/0a1b/SUCCEEDED_0.json", "Size": 25654 }],
            },
        }))
        .expect("a manifest");
        assert_eq!(manifest.destination_bucket, "results");
        assert_eq!(
            manifest.result_files.failed[0].key,
            "backfill/0a1b/FAILED_0.json"
        );

        let children: Vec<Child> = serde_json::from_value(json!([
            {
                "Cause": "the image breaks off",
                "Error": "CorruptImage",
                "ExecutionArn": "arn:aws:states:eu-west-1:123456789012:express:stack-BackfillStateMachine/Images:1:2",
                "Input": "{\"bucket\":\"originals\",\"key\":\"cat.jpg\"}",
                "InputDetails": { "Included": true },
                "Name": "1",
                "StartDate": "2026-01-01T00:00:00.000Z",
                "Status": "FAILED",
                "StopDate": "2026-01-01T00:00:01.000Z",
            },
            {
                "Cause": "{\"errorMessage\":\"Runtime exited\",\"errorType\":\"Runtime.ExitError\"}",
                "Error": "Lambda.Unknown",
                "Input": "{\"bucket\":\"originals\",\"key\":\"dog.jpg\"}",
                "Status": "FAILED",
            },
            { "Input": "{\"bucket\":\"originals\",\"key\":\"emu.jpg\"}", "Status": "TIMED_OUT" },
        ]))
        .expect("executions");
        let items: Vec<_> = children.into_iter().map(Child::item).collect();
        let item = |key: &str, error: &str, message: &str| FailedItem {
            key: key.to_owned(),
            error: error.to_owned(),
            message: message.to_owned(),
        };
        assert_eq!(
            items,
            [
                item("cat.jpg", "CorruptImage", "the image breaks off"),
                item("dog.jpg", "Lambda.Unknown", "Runtime exited"),
                item("emu.jpg", "TIMED_OUT", ""),
            ]
        );
    }
}
