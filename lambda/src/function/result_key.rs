//! Where the result of an original is.

use super::variables::{ConfigError, Variables};
use crate::environment::{INPUT_PREFIX, OUTPUT_PREFIX};

/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
pub const MAX_KEY_BYTES: usize = 1024;

/// How a result's key is made from the original's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultKeys {
    /// What the keys of originals start with; not given: anything.
    pub input_prefix: Option<String>,
    /// What the keys of results start with.
    pub output_prefix: String,
}

impl ResultKeys {
    /// From the stack's variables.
    ///
    /// # Errors
    ///
    /// A prefix that is missing or does not end in a slash.
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        Ok(Self {
            input_prefix: variables.optional_prefix(INPUT_PREFIX)?,
            output_prefix: variables.prefix(OUTPUT_PREFIX)?,
        })
    }

    /// The result's key, or nothing if this is no original.
    pub fn of(&self, key: &str) -> Option<String> {
        let rest = match &self.input_prefix {
            Some(prefix) => key.strip_prefix(prefix.as_str())?,
            None => key,
        };
        Some(format!("{}{rest}", self.output_prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(input: Option<&str>) -> ResultKeys {
        ResultKeys {
            input_prefix: input.map(str::to_owned),
            output_prefix: "out/".to_owned(),
        }
    }

    #[test]
    fn the_prefix_goes_before_the_key_or_in_place_of_the_other() {
        assert_eq!(
            keys(None).of("uploads/a/b.jpg").as_deref(),
            Some("out/uploads/a/b.jpg")
        );
        assert_eq!(
            keys(Some("uploads/")).of("uploads/a/b.jpg").as_deref(),
            Some("out/a/b.jpg")
        );
        assert_eq!(keys(Some("uploads/")).of("uploads"), None);
        assert_eq!(keys(Some("uploads/")).of("a/uploads/b.jpg"), None);
    }
}
