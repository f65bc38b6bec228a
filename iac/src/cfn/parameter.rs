//! Parameters: what the person who deploys decides.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use serde::Serialize;

use super::{List, Literal};

/// A parameter that yields a `T`: text ([`Parameter::text`]), a whole number ([`Parameter::number`]), one of
/// some words ([`Parameter::one_of`]) or a list of texts ([`Parameter::list`]).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Parameter<T> {
    r#type: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<T>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_values: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    constraint_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_value: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_value: Option<u32>,
}

impl<T: Serialize> Parameter<T> {
    fn of(r#type: &'static str, description: &str) -> Self {
        Self {
            r#type,
            description: description.to_owned(),
            default: None,
            allowed_values: Vec::new(),
            allowed_pattern: None,
            constraint_description: None,
            min_length: None,
            max_length: None,
            min_value: None,
            max_value: None,
        }
    }

    /// The value where none is given. Without one the parameter must be given.
    #[must_use]
    pub fn default(mut self, value: impl Into<T>) -> Self {
        self.default = Some(value.into());
        self
    }

    fn matching(mut self, pattern: &str, constraint: &str) -> Self {
        self.allowed_pattern = Some(pattern.to_owned());
        self.constraint_description = Some(constraint.to_owned());
        self
    }

    /// The only values taken.
    #[must_use]
    pub fn allowed_values(mut self, values: impl IntoIterator<Item = impl Into<T>>) -> Self {
        self.allowed_values = values.into_iter().map(Into::into).collect();
        self
    }
}

impl Parameter<String> {
    /// A `String` parameter.
    #[must_use]
    pub fn text(description: &str) -> Self {
        Self::of("String", description)
    }

    /// A regular expression that the whole value must match, and what to tell whose does not.
    #[must_use]
    pub fn allowed_pattern(self, pattern: &str, constraint: &str) -> Self {
        self.matching(pattern, constraint)
    }

    /// At least one character.
    #[must_use]
    pub const fn not_empty(mut self) -> Self {
        self.min_length = Some(1);
        self
    }

    /// Least and largest length in characters.
    #[must_use]
    pub const fn length(mut self, min: u32, max: u32) -> Self {
        self.min_length = Some(min);
        self.max_length = Some(max);
        self
    }
}

impl<T: Literal> Parameter<T> {
    /// A `String` parameter that takes one of these.
    #[must_use]
    pub fn one_of(description: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::of("String", description).allowed_values(values)
    }
}

impl Parameter<List> {
    /// A `CommaDelimitedList` parameter.
    #[must_use]
    pub fn list(description: &str) -> Self {
        Self::of("CommaDelimitedList", description)
    }

    /// A regular expression that every item must match, and what to tell whose does not.
    #[must_use]
    pub fn allowed_pattern(self, pattern: &str, constraint: &str) -> Self {
        self.matching(pattern, constraint)
    }
}

impl Parameter<u32> {
    /// A `Number` parameter that takes whole numbers.
    #[must_use]
    pub fn number(description: &str) -> Self {
        Self::of("Number", description)
    }

    /// Least and largest value.
    #[must_use]
    pub const fn range(mut self, min: u32, max: u32) -> Self {
        self.min_value = Some(min);
        self.max_value = Some(max);
        self
    }
}
