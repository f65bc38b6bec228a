//! A backfill: every image that is already in a bucket, resized.
//!
//! ```text
//! {"prefix": "..."} --> BackfillStateMachine -- ListObjectsV2 --> source bucket
//!                           | a child execution for each object
//!                           |-- invoke --> the resize function --> results
//!                           `-- what became of each --> results bucket, backfill/
//! ```

use crate::asl::{
    Choice, ChoiceRule, Definition, DistributedMap, ListObjects, Machine, Path, ResultWriter,
    Selection, Succeed, Transition,
};
use crate::cfn::{Arn, Handle, ModelError, Problem, Stack, Value, pseudo};
use crate::iam::{PolicyDocument, Service, TrustPolicy, action};
use crate::parts::resize_states;
use crate::resources::iam::{Policy, Role};
use crate::resources::lambda::Function;
use crate::resources::s3::{Bucket, BucketName, Prefix};
use crate::resources::stepfunctions::{StateMachine, StateMachineType};
use crate::sub;

/// The options of a backfill, both of which `iac backfill` changes for a single run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backfill {
    /// Images at once, 1 to 10,000. More than the function's reserved concurrency only makes it refuse
    /// calls, and as many as that leave nothing for uploads.
    pub max_concurrency: u32,
    /// The share of images in percent that may fail before the run does.
    pub tolerated_failure_percentage: u32,
}

impl Default for Backfill {
    fn default() -> Self {
        Self {
            max_concurrency: 10,
            tolerated_failure_percentage: 5,
        }
    }
}

/// The logical id of the state machine, by which `iac backfill` finds it in a deployed stack.
pub const BACKFILL_STATE_MACHINE: &str = "BackfillStateMachine";

/// The output that says what keys must start with, where that is not everything.
pub const BACKFILL_PREFIX: &str = "BackfillPrefix";

/// What the ARNs of Map Runs and child executions have behind the machine's name.
const LABEL: &str = "Images";

/// Where reports go in the results bucket. No image goes there: the results of the function have another
/// prefix, whoever chooses it.
pub(super) const REPORTS: &str = "backfill";

/// A bucket of the stack, by name and ARN: where the two are built by `Fn::Sub`, the bucket may wait for
/// what refers to it.
#[derive(Debug, Clone)]
pub struct BucketRef {
    /// Its name.
    pub name: Value<String>,
    /// Its ARN.
    pub arn: Value<Arn<Bucket>>,
}

impl From<&BucketName> for BucketRef {
    fn from(bucket: &BucketName) -> Self {
        Self {
            name: bucket.name().text(),
            arn: bucket.arn(),
        }
    }
}

impl From<&Handle<Bucket>> for BucketRef {
    fn from(bucket: &Handle<Bucket>) -> Self {
        Self {
            name: bucket.name().text(),
            arn: bucket.arn(),
        }
    }
}

/// What a backfill works on.
#[derive(Debug)]
pub struct BackfillSettings<'a> {
    /// The bucket of the originals.
    pub source: BucketRef,
    /// What the keys of originals start with; none where the whole bucket is originals.
    pub input_prefix: Option<&'a Prefix>,
    /// The bucket that reports go to, under `backfill/`.
    pub results: BucketRef,
    /// What the keys of results start with; none where the person who deploys says so, as a parameter that
    /// keeps them from the reports.
    pub output_prefix: Option<&'a Prefix>,
    /// The function. It takes `{bucket, key}`.
    pub function: &'a Handle<Function>,
    /// Its longest run, in seconds.
    pub function_timeout: u32,
}

/// Adds `BackfillStateMachine` with `BackfillRole`, and outputs its ARN. An execution takes
/// `{"prefix": "..."}`.
///
/// # Errors
/// Options out of bounds; a bucket that is source and results at once and whose reports would be
/// originals; results among the reports.
pub fn backfill(
    stack: &mut Stack,
    options: Backfill,
    settings: &BackfillSettings<'_>,
) -> Result<Handle<StateMachine>, ModelError> {
    reports_are_apart(settings).map_err(|problem| stack.refused([problem]))?;
    let definition = definition(options, settings).map_err(|problems| stack.refused(problems))?;
    let name = sub![pseudo::stack_name(), "-", BACKFILL_STATE_MACHINE];
    let role = stack.add(
        "BackfillRole",
        Role {
            description: "What the backfill may do".into(),
            assume_role_policy_document: TrustPolicy::service(Service::StepFunctions),
            policies: vec![Policy {
                policy_name: "backfill".into(),
                policy_document: permissions(&name, settings),
            }],
        },
    );
    let machine = stack.add(
        BACKFILL_STATE_MACHINE,
        StateMachine::new(name, StateMachineType::Standard, role.arn(), &definition),
    );
    stack.output(
        "BackfillStateMachineArn",
        "ARN of the state machine that resizes what is already in the bucket",
        &machine.arn(),
    );
    if let Some(prefix) = settings.input_prefix {
        stack.output(
            BACKFILL_PREFIX,
            "What the keys of a backfill start with",
            &prefix.value(),
        );
    }
    Ok(machine)
}

