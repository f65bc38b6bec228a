//! Conditions: parts of a template that depend on a parameter.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use serde::{Serialize, Serializer};

use super::{Value, owner};

/// A condition of a stack, by [`Stack::condition`](super::Stack::condition).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// With the number of its stack.
    pub(crate) name: String,
}

impl Condition {
    /// The name in the template's `Conditions`.
    #[must_use]
    pub fn name(&self) -> &str {
        owner::plain(&self.name)
    }
}

/// What a condition tests.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Test {
    /// `Fn::Equals`.
    Equals(Value<String>, Value<String>),
}

impl Serialize for Test {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Equals(left, right) => serializer.collect_map([("Fn::Equals", [left, right])]),
        }
    }
}
