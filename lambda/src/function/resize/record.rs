//! What is written down about an image, and when it may take the place of what is there.

use std::fmt::Write as _;
use std::time::SystemTime;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};

use super::{Function, FunctionError};
use crate::causes::chain;
use crate::function::storage::{Object, location};
use crate::function::table::{Condition, Item};
use crate::metadata::attribute::{
    BUCKET, CONTENT_TYPE, DIMENSIONS, ERROR, FILE_NAME, FORMAT, HEIGHT, IMAGE_ID, KEY, KIND,
    MESSAGE, PROCESSED_TIME, RESULT_BUCKET, RESULT_KEY, SEQUENCER, SIZE, SOURCE_ETAG,
    SOURCE_HEIGHT, SOURCE_SIZE, SOURCE_VERSION, SOURCE_WIDTH, STATUS, UPLOAD_TIME, URL, WIDTH,
};
use crate::metadata::{self, ImageStatus, image_id};
use crate::{FailureName, ResizeResult};

/// What is known of an original.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Facts {
    /// Entity tag, without quotes.
    pub(super) etag: Option<String>,
    /// Version, in a versioned bucket.
    pub(super) version: Option<String>,
    /// Orders the events of one key.
    pub(super) sequencer: Option<String>,
    /// Size.
    pub(super) bytes: Option<u64>,
    /// When it was written.
    pub(super) uploaded: Option<DateTime>,
}

impl Facts {
    /// Takes what the object itself says in place of what was told of it.
    pub(super) fn see(&mut self, object: &Object) {
        if self.etag.is_some() && self.etag != object.etag {
            // Of another object than this one.
            self.sequencer = None;
        }
        self.etag.clone_from(&object.etag);
        self.version.clone_from(&object.version);
        self.bytes = Some(object.bytes.len() as u64);
        if object.last_modified.is_some() {
            self.uploaded = object.last_modified;
        }
    }

    /// Takes what a result says of this same object. The later sequencer counts: who made the result knew none
    /// if an event about an earlier object had brought it there.
    pub(super) fn recognise(&mut self, made_from: &Self) {
        let sequencer = self.sequencer.take().max(made_from.sequencer.clone());
        self.clone_from(made_from);
        self.sequencer = sequencer;
    }
}

