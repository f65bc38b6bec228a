//! Whose reference it is.
//!
//! A reference is a name, and another stack may have something else under the same name. So until a
//! stack takes it in, a reference carries the number of the stack that made it, between two characters
//! that stand in no text; the stack compares the number with its own and takes it off. As handles come
//! from adding a resource and from nowhere else, whatever a stack refers to is in it, and was there
//! before: resources cannot wait for each other in a circle, which no local engine would notice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value as Json;

/// A noncharacter: Unicode keeps it out of the interchange of text.
const MARK: char = '\u{fdd0}';

/// The number of a stack: it tells the stacks of a process apart, and is never written anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner(u64);

static STACKS: AtomicU64 = AtomicU64::new(0);

impl Owner {
    /// A number that no other stack has.
    pub(crate) fn new() -> Self {
        Self(STACKS.fetch_add(1, Ordering::Relaxed))
    }

    /// The name with the number.
    pub(crate) fn mark(self, name: &str) -> String {
        format!("{MARK}{}{MARK}{name}", self.0)
    }

    /// Takes the numbers off every reference in a document, and tells the names of those that are of
    /// another stack.
    pub(crate) fn claim(self, json: &mut Json) -> BTreeSet<String> {
        let mut foreign = BTreeSet::new();
        self.walk(json, &mut foreign);
        foreign
    }

    fn walk(self, json: &mut Json, foreign: &mut BTreeSet<String>) {
        match json {
            // Most texts are ASCII, which is seen sooner than that they hold no mark.
            Json::String(text) if !text.is_ascii() && text.contains(MARK) => {
                *text = self.unmarked(text, foreign);
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.walk(item, foreign)),
            Json::Object(map) => map.values_mut().for_each(|value| self.walk(value, foreign)),
            _ => {}
        }
    }

    fn unmarked(self, text: &str, foreign: &mut BTreeSet<String>) -> String {
        let mut out = String::with_capacity(text.len());
        // Text, number, text that starts with the name, number, ...
        for (index, piece) in text.split(MARK).enumerate() {
            if index % 2 == 0 {
                out.push_str(piece);
            } else if piece != self.0.to_string() {
                let name = text.split(MARK).nth(index + 1).unwrap_or_default();
                let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next();
                foreign.insert(name.unwrap_or_default().to_owned());
            }
        }
        out
    }
}

/// A name without its number.
pub(crate) fn plain(name: &str) -> &str {
    name.rsplit(MARK).next().unwrap_or(name)
}
