//! What the person who deploys a stack decides.

use lambda::environment;
use lambda::fit::MAX_RESULT_SIDE;

use crate::cfn::{Parameter, Stack, Value};
use crate::parts::backfill::REPORTS;
use crate::parts::{Backfill, alarm_actions};
use crate::resources::cloudwatch::AlarmActions;
use crate::resources::logs::RETENTION_DAYS;
use crate::resources::s3::Prefix;

/// What is taken, and what is made of it where a request says nothing else.
#[derive(Debug, Clone)]
pub struct ImageParameters {
    /// Largest width of a result in pixels.
    pub max_width: Value<u32>,
    /// Largest height of a result in pixels.
    pub max_height: Value<u32>,
    /// Largest original in millions of pixels.
    pub max_megapixels: Value<u32>,
    /// The `Cache-Control` of results; empty for none.
    pub cache_control: Value<String>,
}

impl ImageParameters {
    /// What `resize-image` is told of it.
    pub fn variables(&self) -> [(&'static str, Value<String>); 4] {
        [
            (environment::MAX_WIDTH, self.max_width.text()),
            (environment::MAX_HEIGHT, self.max_height.text()),
            (environment::MAX_MEGAPIXELS, self.max_megapixels.text()),
            (environment::CACHE_CONTROL, self.cache_control.clone()),
        ]
    }
}

/// Caches ask again after five minutes, and have their copy confirmed by its `ETag` without its bytes. A result is
/// written over when its original is, or when it is made in another way, so that whoever shows it sees an old one
/// for that long and no longer. `public` is left out: it would let caches share what only a signature opened.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9111.html#name-cache-control>
const CACHE_CONTROL: &str = "max-age=300";

/// Adds the parameters `MaxWidth`, `MaxHeight`, `MaxMegapixels` and `CacheControl`.
pub fn image_parameters(stack: &mut Stack, default_side: u32) -> ImageParameters {
    let mut side = |id: &str, name: &str| {
        // WebP ends at 16,383 pixels a side, the least of the formats.
        let parameter = Parameter::number(&format!(
            "Largest {name} of a result in pixels; smaller images stay as they are"
        ));
        stack.parameter(
            id,
            parameter.default(default_side).range(1, MAX_RESULT_SIDE),
        )
    };
    let max_width = side("MaxWidth", "width");
    let max_height = side("MaxHeight", "height");
    let megapixels = Parameter::number("Largest original in millions of pixels");
    let cache_control = Parameter::text("Cache-Control of results; empty for none");
    ImageParameters {
        max_width,
        max_height,
        max_megapixels: stack.parameter("MaxMegapixels", megapixels.default(100_u32).range(1, 268)),
        cache_control: stack.parameter(
            "CacheControl",
            cache_control
                .default(CACHE_CONTROL)
                .allowed_pattern("[ -~]*", "has printable ASCII only")
                .length(0, 256),
        ),
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
