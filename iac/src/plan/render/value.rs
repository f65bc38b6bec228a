//! Values in a line.

use serde_json::{Map, Value as Json};

use super::excerpt::visible;
use crate::plan::values::{intrinsic, reference};

/// The value as people write it: texts without quotes, references as `${Name}`, the rest as JSON.
pub(in crate::plan) fn plain(value: &Json) -> String {
    match shown(value) {
        Json::String(text) => text,
        value => value.to_string(),
    }
}

/// The value in one line, with quotes where it would not be seen without them.
pub(super) fn written(value: &Json) -> String {
    let text = plain(value);
    let quotes = value.is_string() && (text.is_empty() || text.trim() != text);
    let text = visible(&text);
    if quotes { format!("\"{text}\"") } else { text }
}

/// The value with its references as `${Name}`.
pub(super) fn shown(value: &Json) -> Json {
    if let Some(name) = reference(value) {
        return format!("${{{name}}}").into();
    }
    match (intrinsic(value), value) {
        (Some(("Fn::Sub", Json::String(text))), _) => text.replace("${!", "${").into(),
        (_, Json::Object(fields)) => {
            let fields = fields
                .iter()
                .map(|(key, value)| (key.clone(), shown(value)));
            fields.collect::<Map<_, _>>().into()
        }
        (_, Json::Array(items)) => items.iter().map(shown).collect(),
        (_, scalar) => scalar.clone(),
    }
}
