//! Retry and Catch.

use serde::{Serialize, Serializer};

use super::{ErrorName, Path, StateRef};

/// Try again, after a pause that grows.
///
/// Source: <https://states-language.net/spec.html#retrying-after-error>
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Retrier {
    /// Which errors.
    pub error_equals: Vec<ErrorName>,
    /// The first pause, in seconds; at least 1.
    pub interval_seconds: u32,
    /// How many more times; 0 is never.
    pub max_attempts: u32,
    /// How much longer each pause is than the one before; at least 1.
    pub backoff_rate: f64,
    /// How pauses are spread.
    pub jitter_strategy: JitterStrategy,
}

/// How pauses are spread, so that what failed together does not try again together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum JitterStrategy {
    /// Anywhere between nothing and the whole pause.
    Full,
    /// The whole pause.
    None,
}

/// Go on elsewhere after an error.
///
/// Source: <https://states-language.net/spec.html#fallback-states>
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Catcher {
    /// Which errors.
    pub error_equals: Vec<ErrorName>,
    /// Where in the state's input the error goes, as `{"Error": …, "Cause": …}`.
    pub result_path: Path,
    /// The state to go to.
    #[serde(serialize_with = "by_name")]
    pub next: StateRef,
}

fn by_name<S: Serializer>(state: &StateRef, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.name())
}
