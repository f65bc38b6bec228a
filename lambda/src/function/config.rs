//! What the stack's environment variables say.

use std::env::{self, VarError};

use crate::engine::{Bounds, MAX_RESULT_SIDE};
use crate::environment::{MAX_HEIGHT, MAX_WIDTH, OUTPUT_PREFIX, RESIZED_BUCKET, SOURCE_BUCKET};

/// The function's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The only bucket it reads from.
    pub source_bucket: String,
    /// The bucket it writes to.
    pub resized_bucket: String,
    /// What the keys of results start with; ends in `/`.
    pub output_prefix: String,
    /// The box a result fits in.
    pub bounds: Bounds,
}

/// An environment variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} {problem}")]
pub struct ConfigError {
    /// Name of the variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Config {
    /// Reads the variables named in [`crate::environment`].
    ///
    /// # Errors
    ///
    /// The first variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(required)
    }

    fn from_lookup(
        lookup: impl Fn(&'static str) -> Result<String, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let side = |variable| {
            let text = lookup(variable)?;
            text.parse()
                .ok()
                .filter(|side| (1..=MAX_RESULT_SIDE).contains(side))
                .ok_or_else(|| ConfigError {
                    variable,
                    problem: format!(
                        "is {text:?}; it must be a number of pixels from 1 to {MAX_RESULT_SIDE}"
                    ),
                })
        };
        let output_prefix = lookup(OUTPUT_PREFIX)?;
        if !output_prefix.ends_with('/') {
            return Err(ConfigError {
                variable: OUTPUT_PREFIX,
                problem: format!("is {output_prefix:?}; it must end in a slash"),
            });
        }
        Ok(Self {
            source_bucket: lookup(SOURCE_BUCKET)?,
            resized_bucket: lookup(RESIZED_BUCKET)?,
            output_prefix,
            bounds: Bounds {
                max_width: side(MAX_WIDTH)?,
                max_height: side(MAX_HEIGHT)?,
            },
        })
    }
}

/// A variable that must be there and not be empty.
pub(super) fn required(variable: &'static str) -> Result<String, ConfigError> {
    let problem = match env::var(variable) {
        Ok(value) if !value.is_empty() => return Ok(value),
        Ok(_) => "is empty",
        Err(VarError::NotPresent) => "is not set",
        Err(VarError::NotUnicode(_)) => "is not UTF-8",
    };
    Err(ConfigError {
        variable,
        problem: problem.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(changed: &'static str, value: &str) -> Result<Config, ConfigError> {
        Config::from_lookup(|variable| {
            Ok(match variable {
                _ if variable == changed => value,
                MAX_WIDTH | MAX_HEIGHT => "720",
                OUTPUT_PREFIX => "thumbs/",
                _ => "a-bucket",
            }
            .to_owned())
        })
    }

    #[test]
    fn a_whole_environment() {
        let config = config(MAX_HEIGHT, "480").expect("valid");
        assert_eq!(
            config.bounds,
            Bounds {
                max_width: 720,
                max_height: 480
            }
        );
        assert_eq!(config.output_prefix, "thumbs/");
    }

    #[test]
    fn the_wrong_variable_is_named() {
        for (variable, value) in [
            (MAX_WIDTH, "0"),
            (MAX_WIDTH, "wide"),
            (MAX_HEIGHT, "16384"),
            (MAX_HEIGHT, "-1"),
            (OUTPUT_PREFIX, "thumbs"),
        ] {
            let error = config(variable, value).expect_err(value);
            assert_eq!(error.variable, variable);
            assert!(error.to_string().contains(value), "{error}");
        }
    }
}
