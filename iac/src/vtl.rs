//! Mapping templates, as their own small type that renders the Velocity Template Language.
//!
//! Only what is right for every body can be written with it. Of eleven ways to hand a request body
//! to another service as a JSON string, one survives apostrophes, duplicate keys and `1e400`; it is
//! [`Field::BodyAsText`].
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html>

use serde_json::Value as Json;

use crate::cfn::{Arn, Id, Piece, Value};
use crate::openapi::Parameter;
use crate::resources::s3::{Bucket, Prefix};

/// A mapping template that yields a JSON object.
#[derive(Debug, Clone, Default)]
pub struct MappingTemplate {
    fields: Vec<(String, Field)>,
}

/// The value of a field.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Field {
    /// An ARN or the name of a bucket that is known when the stack is deployed. They hold nothing that
    /// JSON or VTL would read otherwise; other text does, and cannot be written.
    Deployed(DeployedText),
    /// JSON that is known now.
    Fixed(Json),
    /// The whole body, byte for byte, as a JSON string. An empty body is `{}`.
    BodyAsText,
    /// A field of the body (which must be JSON), as JSON; `""` where it is not there.
    BodyField(FieldName),
    /// A prefix and then a parameter of the request as a JSON string.
    Key(Prefix, Parameter),
    /// The id of the request, as in the API's logs.
    RequestId,
}

/// Text that is known when the stack is deployed and means itself in JSON and in VTL.
#[derive(Debug, Clone)]
pub struct DeployedText(Value<String>);

impl<R: ?Sized> From<&Value<Arn<R>>> for DeployedText {
    fn from(arn: &Value<Arn<R>>) -> Self {
        Self(arn.text())
    }
}

impl From<&Value<Id<Bucket>>> for DeployedText {
    fn from(name: &Value<Id<Bucket>>) -> Self {
        Self(name.text())
    }
}

/// The name of a field: letters, digits and underscores, so that it is a path and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldName(&'static str);

impl FieldName {
    /// The error's kind in an answer of Step Functions.
    pub const ERROR_TYPE: Self = Self("__type");
}

impl MappingTemplate {
    /// An empty object.
    #[must_use]
    pub fn object() -> Self {
        Self::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, field: Field) -> Self {
        self.fields.push((name.to_owned(), field));
        self
    }

    /// The template's text.
    #[must_use]
    pub fn render(&self) -> Value<String> {
        let mut pieces: Vec<Piece> = vec!["{".into()];
        let mut deployed = false;
        for (index, (name, field)) in self.fields.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            pieces.push(format!("{comma}{}: ", inert_json(&Json::from(name.as_str()))).into());
            match field {
                Field::Deployed(DeployedText(text)) => {
                    deployed = true;
                    pieces.extend(["\"".into(), text.into(), "\"".into()]);
                }
                Field::Fixed(json) => pieces.push(inert_json(json).into()),
                Field::BodyAsText => {
                    pieces.push(format!("\"{}\"", as_json_text("$input.body")).into());
                }
                Field::Key(prefix, parameter) => {
                    let parameter = format!("$input.params('{}')", parameter.name());
                    pieces.push(format!("\"{prefix}{}\"", as_json_text(&parameter)).into());
                }
                Field::BodyField(FieldName(field)) => {
                    pieces.push(format!("$input.json('$.{field}')").into());
                }
                Field::RequestId => pieces.push("\"$context.requestId\"".into()),
            }
        }
        pieces.push("}".into());
        if deployed {
            Value::substitute(pieces)
        } else {
            Value::from(pieces.iter().filter_map(Piece::as_text).collect::<String>())
        }
    }
}

/// A text of the request as it stands between the quotes of a JSON string. `escapeJavaScript` writes `\'`
/// for an apostrophe, which is not JSON. The pattern is a regular expression in a Velocity string: two
/// backslashes there are one here.
fn as_json_text(reference: &str) -> String {
    format!(r#"$util.escapeJavaScript({reference}).replaceAll("\\'","'")"#)
}

/// JSON text in which neither VTL nor a gateway response's substitution finds anything to do.
pub(crate) fn inert_json(json: &Json) -> String {
    json.to_string()
        .replace('$', "\\u0024")
        .replace('#', "\\u0023")
}