/// What became of an original.
#[derive(Debug, Clone, Copy)]
pub(super) enum Finding<'a> {
    /// It was resized.
    Processed(&'a ResizeResult),
    /// It had been resized before, or is not what the event is about.
    Known(&'a ResizeResult),
    /// It could not be resized.
    Failed(&'a FunctionError),
}

impl Function {
    /// Writes down what became of an original, unless something newer is written there. Without a table there
    /// is nothing to do.
    pub(super) async fn record(
        &self,
        place: (&str, &str),
        facts: &Facts,
        finding: Finding<'_>,
    ) -> Result<(), FunctionError> {
        let Some(table) = &self.table else {
            return Ok(());
        };
        let now = DateTime::from(SystemTime::now());
        let written = table
            .put(item(place, facts, finding, now), condition(facts, finding))
            .await?;
        if !written {
            let (bucket, key) = place;
            tracing::debug!(bucket, key, "the table has a newer record");
        }
        Ok(())
    }

    /// The same for a failure, whose own failure is logged only: the one before it says more. Nothing is
    /// written where there is no image.
    pub(super) async fn record_failure(
        &self,
        place: (&str, &str),
        facts: &Facts,
        error: &FunctionError,
    ) {
        if error.name() == FailureName::ObjectNotFound {
            return;
        }
        if let Err(problem) = self.record(place, facts, Finding::Failed(error)).await {
            let (bucket, key) = place;
            let cause = chain(&problem);
            tracing::warn!(bucket, key, cause, "the failure is not in the table");
        }
    }
}

fn item((bucket, key): (&str, &str), facts: &Facts, finding: Finding<'_>, now: DateTime) -> Item {
    let mut item = Item::new();
    let mut text = |name: &str, value: Option<String>| {
        let value = value.map(AttributeValue::S);
        item.extend(value.map(|value| (name.to_owned(), value)));
    };
    let file_name = key.trim_end_matches('/').rsplit('/').next();
    let status = match finding {
        Finding::Processed(_) | Finding::Known(_) => ImageStatus::Processed,
        Finding::Failed(_) => ImageStatus::Failed,
    };
    text(IMAGE_ID, Some(image_id(key)));
    text(KIND, Some(metadata::KIND.to_owned()));
    text(STATUS, Some(status.as_str().to_owned()));
    text(FILE_NAME, file_name.map(str::to_owned));
    text(BUCKET, Some(bucket.to_owned()));
    text(KEY, Some(key.to_owned()));
    text(URL, Some(location(bucket, key)));
    text(UPLOAD_TIME, Some(in_words(facts.uploaded.unwrap_or(now))));
    text(PROCESSED_TIME, Some(in_words(now)));
    text(SOURCE_ETAG, facts.etag.clone());
    text(SOURCE_VERSION, facts.version.clone());
    text(SEQUENCER, facts.sequencer.clone());
    match finding {
        Finding::Processed(result) | Finding::Known(result) => {
            text(URL, Some(location(&result.bucket, &result.image_key)));
            text(FORMAT, Some(result.format.clone()));
            text(CONTENT_TYPE, Some(result.content_type.clone()));
            text(RESULT_BUCKET, Some(result.bucket.clone()));
            text(RESULT_KEY, Some(result.image_key.clone()));
            let dimensions = format!("{}x{}", result.width, result.height);
            text(DIMENSIONS, Some(dimensions));
            for (name, value) in [
                (SOURCE_SIZE, result.source_bytes),
                (SOURCE_WIDTH, result.source_width.into()),
                (SOURCE_HEIGHT, result.source_height.into()),
                (SIZE, result.bytes),
                (WIDTH, result.width.into()),
                (HEIGHT, result.height.into()),
            ] {
                item.insert(name.to_owned(), AttributeValue::N(value.to_string()));
            }
        }
        Finding::Failed(error) => {
            text(ERROR, Some(error.name().as_str().to_owned()));
            text(MESSAGE, Some(error.to_string()));
            let size = facts
                .bytes
                .map(|bytes| AttributeValue::N(bytes.to_string()));
            item.extend(size.map(|size| (SOURCE_SIZE.to_owned(), size)));
        }
    }
    item
}

/// Repeated and late news are harmless: what is there gives way to news about the same original and about
/// later ones. A success is not overwritten by what is learnt later about the same original, unless that is its
/// sequencer: without it a late record of an earlier original of the same second would take its place.
fn condition(facts: &Facts, finding: Finding<'_>) -> Condition {
    let mut condition = Condition {
        expression: format!("attribute_not_exists({IMAGE_ID})"),
        ..Condition::default()
    };
    let mut value = |name: &str, value: &str| {
        let value = AttributeValue::S(value.to_owned());
        condition.values.insert(name.to_owned(), value);
    };
    // Writing to a string cannot fail.
    let expression = &mut condition.expression;
    if let Some(etag) = &facts.etag {
        // A failure to read knows no entity tag, and of the original no more than that.
        let _ = write!(
            expression,
            " OR attribute_not_exists({SOURCE_ETAG}) OR {SOURCE_ETAG} = :etag"
        );
        value(":etag", etag);
    }
    if let Some(uploaded) = facts.uploaded {
        let _ = write!(expression, " OR {UPLOAD_TIME} < :uploaded");
        value(":uploaded", &in_words(uploaded));
        if let Some(sequencer) = &facts.sequencer {
            // The sequencer orders what the times do not: objects of one second, and one that was uploaded in
            // parts, whose time is that of its first part. Who knows no sequencer read an object that the
            // event is about, or an earlier one.
            let _ = write!(
                expression,
                " OR {SEQUENCER} < :sequencer OR \
                 ({UPLOAD_TIME} = :uploaded AND attribute_not_exists({SEQUENCER}))"
            );
            value(":sequencer", sequencer);
        }
    }
    let keeps_success = matches!(finding, Finding::Known(_) | Finding::Failed(_));
    if keeps_success && facts.etag.is_some() {
        let knows_sequencer = matches!(finding, Finding::Known(_))
            && facts.uploaded.is_some()
            && facts.sequencer.is_some();
        let in_order = if knows_sequencer {
            format!(" AND {SEQUENCER} >= :sequencer")
        } else {
            String::new()
        };
        *expression = format!(
            "({expression}) AND NOT ({SOURCE_ETAG} = :etag AND #status = :processed{in_order})"
        );
        value(":processed", ImageStatus::Processed.as_str());
        let status = ("#status".to_owned(), STATUS.to_owned());
        condition.names.extend([status]);
    }
    condition
}

/// ISO 8601, UTC, whole seconds: texts of one length, so that they sort like the times.
pub(super) fn in_words(time: DateTime) -> String {
    DateTime::from_secs(time.secs())
        .fmt(DateTimeFormat::DateTime)
        .unwrap_or_default()
}

/// A time as events have it.
pub(super) fn from_words(text: &str) -> Option<DateTime> {
    DateTime::from_str(text, DateTimeFormat::DateTime).ok()
}
