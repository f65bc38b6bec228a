//! The check of a body against its model, with messages in the words of API Gateway's validator.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// A model: JSON Schema, draft 4.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html>
#[derive(Debug)]
pub(super) struct Model {
    validator: Validator,
}

impl Model {
    /// Makes a model of a schema of an `OpenAPI` document; its references point into `components`.
    pub(super) fn new(schema: &Value, components: &Value) -> Result<Self, String> {
        let document = json!({"allOf": [schema], "components": components});
        match jsonschema::options()
            .with_draft(Draft::Draft4)
            .build(&document)
        {
            Ok(validator) => Ok(Self { validator }),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What is wrong with a body, as `$context.error.validationErrorString` says it; `None` if nothing.
    pub(super) fn problems(&self, body: &[u8]) -> Option<String> {
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Some("[Invalid JSON]".to_owned());
        };
        let mut missing: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut messages = Vec::new();
        for error in self.validator.iter_errors(&value) {
            let place = error.instance_path().to_string();
            if let ValidationErrorKind::Required { property } = error.kind() {
                missing
                    .entry(place)
                    .or_default()
                    .insert(property.as_str().unwrap_or_default().to_owned());
            } else {
                messages.push(with_place(
                    &place,
                    &message(error.kind(), error.instance(), &error.to_string()),
                ));
            }
        }
        for (place, names) in missing {
            let message = format!("object has missing required properties ({})", json!(names));
            messages.push(with_place(&place, &message));
        }
        (!messages.is_empty()).then(|| format!("[{}]", messages.join(", ")))
    }
}

/// The validator's words do not say which field they are about, so its path goes before them.
fn with_place(place: &str, message: &str) -> String {
    if place.is_empty() {
        message.to_owned()
    } else {
        format!("{place}: {message}")
    }
}

fn message(kind: &ValidationErrorKind, instance: &Value, otherwise: &str) -> String {
    let length = || instance.as_str().map_or(0, |text| text.chars().count());
    let items = || instance.as_array().map_or(0, Vec::len);
    match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            format!(
                "object instance has properties which are not allowed by the schema: {}",
                json!(unexpected)
            )
        }
        ValidationErrorKind::Type { kind } => {
            let allowed: Vec<String> = match kind {
                TypeKind::Single(one) => vec![one.to_string()],
                TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect(),
            };
            format!(
                "instance type ({}) does not match any allowed primitive type (allowed: {})",
                type_of(instance),
                json!(allowed)
            )
        }
        ValidationErrorKind::MinLength { limit } => {
            format!(
                "string {} is too short (length: {}, required minimum: {limit})",
                shown(instance),
                length()
            )
        }
        ValidationErrorKind::MaxLength { limit } => {
            format!(
                "string {} is too long (length: {}, maximum allowed: {limit})",
                shown(instance),
                length()
            )
        }
        ValidationErrorKind::Pattern { pattern } => {
            format!(
                "ECMA 262 regex {} does not match input string {}",
                json!(pattern),
                shown(instance)
            )
        }
        ValidationErrorKind::Minimum { limit } => {
            format!(
                "numeric instance is lower than the required minimum (minimum: {limit}, found: {instance})"
            )
        }
        ValidationErrorKind::Maximum { limit } => {
            format!(
                "numeric instance is greater than the required maximum (maximum: {limit}, found: {instance})"
            )
        }
        ValidationErrorKind::MinItems { limit } => {
            format!(
                "array is too short: must have at least {limit} elements but instance has {} elements",
                items()
            )
        }
        ValidationErrorKind::MaxItems { limit } => {
            format!(
                "array is too long: must have at most {limit} elements but instance has {} elements",
                items()
            )
        }
        ValidationErrorKind::Enum { options } => {
            format!(
                "instance value ({}) not found in enum (possible values: {options})",
                shown(instance)
            )
        }
        _ => otherwise.to_owned(),
    }
}

/// A value in a message; a long one is cut, because a client may send megabytes.
fn shown(value: &Value) -> String {
    const LIMIT: usize = 80;
    match value {
        Value::String(text) if text.chars().count() > LIMIT => {
            json!(text.chars().take(LIMIT).chain(['…']).collect::<String>()).to_string()
        }
        Value::Object(_) | Value::Array(_) => type_of(value).to_owned(),
        other => other.to_string(),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Model;

    fn problems(body: &str) -> Option<String> {
        let components = json!({"schemas": {"Request": {
            "type": "object", "additionalProperties": false, "required": ["key", "bucket"],
            "properties": {
                "bucket": {"type": "string", "minLength": 3, "maxLength": 5, "pattern": "^[a-z]+$"},
                "key": {"type": "string"},
            },
        }}});
        Model::new(
            &json!({"$ref": "#/components/schemas/Request"}),
            &components,
        )
        .expect("a model")
        .problems(body.as_bytes())
    }

    #[test]
    fn names_the_field() {
        for (body, expected) in [
            (r#"{"bucket":"abc","key":"k"}"#, None),
            (
                "{}",
                Some(r#"[object has missing required properties (["bucket","key"])]"#),
            ),
            (
                r#"{"bucket":"abc","key":7}"#,
                Some(
                    r#"[/key: instance type (integer) does not match any allowed primitive type (allowed: ["string"])]"#,
                ),
            ),
            (
                r#"{"bucket":"abc","key":"k","name":1}"#,
                Some(
                    r#"[object instance has properties which are not allowed by the schema: ["name"]]"#,
                ),
            ),
            (
                r#"{"bucket":"ab","key":"k"}"#,
                Some(r#"[/bucket: string "ab" is too short (length: 2, required minimum: 3)]"#),
            ),
            (
                r#"{"bucket":"aBc","key":"k"}"#,
                Some(r#"[/bucket: ECMA 262 regex "^[a-z]+$" does not match input string "aBc"]"#),
            ),
            (
                "[]",
                Some(
                    r#"[instance type (array) does not match any allowed primitive type (allowed: ["object"])]"#,
                ),
            ),
            ("{", Some("[Invalid JSON]")),
            ("", Some("[Invalid JSON]")),
        ] {
            assert_eq!(problems(body).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn cuts_long_values() {
        let message = problems(&format!(
            r#"{{"bucket":"{}","key":""}}"#,
            "x".repeat(100_000)
        ))
        .expect("too long");
        assert!(
            message.len() < 300 && message.contains("(length: 100000, maximum allowed: 5)"),
            "{message}"
        );
    }

    #[test]
    fn deep_nesting_is_a_problem_and_no_crash() {
        assert_eq!(
            problems(&"[".repeat(200_000)).as_deref(),
            Some("[Invalid JSON]")
        );
    }
}
