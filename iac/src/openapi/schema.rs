//! Models: JSON Schema draft 4 as API Gateway takes it, made from Rust types.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html>

use std::fmt::Write as _;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::cfn::Problem;

/// A model, with the name by which it is referred to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Schema {
    #[serde(skip)]
    name: String,
    document: Json,
}

/// Words of a schema that draft 4 and API Gateway's import understand alike.
const KNOWN: [&str; 14] = [
    "type",
    "description",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
];

/// Words that say nothing about what is valid, and are left out.
const SILENT: [&str; 3] = ["$schema", "title", "default"];

impl Schema {
    /// The model of a type.
    ///
    /// # Errors
    /// What the type says and a model cannot: then the schema would take what the type refuses.
    pub fn of<T: JsonSchema>() -> Result<Self, Problem> {
        let name = T::schema_name().into_owned();
        let mut settings = SchemaSettings::draft07();
        settings.inline_subschemas = true;
        let schema = settings.into_generator().into_root_schema_for::<T>();
        let document = convert(&name, schema.as_value())?;
        if !name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(Problem::new(
                name,
                "is no name for a model: use ASCII letters and digits",
            ));
        }
        Ok(Self { name, document })
    }

    /// The model's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A reference to the model from elsewhere in the document.
    #[must_use]
    pub fn reference(&self) -> Json {
        json!({ "$ref": format!("#/components/schemas/{}", self.name) })
    }

    /// The model, with a reference to each of the others that it holds whole.
    pub(super) fn referring_to(&self, others: &[&Self]) -> Json {
        refer(&self.document, &|part| {
            let known = others.iter().find(|it| it.document == *part)?;
            (known.name != self.name).then(|| known.reference())
        })
    }

    /// Each field of the model and what it takes, in words: what to tell a client that sent
    /// something else.
    #[must_use]
    pub fn expectation(&self) -> Map<String, Json> {
        let properties = self.document.get("properties").and_then(Json::as_object);
        properties
            .into_iter()
            .flatten()
            .map(|(name, property)| (name.clone(), Json::from(in_words(property))))
            .collect()
    }
}

/// A document with parts of it replaced.
fn refer(json: &Json, reference: &impl Fn(&Json) -> Option<Json>) -> Json {
    if let Some(reference) = reference(json) {
        return reference;
    }
    match json {
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), refer(value, reference)))
            .collect::<Map<_, _>>()
            .into(),
        Json::Array(items) => items.iter().map(|item| refer(item, reference)).collect(),
        leaf => leaf.clone(),
    }
}

fn in_words(property: &Json) -> String {
    let mut words = property
        .get("type")
        .and_then(Json::as_str)
        .unwrap_or("any")
        .to_owned();
    let number = |name: &str| property.get(name).and_then(Json::as_u64);
    if let (Some(min), Some(max)) = (number("minLength"), number("maxLength")) {
        let _ = write!(words, " of {min} to {max} characters");
    }
    if let (Some(min), Some(max)) = (number("minItems"), number("maxItems")) {
        let _ = write!(words, " of {min} to {max} items");
    }
    if let (Some(min), Some(max)) = (number("minimum"), number("maximum")) {
        let _ = write!(words, " from {min} to {max}");
    }
    if let Some(pattern) = property.get("pattern").and_then(Json::as_str) {
        let _ = write!(words, " that matches {pattern}");
    }
    if let Some(values) = property.get("enum").and_then(Json::as_array) {
        let values: Vec<&str> = values.iter().filter_map(Json::as_str).collect();
        let _ = write!(words, ", one of {}", values.join(", "));
    }
    words
}

fn convert(place: &str, schema: &Json) -> Result<Json, Problem> {
    let Json::Object(map) = schema else {
        // `true` and `false` are schemas since draft 6 only.
        return Err(Problem::new(
            place,
            "has a schema that is not an object: give the field a type",
        ));
    };
    let refuse = |what: String| {
        let known = KNOWN.join(", ");
        let message = format!(
            "says {what} in its schema, which an API Gateway model cannot: say it with {known}"
        );
        Err(Problem::new(place, message))
    };
    let mut converted = Map::new();
    for (word, value) in map {
        let value = match (word.as_str(), value) {
            (silent, _) if SILENT.contains(&silent) => continue,
            // Documentation of a type may run on; a model needs the sentence that says what it is.
            ("description", text) => Json::from(first_paragraph(text.as_str().unwrap_or_default())),
            ("const", constant) => {
                converted.insert("enum".to_owned(), json!([constant]));
                continue;
            }
            ("format", format) => {
                match bounds(format.as_str().unwrap_or_default()) {
                    Some(bounds) => {
                        for (word, bound) in bounds {
                            converted.entry(word).or_insert(bound);
                        }
                    }
                    None => return refuse(format!("`format: {format}`")),
                }
                continue;
            }
            ("type", Json::Array(_)) => {
                return refuse("that it may be null".to_owned());
            }
            ("pattern", Json::String(pattern)) if !is_ecma(pattern) => {
                return refuse(format!(
                    "`pattern: {pattern}`, which is Rust's and not ECMA 262's,"
                ));
            }
            ("properties", Json::Object(properties)) => properties
                .iter()
                .map(|(name, property)| {
                    Ok((name.clone(), convert(&format!("{place}.{name}"), property)?))
                })
                .collect::<Result<Map<_, _>, Problem>>()?
                .into(),
            ("items" | "additionalProperties", Json::Object(_)) => {
                convert(&format!("{place}[]"), value)?
            }
            (known, value) if KNOWN.contains(&known) => value.clone(),
            (other, _) => return refuse(format!("`{other}`")),
        };
        converted.insert(word.clone(), value);
    }
    Ok(Json::Object(converted))
}

/// What a format of a number says, in words that a model knows; `None` for a format that would be
/// lost, and with it what the type refuses.
fn bounds(format: &str) -> Option<Vec<(&'static str, Json)>> {
    let between = |min: i64, max: i64| Some(vec![("minimum", json!(min)), ("maximum", json!(max))]);
    match format {
        "int8" => between(i8::MIN.into(), i8::MAX.into()),
        "int16" => between(i16::MIN.into(), i16::MAX.into()),
        "int32" => between(i32::MIN.into(), i32::MAX.into()),
        "uint8" => between(0, u8::MAX.into()),
        "uint16" => between(0, u16::MAX.into()),
        "uint32" => between(0, u32::MAX.into()),
        // Wider integers end where JSON's numbers are no longer exact; the function checks again.
        "int64" | "uint64" | "int" | "uint" | "float" | "double" => Some(Vec::new()),
        _ => None,
    }
}

/// Whether a pattern of Rust's regular expressions means the same in ECMA 262: it uses none of the
/// groups, flags and escapes that only Rust has.
fn is_ecma(pattern: &str) -> bool {
    ![
        "(?P", "(?-", "(?i", "(?s", "(?m", "(?x", "(?u", r"\x{", r"\p", r"\P", r"\A", r"\z", "&&",
        "[[",
    ]
    .iter()
    .any(|word| pattern.contains(word))
}

fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}
