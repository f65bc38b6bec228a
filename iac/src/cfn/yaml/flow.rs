//! What reads best on one line.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::{is_plain, scalar};

/// Characters of a value that may stand on one line.
pub(super) const SHORT: usize = 100;
/// The same for names of one kind.
const MANY: usize = 140;

/// Whether a value reads best on the line of its key: words that belong together, and a name in a name in a
/// name.
pub(super) fn is_short(key: &str, value: &Json) -> bool {
    let together = match value {
        Json::Array(items) => match key {
            "Fn::GetAtt" => return true,
            "Fn::Select" | "Fn::Sub" => !items.is_empty(),
            _ if items.len() > 2 && items.iter().all(is_name) => return fits(value, MANY),
            _ => false,
        },
        value => depth_of_names(value).is_some_and(|depth| depth > 1),
    };
    together && fits(value, SHORT)
}

fn fits(value: &Json, most: usize) -> bool {
    let mut line = String::new();
    flow(&mut line, value);
    line.chars().count() <= most
}

/// Whether this is one word, of which a line each would be mostly indentation. Actions have a colon, and stay on
/// lines of their own: each of them is looked at.
fn is_name(json: &Json) -> bool {
    json.as_str()
        .is_some_and(|text| is_plain(text) && !text.contains([':', ' ']))
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
pub(super) fn flow(out: &mut String, json: &Json) {
    match json {
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                flow(out, item);
            }
            out.push(']');
        }
        Json::Object(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                word(out, key);
                out.push_str(": ");
                flow(out, value);
            }
            out.push('}');
        }
        Json::String(text) => word(out, text),
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

/// A text among others on one line, where older readers end an unquoted one at a colon.
fn word(out: &mut String, text: &str) {
    if text.contains(':') && is_plain(text) {
        let _ = write!(out, "'{text}'");
    } else {
        scalar(out, text);
    }
}
