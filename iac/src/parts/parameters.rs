//! What the person who deploys an upload stack decides.

use crate::cfn::{Parameter, Stack, Value};
use crate::parts::backfill::REPORTS;
use crate::parts::{Backfill, alarm_actions};
use crate::resources::cloudwatch::AlarmActions;
use crate::resources::logs::RETENTION_DAYS;
use crate::resources::s3::Prefix;

/// The box that results fit in.
#[derive(Debug, Clone)]
pub struct LargestSize {
    /// Largest width in pixels.
    pub width: Value<u32>,
    /// Largest height in pixels.
    pub height: Value<u32>,
}

/// Adds the parameters `MaxWidth` and `MaxHeight`.
pub fn size_parameters(stack: &mut Stack, default: u32) -> LargestSize {
    let mut side = |id: &str, name: &str| {
        // WebP ends at 16,383 pixels a side, the least of the four formats.
        let parameter = Parameter::number(&format!(
            "Largest {name} of a result in pixels; smaller images stay as they are"
        ));
        stack.parameter(id, parameter.default(default).range(1, 16_383))
    };
    LargestSize {
        width: side("MaxWidth", "width"),
        height: side("MaxHeight", "height"),
    }
}

/// Adds the parameter `OutputPrefix`. It becomes part of a permission, so it is a [`Prefix`]. Where there is a
/// backfill, it does not lead to the backfill's reports: a result could be written over one.
///
/// The pattern is Java's: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-regexes.html>
pub fn output_prefix_parameter(stack: &mut Stack, backfill: Option<Backfill>) -> Value<String> {
    let parameter = Parameter::text("What the keys of results start with").default("thumbs/");
    let parameter = match backfill {
        Some(_) => parameter.allowed_pattern(
            &format!("(?!{REPORTS}/){}", Prefix::PATTERN),
            &format!("is not under {REPORTS}/, and {}", Prefix::RULE),
        ),
        None => parameter.allowed_pattern(Prefix::PATTERN, Prefix::RULE),
    };
    let parameter = parameter.length(2, 256);
    stack.parameter("OutputPrefix", parameter)
}

/// Adds the parameter `LogRetentionDays`.
pub fn log_retention_parameter(stack: &mut Stack) -> Value<u32> {
    let parameter = Parameter::number("Days for which logs are kept")
        .default(30_u32)
        .allowed_values(RETENTION_DAYS);
    stack.parameter("LogRetentionDays", parameter)
}

/// How a stack is run.
#[derive(Debug, Clone)]
pub struct OperationParameters {
    /// How long logs are kept, in days.
    pub log_retention: Value<u32>,
    /// Most runs of the resize function at once; `None` for whatever the account has left.
    pub reserved_concurrency: Option<Value<u32>>,
    /// Who hears of events that could not be handled.
    pub alarm_actions: Value<AlarmActions>,
}

/// Adds the parameters `LogRetentionDays`, `AlarmTopicArn` and, where there is to be a bound,
/// `ReservedConcurrency` with this default.
pub fn operation_parameters(
    stack: &mut Stack,
    reserved_concurrency: Option<u32>,
) -> OperationParameters {
    let log_retention = log_retention_parameter(stack);
    let reserved_concurrency = reserved_concurrency.map(|default| {
        let parameter = Parameter::number(
            "Most images resized at once, of an account that may run 100 functions beside. 0 stops resizing: events go to the dead-letter queue at once, for iac redrive",
        );
        stack.parameter(
            "ReservedConcurrency",
            parameter.default(default).range(0, 1000),
        )
    });
    OperationParameters {
        log_retention,
        reserved_concurrency,
        alarm_actions: alarm_actions(stack),
    }
}
