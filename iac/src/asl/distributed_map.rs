//! A machine of its own for each object of a bucket.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::{Definition, Path, Transition};
use crate::cfn::{Problem, Value};

/// The most child executions that Step Functions runs at once.
const MAX_CONCURRENCY: u32 = 10_000;
const MAX_LABEL: usize = 40;

/// A Map state in distributed mode: each object under a prefix becomes the input of a child execution,
/// and the results of all go into a bucket.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>
#[derive(Debug, Clone)]
pub struct DistributedMap {
    /// What the state is for.
    pub comment: String,
    /// A word that names the state in the ARNs of its Map Runs and child executions: 1 to 40 letters,
    /// digits, `-` and `_`.
    pub label: String,
    /// Which objects.
    pub item_reader: ListObjects,
    /// The fields of a child execution's input; at least one.
    pub item_selector: Vec<(String, Selection)>,
    /// What each child execution does.
    pub item_processor: Definition,
    /// Child executions at once, 1 to 10,000.
    pub max_concurrency: u32,
    /// The share of child executions that may fail before the state does, 0 to 100.
    pub tolerated_failure_percentage: u32,
    /// Where the results go.
    pub result_writer: ResultWriter,
    /// Where it leads.
    pub transition: Transition,
}

/// The objects of a bucket (`s3:listObjectsV2`).
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>
#[derive(Debug, Clone)]
pub struct ListObjects {
    /// The bucket's name.
    pub bucket: Value<String>,
    /// Where in the state's input the prefix of the keys is; an empty prefix is the whole bucket.
    pub prefix: Path,
}

/// What a field of a child execution's input holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Selection {
    /// The same for each child.
    Fixed(Value<String>),
    /// A field of what the reader says of the object: `Key`, `Size`, `Etag`, `LastModified`,
    /// `StorageClass`.
    Item(Path),
}

/// A place in a bucket for the input, output and error of every child execution.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>
#[derive(Debug, Clone)]
pub struct ResultWriter {
    /// The bucket's name; it is in the state machine's account and region.
    pub bucket: Value<String>,
    /// The folder, without a slash behind it.
    pub prefix: String,
}

impl DistributedMap {
    /// What is wrong with the state by itself.
    pub(super) fn problems(&self, name: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut refuse = |what: String| problems.push(Problem::new(name, what));
        if !(1..=MAX_CONCURRENCY).contains(&self.max_concurrency) {
            refuse(format!(
                "runs {} child executions at once: it is 1 to {MAX_CONCURRENCY}",
                self.max_concurrency
            ));
        }
        if self.tolerated_failure_percentage > 100 {
            refuse(format!(
                "tolerates {} % of failures: it is 0 to 100",
                self.tolerated_failure_percentage
            ));
        }
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=MAX_LABEL).contains(&self.label.len()) || !self.label.chars().all(is_word) {
            refuse(format!(
                "has the label `{}`: it is 1 to {MAX_LABEL} letters, digits, `-` and `_`",
                self.label
            ));
        }
        let prefix = &self.result_writer.prefix;
        if prefix.is_empty() || prefix.starts_with('/') || prefix.ends_with('/') {
            refuse(format!(
                "writes results to `{prefix}`: name a folder without a slash before or behind it"
            ));
        }
        if self.item_selector.is_empty() {
            refuse("selects nothing for its child executions: name a field".to_owned());
        }
        let mut seen = BTreeSet::new();
        for (field, _) in &self.item_selector {
            // A name with `.$` behind it says that the value is a path; the model writes it itself.
            if field.is_empty() || field.ends_with(".$") {
                refuse(format!(
                    "selects the field `{field}`: a name is not empty and does not end in `.$`"
                ));
            }
            if !seen.insert(field) {
                refuse(format!("selects the field `{field}` twice"));
            }
        }
        problems
    }

    /// The fields of the state beside its type, its comment and where it leads.
    pub(super) fn fields(&self) -> Map<String, Json> {
        let mut processor = Map::new();
        processor.insert(
            "ProcessorConfig".to_owned(),
            // Standard children would cost a transition for each of their states.
            json!({ "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" }),
        );
        if let Json::Object(machine) = self.item_processor.document() {
            processor.extend(machine.clone());
        }
        let selector: Map<_, _> = self
            .item_selector
            .iter()
            .map(|(field, selection)| match selection {
                Selection::Fixed(value) => (field.clone(), json!(value)),
                Selection::Item(path) => (
                    format!("{field}.$"),
                    json!(format!(
                        "$$.Map.Item.Value{}",
                        path.as_str().trim_start_matches('$')
                    )),
                ),
            })
            .collect();
        let ResultWriter { bucket, prefix } = &self.result_writer;
        Map::from_iter([
            ("Label".to_owned(), json!(self.label)),
            (
                "ItemReader".to_owned(),
                json!({
                    "Resource": "arn:aws:states:::s3:listObjectsV2",
                    "Parameters": {
                        "Bucket": self.item_reader.bucket,
                        "Prefix.$": self.item_reader.prefix,
                    },
                }),
            ),
            ("ItemSelector".to_owned(), Json::Object(selector)),
            ("MaxConcurrency".to_owned(), json!(self.max_concurrency)),
            (
                "ToleratedFailurePercentage".to_owned(),
                json!(self.tolerated_failure_percentage),
            ),
            ("ItemProcessor".to_owned(), Json::Object(processor)),
            (
                "ResultWriter".to_owned(),
                json!({
                    "Resource": "arn:aws:states:::s3:putObject",
                    "Parameters": { "Bucket": bucket, "Prefix": prefix },
                }),
            ),
        ])
    }
}
