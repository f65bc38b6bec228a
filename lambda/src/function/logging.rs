//! Logs as one JSON object a line, which `CloudWatch` Logs Insights takes apart by itself.

use std::env::{self, VarError};
use std::panic::PanicHookInfo;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging to stdout, and makes panics part of it. `RUST_LOG` (`warn`, `lambda=debug,info`)
/// decides on levels, then `AWS_LAMBDA_LOG_LEVEL` (one level), then `info`. A value that is neither is
/// logged, and `info` taken in its place.
pub fn start() {
    let chosen = levels(env::var("RUST_LOG"), env::var("AWS_LAMBDA_LOG_LEVEL"));
    let (levels, problem) = match chosen {
        Ok(levels) => (levels, None),
        Err(problem) => (all(LevelFilter::INFO), Some(problem)),
    };
    // The runtime logs every error a second time, by its Debug form.
    let levels = levels.with_target("lambda_runtime::layers::panic", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(levels)
        .init();
    std::panic::set_hook(Box::new(log_panic));
    if let Some(problem) = problem {
        tracing::warn!(problem, "logging at the level info");
    }
}

type Variable = Result<String, VarError>;

/// What to log, or what is wrong with the variable that says so.
fn levels(rust_log: Variable, lambda_level: Variable) -> Result<Targets, String> {
    // `Targets` and not `EnvFilter`, which needs a regular-expression engine to match fields of spans.
    match rust_log {
        Ok(text) if !text.is_empty() => {
            return text
                .parse()
                .map_err(|error| format!("RUST_LOG is {text:?}: {error}"));
        }
        Err(VarError::NotUnicode(_)) => return Err("RUST_LOG is not UTF-8".to_owned()),
        Ok(_) | Err(VarError::NotPresent) => {}
    }
    match lambda_level {
        Ok(text) if !text.is_empty() => level(&text)
            .map(all)
            .ok_or_else(|| format!("AWS_LAMBDA_LOG_LEVEL is {text:?}, which is no level")),
        Err(VarError::NotUnicode(_)) => Err("AWS_LAMBDA_LOG_LEVEL is not UTF-8".to_owned()),
        Ok(_) | Err(VarError::NotPresent) => Ok(all(LevelFilter::INFO)),
    }
}

fn all(level: LevelFilter) -> Targets {
    Targets::new().with_default(level)
}

/// A level as Lambda writes it; it knows one that `tracing` does not.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn level(name: &str) -> Option<LevelFilter> {
    if name.eq_ignore_ascii_case("fatal") {
        Some(LevelFilter::ERROR)
    } else {
        name.parse().ok()
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    tracing::warn!(place, panic = panic.payload_as_str(), "caught a panic");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use tracing::Level;

    fn variable(text: Option<&str>) -> Variable {
        text.map(str::to_owned).ok_or(VarError::NotPresent)
    }

    #[test]
    fn rust_log_then_lambda_then_info() {
        for (rust_log, lambda_level, most) in [
            (variable(None), variable(None), Some(Level::INFO)),
            (variable(Some("")), variable(Some("")), Some(Level::INFO)),
            (variable(Some("off")), variable(Some("DEBUG")), None),
            (
                variable(Some("warn")),
                variable(Some("DEBUG")),
                Some(Level::WARN),
            ),
            (
                variable(Some("other=trace,error")),
                variable(None),
                Some(Level::ERROR),
            ),
            (
                variable(Some("error,lambda=debug")),
                variable(None),
                Some(Level::DEBUG),
            ),
            (
                variable(Some("")),
                variable(Some("DEBUG")),
                Some(Level::DEBUG),
            ),
            (variable(None), variable(Some("FATAL")), Some(Level::ERROR)),
        ] {
            let name = format!("{rust_log:?}, {lambda_level:?}");
            let levels = levels(rust_log, lambda_level).expect(&name);
            for level in [
                Level::ERROR,
                Level::WARN,
                Level::INFO,
                Level::DEBUG,
                Level::TRACE,
            ] {
                let logged = most.is_some_and(|most| level <= most);
                assert_eq!(
                    levels.would_enable("lambda", &level),
                    logged,
                    "{name}: {level}"
                );
            }
        }
    }

    #[test]
    fn nonsense_names_its_variable() {
        let not_utf8 = || {
            use std::os::unix::ffi::OsStringExt;
            Err(VarError::NotUnicode(OsString::from_vec(vec![0xFF])))
        };
        for (rust_log, lambda_level, said) in [
            (
                variable(Some("lambda=loud")),
                variable(None),
                "RUST_LOG is \"lambda=loud\"",
            ),
            (variable(Some("a=b=c")), variable(Some("INFO")), "RUST_LOG"),
            (not_utf8(), variable(None), "RUST_LOG is not"),
            (
                variable(None),
                variable(Some("LOUD")),
                "AWS_LAMBDA_LOG_LEVEL is \"LOUD\"",
            ),
            (variable(None), not_utf8(), "AWS_LAMBDA_LOG_LEVEL is not"),
        ] {
            let problem = levels(rust_log, lambda_level).expect_err(said);
            assert!(problem.contains(said), "{problem}");
        }
    }
}
