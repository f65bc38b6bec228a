//! What reads best on one line.

use serde_json::Value as Json;

use super::{is_plain, scalar};

/// Characters of a value that may stand on one line.
pub(super) const SHORT: usize = 100;

/// Whether a value reads best on the line of its key: words that belong together, and a name in a name in a
/// name.
pub(super) fn is_short(key: &str, value: &Json) -> bool {
    let together = match value {
        Json::Array(items) => match key {
            "Fn::GetAtt" => return true,
            "Fn::Select" | "Fn::Sub" => !items.is_empty(),
            _ => false,
        },
        value => depth_of_names(value).is_some_and(|depth| depth > 1),
    };
    together && flow(value).chars().count() <= SHORT
}

/// How many maps of one entry each are in each other around a text or a number.
fn depth_of_names(json: &Json) -> Option<usize> {
    match json {
        Json::Object(map) if map.len() == 1 => {
            let inner = map.values().next().and_then(depth_of_names);
            inner.map(|depth| depth + 1)
        }
        Json::Object(_) | Json::Array(_) | Json::Null => None,
        Json::String(_) | Json::Number(_) | Json::Bool(_) => Some(0),
    }
}

/// A value on one line.
pub(super) fn flow(json: &Json) -> String {
    match json {
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(map) => {
            let entries = map.iter();
            let entries = entries.map(|(key, value)| format!("{}: {}", word(key), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Json::String(text) => word(text),
        other => other.to_string(),
    }
}

/// A text among others on one line, where older readers end an unquoted one at a colon.
fn word(text: &str) -> String {
    if is_plain(text) && text.contains(':') {
        format!("'{text}'")
    } else {
        scalar(text)
    }
}
