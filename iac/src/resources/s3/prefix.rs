//! What keys start with.

use std::fmt;

use crate::cfn::{Problem, Value};

/// The start of keys: one or more folder names, each with a slash behind it. It may stand in a
/// permission, so it holds nothing that IAM would read as a pattern or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// What a prefix looks like, as a regular expression that a whole prefix matches.
    pub const PATTERN: &str = "([A-Za-z0-9!_.'()-]+/)+";
    /// What a prefix looks like, in words.
    pub const RULE: &str =
        "is one or more folder names, each with a slash behind it: letters, digits and !_.'()-";

    /// Takes a prefix such as `uploads/`.
    ///
    /// # Errors
    /// Anything else: no slash at the end, an empty folder name, a character that has a meaning in a
    /// permission.
    pub fn new(prefix: &str) -> Result<Self, Problem> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "!_.'()-".contains(c);
        let folders = prefix.strip_suffix('/').unwrap_or_default();
        if folders
            .split('/')
            .all(|folder| !folder.is_empty() && folder.chars().all(is_name))
        {
            Ok(Self(prefix.to_owned()))
        } else {
            Err(Problem::new(
                prefix,
                format!("is no prefix of keys: one {}", Self::RULE),
            ))
        }
    }

    /// `uploads/`.
    #[must_use]
    pub fn uploads() -> Self {
        Self("uploads/".to_owned())
    }

    /// `processed/`.
    #[must_use]
    pub fn processed() -> Self {
        Self("processed/".to_owned())
    }

    /// The prefix as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The prefix as a value.
    #[must_use]
    pub fn value(&self) -> Value<String> {
        self.as_str().into()
    }

    /// Whether a key can start with both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0) || other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
