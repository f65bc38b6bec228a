//! Where a value is.

use std::fmt;

use serde_json::Value as Json;

/// The way from a resource's properties to a value, on both sides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::plan) struct Path(Vec<Step>);

/// A step of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum Step {
    /// A field of an object.
    Key(String),
    /// An item of a list: where it is on each side, and the name it goes by if it has one.
    Item {
        before: Option<usize>,
        after: Option<usize>,
        name: Option<String>,
    },
    /// The order of the items of a list.
    Order,
}

impl Path {
    pub(in crate::plan) fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    pub(in crate::plan) fn then(&self, step: Step) -> Self {
        let mut path = self.clone();
        path.0.push(step);
        path
    }

    /// Where a JSON pointer of AWS leads to.
    pub(in crate::plan) fn at(pointer: &[String]) -> Self {
        let step = |name: &String| match name.parse() {
            Ok(index) => Step::Item {
                before: Some(index),
                after: Some(index),
                name: None,
            },
            Err(_) => Step::Key(name.clone()),
        };
        Self(pointer.iter().map(step).collect())
    }

    /// This path with another behind it.
    pub(in crate::plan) fn join(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Whether a JSON pointer of AWS leads to this value, to something it is in or to a part of it.
    pub(in crate::plan) fn meets(&self, pointer: &[String]) -> bool {
        self.0.iter().zip(pointer).all(|(step, name)| step.is(name))
    }

    /// Whether a JSON pointer of AWS leads to this very value.
    pub(in crate::plan) fn is(&self, pointer: &[String]) -> bool {
        self.0.len() == pointer.len() && self.meets(pointer)
    }

    /// The value that is there on one side of what was compared.
    pub(in crate::plan) fn get<'j>(&self, root: &'j Json, after: bool) -> Option<&'j Json> {
        self.0.iter().try_fold(root, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Item {
                before, after: new, ..
            } => value.get(if after { *new } else { *before }?),
            Step::Order => None,
        })
    }
}

impl Step {
    fn is(&self, name: &str) -> bool {
        match self {
            Self::Key(key) => key == name,
            Self::Item { before, after, .. } => {
                let index = name.parse().ok();
                index.is_some() && (*before == index || *after == index)
            }
            Self::Order => false,
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item {
                    name: Some(name), ..
                } => write!(f, "[{name}]")?,
                Step::Item { before, after, .. } => {
                    // Where it will be, or where it was.
                    write!(f, "[{}]", after.or(*before).unwrap_or_default())?;
                }
                Step::Order if index == 0 => f.write_str("(order)")?,
                Step::Order => f.write_str(" (order)")?,
            }
        }
        Ok(())
    }
}

/// The steps of a JSON pointer.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6901>
pub(in crate::plan) fn pointer(text: &str) -> Vec<String> {
    let steps = text.split('/').filter(|step| !step.is_empty());
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}
