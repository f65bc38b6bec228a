//! What environment variables say, and which of them is wrong.

use std::env::{self, VarError};
use std::ops::RangeInclusive;

/// An environment variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} {problem}")]
pub struct ConfigError {
    /// Name of the variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl ConfigError {
    fn new(variable: &'static str, problem: impl Into<String>) -> Self {
        Self {
            variable,
            problem: problem.into(),
        }
    }
}

/// The environment of this process, or a test's.
pub struct Variables {
    look_up: Box<dyn Fn(&'static str) -> Result<String, VarError>>,
}

impl Variables {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            look_up: Box::new(env::var),
        }
    }

    #[cfg(test)]
    pub(crate) fn of(list: &[(&'static str, &str)]) -> Self {
        let list: std::collections::BTreeMap<_, _> = list
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            look_up: Box::new(move |name| list.get(name).cloned().ok_or(VarError::NotPresent)),
        }
    }

    /// A variable that may be missing; an empty one is.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    pub fn optional(&self, variable: &'static str) -> Result<Option<String>, ConfigError> {
        match (self.look_up)(variable) {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(ConfigError::new(variable, "is not UTF-8")),
        }
    }

    /// A variable that must be there and not be empty.
    ///
    /// # Errors
    ///
    /// It is missing, empty or not UTF-8.
    pub fn required(&self, variable: &'static str) -> Result<String, ConfigError> {
        match (self.look_up)(variable) {
            Ok(value) if value.is_empty() => Err(ConfigError::new(variable, "is empty")),
            Err(VarError::NotPresent) => Err(ConfigError::new(variable, "is not set")),
            _ => self.optional(variable).map(Option::unwrap_or_default),
        }
    }

    /// What keys start with.
    ///
    /// # Errors
    ///
    /// It is missing, or does not end in a slash.
    pub fn prefix(&self, variable: &'static str) -> Result<String, ConfigError> {
        self.required(variable)
            .and_then(|prefix| ends_in_slash(variable, prefix))
    }

    /// What keys start with, if anything.
    ///
    /// # Errors
    ///
    /// It does not end in a slash.
    pub fn optional_prefix(&self, variable: &'static str) -> Result<Option<String>, ConfigError> {
        self.optional(variable)?
            .map(|prefix| ends_in_slash(variable, prefix))
            .transpose()
    }

    /// A number of `unit` in a range.
    ///
    /// # Errors
    ///
    /// It is missing, no number or outside of the range.
    pub fn number<T>(
        &self,
        variable: &'static str,
        range: &RangeInclusive<T>,
        unit: &str,
    ) -> Result<T, ConfigError>
    where
        T: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        let text = self.required(variable)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (first, last) = (range.start(), range.end());
            let problem =
                format!("is {text:?}; it must be a number of {unit} from {first} to {last}");
            ConfigError::new(variable, problem)
        })
    }

    /// The same for a variable that may be missing.
    ///
    /// # Errors
    ///
    /// It is no number or outside of the range.
    pub fn optional_number<T>(
        &self,
        variable: &'static str,
        range: &RangeInclusive<T>,
        unit: &str,
    ) -> Result<Option<T>, ConfigError>
    where
        T: std::str::FromStr + PartialOrd + std::fmt::Display,
    {
        self.optional(variable)?
            .map(|_| self.number(variable, range, unit))
            .transpose()
    }
}

fn ends_in_slash(variable: &'static str, prefix: String) -> Result<String, ConfigError> {
    if prefix.ends_with('/') {
        Ok(prefix)
    } else {
        let problem = format!("is {prefix:?}; it must end in a slash");
        Err(ConfigError::new(variable, problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_from_what_is_empty() {
        let variables = Variables::of(&[("A", ""), ("B", "b")]);
        let problem = |name| variables.required(name).map_err(|error| error.to_string());
        assert_eq!(problem("B"), Ok("b".to_owned()));
        assert_eq!(
            problem("A"),
            Err("the environment variable A is empty".to_owned())
        );
        assert_eq!(
            problem("C"),
            Err("the environment variable C is not set".to_owned())
        );
        assert_eq!(variables.optional("A"), Ok(None));
        assert_eq!(variables.optional("C"), Ok(None));
        let not_utf8 = Variables {
            look_up: Box::new(|_| Err(VarError::NotUnicode("x".into()))),
        };
        for error in [not_utf8.required("A").err(), not_utf8.optional("A").err()] {
            assert_eq!(error.expect("refused").problem, "is not UTF-8");
        }
    }

    #[test]
    fn numbers_and_prefixes_are_checked() {
        let variables = Variables::of(&[("N", "9"), ("X", "nine"), ("P", "a/"), ("Q", "a")]);
        assert_eq!(variables.number("N", &(1..=9_u32), "bytes"), Ok(9));
        let optional = |name| variables.optional_number(name, &(1..=9_u32), "bytes");
        assert_eq!(optional("N"), Ok(Some(9)));
        assert_eq!(optional("M"), Ok(None));
        optional("X").expect_err("no number");
        for (name, range) in [("N", 1..=8), ("N", 10..=11), ("X", 1..=9_u64)] {
            let error = variables.number(name, &range, "bytes").expect_err(name);
            assert!(error.problem.contains("a number of bytes from"), "{error}");
        }
        assert_eq!(variables.prefix("P").as_deref(), Ok("a/"));
        assert_eq!(variables.optional_prefix("P"), Ok(Some("a/".to_owned())));
        assert_eq!(variables.optional_prefix("R"), Ok(None));
        for error in [
            variables.prefix("Q").err(),
            variables.optional_prefix("Q").err(),
        ] {
            assert!(error.expect("refused").problem.contains("slash"));
        }
    }
}
