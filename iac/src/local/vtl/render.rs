//! From a [`Template`] and a message to text.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use super::ast::{Expression, Part, Template};
use super::{escape, java_number};

/// What a template is filled in with: a request, or the response of an integration.
#[derive(Debug, Clone, Copy)]
pub struct Message<'m> {
    /// The payload. An empty one is `{}` to a template.
    pub body: &'m str,
    /// `$context`, by path without the `$context.`.
    pub context: &'m BTreeMap<String, String>,
    /// `$stageVariables`.
    pub stage_variables: &'m BTreeMap<String, String>,
    /// What `$input.params` finds.
    pub parameters: &'m BTreeMap<String, String>,
}

/// A template that cannot be filled in with this message.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A path is read of a body that is no JSON.
    #[error("the template reads a path of a body that is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// `$input.path` of an object or a list, which Velocity prints in Java's form (`{a=b}`).
    #[error("`$input.path` names an object or a list here; print those with `$input.json`")]
    NotScalar,
}

pub(super) fn render(template: &Template, message: &Message<'_>) -> Result<String, RenderError> {
    let renderer = Renderer {
        message,
        json: OnceCell::new(),
    };
    let mut output = String::new();
    for part in &template.parts {
        match part {
            Part::Text(text) => output.push_str(text),
            Part::Value(value) => output.push_str(&renderer.value(value)?),
        }
    }
    Ok(output)
}

struct Renderer<'m> {
    message: &'m Message<'m>,
    /// The body is parsed once, and only if a path of it is read.
    json: OnceCell<Value>,
}

impl Renderer<'_> {
    fn body(&self) -> &str {
        if self.message.body.is_empty() {
            "{}"
        } else {
            self.message.body
        }
    }

    fn json(&self) -> Result<&Value, RenderError> {
        if let Some(value) = self.json.get() {
            return Ok(value);
        }
        let value = serde_json::from_str(self.body()).map_err(RenderError::NotJson)?;
        Ok(self.json.get_or_init(|| value))
    }

    fn value(&self, expression: &Expression) -> Result<String, RenderError> {
        Ok(match expression {
            Expression::Body => self.body().to_owned(),
            Expression::Json(path) => match path.find(self.json()?) {
                Some(value) => json_text(value),
                None => "\"\"".to_owned(),
            },
            Expression::Path(path) => match path.find(self.json()?) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Object(_) | Value::Array(_)) => return Err(RenderError::NotScalar),
                Some(Value::Null) | None => String::new(),
                Some(scalar) => json_text(scalar),
            },
            Expression::Parameter(name) => self
                .message
                .parameters
                .get(name)
                .cloned()
                .unwrap_or_default(),
            Expression::Context(path) => {
                self.message.context.get(path).cloned().unwrap_or_default()
            }
            Expression::StageVariable(name) => self
                .message
                .stage_variables
                .get(name)
                .cloned()
                .unwrap_or_default(),
            Expression::Literal(text) => text.clone(),
            Expression::EscapeJavaScript(inner) => escape::escape_java_script(&self.value(inner)?),
            Expression::ReplaceAll(inner, replacement) => replacement.apply(&self.value(inner)?),
        })
    }
}

/// JSON without spaces, numbers as Java prints them.
fn json_text(value: &Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => java_number::print(float),
            _ => number.to_string(),
        },
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(json_text).collect::<Vec<_>>().join(",")
        ),
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, field)| format!("{}:{}", Value::from(name.as_str()), json_text(field)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::Template;
    use super::{Message, RenderError};

    fn render(template: &str, body: &str) -> Result<String, RenderError> {
        let context = BTreeMap::from([("requestId".to_owned(), "r-1".to_owned())]);
        let template = Template::parse(template).expect("supported");
        template.render(&Message {
            body,
            context: &context,
            stage_variables: &BTreeMap::new(),
            parameters: &BTreeMap::from([("key".to_owned(), "a%20b".to_owned())]),
        })
    }

    #[test]
    fn fills_in_every_kind_of_value() {
        let body = r#"{"s": "it's", "n": 1763682891.421, "o": {"a": [1, null]}}"#;
        for (template, expected) in [
            ("$input.json('$.s')", "\"it's\""),
            ("$input.path('$.s').", "it's."),
            ("$input.json('$.n')", "1.763682891421E9"),
            ("$input.json('$.o')", r#"{"a":[1,null]}"#),
            ("$input.json('$.none')|$input.path('$.none')|", "\"\"||"),
            ("$input.params('key')|$input.params('x')|", "a%20b||"),
            ("$context.requestId/$context.stage", "r-1/"),
        ] {
            assert_eq!(render(template, body).expect("rendered"), expected);
        }
    }

    #[test]
    fn an_empty_body_is_an_empty_object() {
        assert_eq!(render("$input.body", "").expect("rendered"), "{}");
    }

    #[test]
    fn refuses_a_body_it_cannot_read() {
        assert!(matches!(
            render("$input.json('$.a')", "nope"),
            Err(RenderError::NotJson(_))
        ));
        assert!(matches!(
            render("$input.path('$')", "{}"),
            Err(RenderError::NotScalar)
        ));
    }
}
