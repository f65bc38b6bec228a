//! Logs as one JSON object a line, which `CloudWatch` Logs Insights takes apart by itself.

use std::env;
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;

/// Starts logging to stdout, and makes panics part of it. `RUST_LOG` decides on levels, then
/// `AWS_LAMBDA_LOG_LEVEL`, then `info`.
pub fn start() {
    let levels = env::var("RUST_LOG")
        .ok()
        .filter(|levels| !levels.is_empty())
        .or_else(|| {
            env::var("AWS_LAMBDA_LOG_LEVEL")
                .ok()
                .map(|level| level_name(&level))
        })
        .unwrap_or_else(|| "info".to_owned());
    let mut filter = EnvFilter::builder().parse_lossy(&levels);
    // The runtime logs every error a second time, by its Debug form.
    if let Ok(quiet) = "lambda_runtime::layers::panic=off".parse() {
        filter = filter.add_directive(quiet);
    }
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .init();
    std::panic::set_hook(Box::new(log_panic));
}

/// Lambda knows a level that `tracing` does not.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn level_name(level: &str) -> String {
    if level.eq_ignore_ascii_case("fatal") {
        "error".to_owned()
    } else {
        level.to_lowercase()
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::warn!(place, panic = panic.payload_as_str(), "caught a panic");
}
