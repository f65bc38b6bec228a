//! Resizing what is put into a bucket.
//!
//! ```text
//! bucket -- s3:ObjectCreated:* --> resize-image --> results
//!                                       |       `-> metadata table
//!                                       | fails twice
//!                                       `--> dead-letter queue --> alarm
//! ```

use lambda::environment;

use crate::cfn::{Arn, Handle, Id, ModelError, Stack, Value};
use crate::iam::{PolicyDocument, action};
use crate::parts::{
    Backfill, BackfillSettings, CodeLocation, FunctionSettings, ImageParameters,
    OperationParameters, backfill, dead_letter_queue, rust_function,
};
use crate::resources::dynamodb::Table;
use crate::resources::lambda::{Environment, EventInvokeConfig, Function, OnFailure, Permission};
use crate::resources::s3::{Bucket, BucketName, Object, Prefix};
use crate::resources::sqs::Queue;

/// Memory of the function in MB: one whole processor, and room for the largest image it takes.
const MEMORY_SIZE: u32 = 1769;
/// Longest run of the function, in seconds.
const TIMEOUT: u32 = 60;
/// Tries after the first. Whatever another one could help, the first two have seen.
const RETRIES: u32 = 1;
/// How long an event may wait, in seconds: six hours, which is the most there is.
const LONGEST_WAIT: u32 = 6 * 60 * 60;

/// What is particular to a stack.
#[derive(Debug)]
pub struct ResizeOnUploadSettings<'a> {
    /// Where the function's zip is.
    pub code: &'a CodeLocation,
    /// The bucket of originals, which comes later.
    pub source: &'a BucketName,
    /// What the keys of originals start with; `None` where every object is one.
    pub input_prefix: Option<&'a Prefix>,
    /// Where results go.
    pub results: Results<'a>,
    /// What is taken, and what is made of it.
    pub images: &'a ImageParameters,
    /// Where it is written down what is known of an image.
    pub table: Option<&'a Handle<Table>>,
    /// How the stack is run.
    pub operation: &'a OperationParameters,
}

/// Where results go.
#[derive(Debug)]
pub struct Results<'a> {
    /// The bucket.
    pub bucket: Value<Id<Bucket>>,
    /// What their keys start with.
    pub prefix: Value<String>,
    /// The same where the stack says so itself; none where the person who deploys does.
    pub fixed_prefix: Option<&'a Prefix>,
    /// The objects under it, to grant on.
    pub objects: Value<Arn<Object>>,
}

impl<'a> Results<'a> {
    /// In a bucket of their own.
    #[must_use]
    pub fn in_bucket(bucket: &Handle<Bucket>, prefix: &Value<String>) -> Self {
        Self {
            bucket: bucket.name(),
            prefix: prefix.clone(),
            fixed_prefix: None,
            objects: bucket.objects_under(prefix),
        }
    }

    /// In the bucket of the originals.
    #[must_use]
    pub fn beside_originals(bucket: &BucketName, prefix: &'a Prefix) -> Self {
        Self {
            bucket: bucket.name(),
            prefix: prefix.value(),
            fixed_prefix: Some(prefix),
            objects: bucket.objects_under(&prefix.value()),
        }
    }
}

/// A function that waits for objects of a bucket.
#[derive(Debug)]
pub struct ResizeOnUpload<'a> {
    /// The function.
    pub function: Handle<Function>,
    /// Where events go that it failed on twice.
    pub dead_letters: Handle<Queue>,
    /// The bucket, which comes later: [`notifying_bucket`](super::notifying_bucket) makes it.
    pub(super) source: &'a BucketName,
    pub(super) input_prefix: Option<&'a Prefix>,
    output_prefix: Option<&'a Prefix>,
    pub(super) permission: Handle<Permission>,
}