/// Originals among the reports would be listed by the next run, and results could be written over them.
fn reports_are_apart(settings: &BackfillSettings<'_>) -> Result<(), Problem> {
    let reports = format!("{REPORTS}/");
    let originals = settings.input_prefix.map_or("", Prefix::as_str);
    let originals = (settings.source.name == settings.results.name).then_some(originals);
    let results = settings.output_prefix.map(Prefix::as_str);
    for (things, prefix) in [("images", originals), ("results", results)] {
        if let Some(prefix) = prefix
            && (prefix.starts_with(&reports) || reports.starts_with(prefix))
        {
            return Err(Problem::new(
                BACKFILL_STATE_MACHINE,
                format!(
                    "writes reports to `{reports}` of the bucket whose {things} start with `{prefix}`: give the {things} a prefix that does not meet it"
                ),
            ));
        }
    }
    Ok(())
}

/// What a Distributed Map needs, and no more. A role that named the machine by its attribute would wait for
/// it, as it waits for the role: the ARN is built.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html>
fn permissions(machine: &Value<String>, settings: &BackfillSettings<'_>) -> PolicyDocument {
    let executions = || arn("execution", sub![machine, ":*"]);
    let children = arn("express", sub![machine, "/", LABEL, ":*"]);
    let reports = Value::new(sub![&settings.results.arn, "/", REPORTS, "/*"].expression);
    PolicyDocument::new()
        .grant(
            "StartChildren",
            [action::states::START_EXECUTION],
            &arn("stateMachine", machine.clone()),
        )
        .grant_on_each(
            "DescribeChildren",
            [action::states::DESCRIBE_EXECUTION],
            [executions(), children],
        )
        .grant(
            "StopChildren",
            [action::states::STOP_EXECUTION],
            &executions(),
        )
        .grant_listing("ListOriginals", settings.input_prefix, &settings.source.arn)
        .grant("WriteReport", action::s3::WRITE_IN_PARTS, &reports)
        .grant(
            "InvokeResizeImage",
            [action::lambda::INVOKE_FUNCTION],
            settings.function,
        )
}

/// The ARN of something of Step Functions in this account and region.
fn arn<R>(kind: &str, name: Value<String>) -> Value<Arn<R>> {
    let arn = sub![
        "arn:",
        pseudo::partition(),
        ":states:",
        pseudo::region(),
        ":",
        pseudo::account_id(),
        ":",
        kind,
        ":",
        name
    ];
    Value::new(arn.expression)
}

fn definition(
    options: Backfill,
    settings: &BackfillSettings<'_>,
) -> Result<Definition, Vec<Problem>> {
    let mut machine = Machine::new("Resizes the images that are already in the source bucket");
    let start = machine.state(
        "ResizeEach",
        DistributedMap {
            comment: "Lists the bucket and resizes each object; a failure is that of its object alone until too many fail".to_owned(),
            label: LABEL.to_owned(),
            item_reader: ListObjects {
                bucket: settings.source.name.clone(),
                prefix: Path::root().field("prefix"),
            },
            item_selector: vec![
                (
                    "bucket".to_owned(),
                    Selection::Fixed(settings.source.name.clone()),
                ),
                (
                    "key".to_owned(),
                    Selection::Item(Path::root().field("Key")),
                ),
            ],
            item_processor: processor(settings)?,
            max_concurrency: options.max_concurrency,
            tolerated_failure_percentage: options.tolerated_failure_percentage,
            result_writer: ResultWriter {
                bucket: settings.results.name.clone(),
                prefix: REPORTS.to_owned(),
            },
            transition: Transition::End,
        },
    );
    machine.start_at(&start)
}

/// One image.
fn processor(settings: &BackfillSettings<'_>) -> Result<Definition, Vec<Problem>> {
    let mut machine = Machine::new("Resizes an image");
    let resize = resize_states(
        &mut machine,
        settings.function,
        settings.function_timeout,
        StateMachineType::Express,
    );
    let skipped = machine.state(
        "Skipped",
        Succeed {
            comment: "A folder is no image, and no failure".to_owned(),
        },
    );
    let start = machine.state(
        "IsFolder",
        Choice {
            comment: "The console makes folders by empty objects whose keys end in a slash"
                .to_owned(),
            choices: vec![ChoiceRule {
                variable: Path::root().field("key"),
                string_matches: "*/".to_owned(),
                next: skipped,
            }],
            default: resize,
        },
    );
    machine.start_at(&start)
}

#[cfg(test)]
mod tests;
