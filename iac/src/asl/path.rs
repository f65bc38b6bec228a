//! Paths into a state's data.

use serde::{Serialize, Serializer};

/// A reference path: `$` or `$.field.field`. Made of field names, so it is always well-formed.
///
/// Source: <https://states-language.net/spec.html#ref-paths>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(String);

impl Path {
    /// The whole input: `$`.
    #[must_use]
    pub fn root() -> Self {
        Self("$".to_owned())
    }

    /// A field of what this path leads to. Names that are not plain words are written in brackets.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        Self(if plain {
            format!("{}.{name}", self.0)
        } else {
            format!(
                "{}['{}']",
                self.0,
                name.replace('\\', r"\\").replace('\'', r"\'")
            )
        })
    }

    /// The text in the definition.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a field of `Parameters` holds, computed when the state is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Payload {
    /// What the path leads to.
    Path(Path),
    /// The JSON that is in the text the path leads to (`States.StringToJson`).
    StringToJson(Path),
}

impl Payload {
    /// The expression, as it stands behind a name that ends in `.$`.
    #[must_use]
    pub fn expression(&self) -> String {
        match self {
            Self::Path(path) => path.as_str().to_owned(),
            Self::StringToJson(path) => format!("States.StringToJson({})", path.as_str()),
        }
    }
}