impl ResizeOnUpload<'_> {
    /// Outputs the names of the two buckets, and adds the backfill if there is to be one.
    ///
    /// # Errors
    /// What [`backfill`] refuses.
    pub fn complete(
        &self,
        stack: &mut Stack,
        source: &Handle<Bucket>,
        results: &Handle<Bucket>,
        options: Option<Backfill>,
    ) -> Result<(), ModelError> {
        stack.output(
            "SourceBucketName",
            "Bucket of the originals",
            &source.name(),
        );
        stack.output(
            "ResizedBucketName",
            "Bucket of the results",
            &results.name(),
        );
        if let Some(options) = options {
            let settings = BackfillSettings {
                source: source.into(),
                input_prefix: self.input_prefix,
                results: results.into(),
                output_prefix: self.output_prefix,
                function: &self.function,
                function_timeout: TIMEOUT,
            };
            backfill(stack, options, &settings)?;
        }
        Ok(())
    }
}

/// Adds the function with what it needs around it: a queue for events that it fails on, and the permission
/// for the bucket to tell it.
pub fn resize_on_upload<'a>(
    stack: &mut Stack,
    settings: &ResizeOnUploadSettings<'a>,
) -> ResizeOnUpload<'a> {
    let operation = settings.operation;
    let dead_letters = dead_letter_queue(stack, operation.alarm_actions.clone());
    let function = rust_function(
        stack,
        FunctionSettings {
            code: settings.code,
            description: "Fits each new image of the source bucket and puts the result where results go",
            permissions: permissions(settings, &dead_letters),
            environment: variables(settings),
            memory_size: MEMORY_SIZE,
            timeout: TIMEOUT,
            reserved_concurrency: operation.reserved_concurrency.clone(),
            log_retention: &operation.log_retention,
        },
    );
    stack.add(
        "ResizeImageEvents",
        EventInvokeConfig {
            function_name: function.name(),
            qualifier: "$LATEST".into(),
            maximum_retry_attempts: RETRIES.into(),
            maximum_event_age_in_seconds: LONGEST_WAIT.into(),
            destination_config: OnFailure::queue(&dead_letters),
        },
    );
    let permission = stack.add(
        "ResizeImagePermission",
        Permission::bucket(&function, settings.source),
    );
    stack.output(
        "FunctionName",
        "Name of the function that resizes",
        &function.name(),
    );
    ResizeOnUpload {
        function,
        dead_letters,
        source: settings.source,
        input_prefix: settings.input_prefix,
        output_prefix: settings.results.fixed_prefix,
        permission,
    }
}

/// It reads originals; it reads what a result was made from before it writes one, so that repeated events do
/// nothing and a late one does not undo a newer one.
fn permissions(settings: &ResizeOnUploadSettings<'_>, queue: &Handle<Queue>) -> PolicyDocument {
    let originals = settings.input_prefix.map_or_else(
        || settings.source.objects(),
        |prefix| settings.source.objects_under(&prefix.value()),
    );
    let policy = PolicyDocument::new()
        .grant("ReadOriginals", [action::s3::GET_OBJECT], &originals)
        .grant(
            "WriteResults",
            [action::s3::GET_OBJECT, action::s3::PUT_OBJECT],
            &settings.results.objects,
        )
        .grant("GiveUp", [action::sqs::SEND_MESSAGE], queue);
    match settings.table {
        Some(table) => policy.grant("WriteDown", [action::dynamodb::PUT_ITEM], table),
        None => policy,
    }
}

fn variables(settings: &ResizeOnUploadSettings<'_>) -> Environment {
    let mut variables = vec![
        (environment::SOURCE_BUCKET, settings.source.name().text()),
        (environment::RESIZED_BUCKET, settings.results.bucket.text()),
        (environment::OUTPUT_PREFIX, settings.results.prefix.clone()),
    ];
    variables.extend(settings.images.variables());
    if let Some(prefix) = settings.input_prefix {
        variables.push((environment::INPUT_PREFIX, prefix.value()));
    }
    if let Some(table) = settings.table {
        variables.push((environment::METADATA_TABLE, table.name().text()));
    }
    Environment::new(variables)
}
