//! Lists of texts: what a `CommaDelimitedList` parameter yields.

use serde::ser::{Error as _, Serialize, Serializer};

use super::Value;
use super::expression::Expression;

/// Texts of which none holds a comma. Written down, they stand with a comma between each two.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List(Vec<String>);

impl<T: Into<String>> FromIterator<T> for List {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(Into::into).collect())
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(item) = self.0.iter().find(|item| item.contains(',')) {
            return Err(S::Error::custom(format!(
                "`{item}` holds a comma, which would make two items of it"
            )));
        }
        serializer.serialize_str(&self.0.join(","))
    }
}

impl Value<List> {
    /// `Fn::Join`: the items as one text with the delimiter between each two.
    #[must_use]
    pub fn joined(&self, delimiter: &str) -> Value<String> {
        Value::new(Expression::JoinList(
            delimiter.to_owned(),
            Box::new(self.expression.clone()),
        ))
    }

    /// `Fn::Select`: the item at an index, from 0. CloudFormation refuses a deployment whose list is
    /// shorter.
    #[must_use]
    pub fn item(&self, index: u32) -> Value<String> {
        Value::new(Expression::Select(index, Box::new(self.expression.clone())))
    }
}
