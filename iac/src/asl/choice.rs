//! Where an execution goes next, by its data.

use serde_json::{Value as Json, json};

use super::{Path, StateRef};

/// A state that leads to one of several others. The first rule that holds decides.
///
/// Source: <https://states-language.net/spec.html#choice-state>
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the state is for.
    pub comment: String,
    /// The rules, in order; at least one.
    pub choices: Vec<ChoiceRule>,
    /// Where it leads if no rule holds.
    pub default: StateRef,
}

/// A rule about a text in the state's input.
#[derive(Debug, Clone)]
pub struct ChoiceRule {
    /// Where the text is.
    pub variable: Path,
    /// What it must look like; `*` is any number of characters, and `\\*` is a `*`.
    pub string_matches: String,
    /// Where it leads then.
    pub next: StateRef,
}

/// A state that ends the execution with success; its input is the output.
#[derive(Debug, Clone)]
pub struct Succeed {
    /// What the state is for.
    pub comment: String,
}

impl ChoiceRule {
    pub(super) fn document(&self) -> Json {
        json!({
            "Variable": self.variable,
            "StringMatches": self.string_matches,
            "Next": self.next.name(),
        })
    }
}
