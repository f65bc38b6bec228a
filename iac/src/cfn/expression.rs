//! Intrinsic functions, untyped: what a [`Value`](super::Value) is made of.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value as Json;

/// A literal or an intrinsic function. Always written in the long form (`Fn::Sub: …`), which every
/// YAML and JSON reader understands without CloudFormation's tags.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Literal(Json),
    Ref(String),
    GetAtt(String, &'static str),
    Sub(Vec<SubPart>),
    Join(String, Vec<Expression>),
    If(String, Box<Expression>, Box<Expression>),
    ImportValue(Box<Expression>),
}

/// A piece of an `Fn::Sub`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SubPart {
    Text(String),
    Expression(Expression),
}

impl Expression {
    /// The text and the variables of an `Fn::Sub`. A literal is written into the text, a `Ref` and
    /// a `GetAtt` as `${…}`, an inner `Fn::Sub` in its place; anything else becomes a variable.
    fn sub<'a>(parts: &'a [SubPart], text: &mut String, variables: &mut Vec<(String, &'a Self)>) {
        for part in parts {
            match part {
                SubPart::Text(piece) | SubPart::Expression(Self::Literal(Json::String(piece))) => {
                    push_escaped(text, piece);
                }
                SubPart::Expression(Self::Literal(literal)) => {
                    push_escaped(text, &literal.to_string());
                }
                SubPart::Expression(Self::Ref(name)) => push_variable(text, name),
                SubPart::Expression(Self::GetAtt(name, attribute)) => {
                    push_variable(text, &format!("{name}.{attribute}"));
                }
                SubPart::Expression(Self::Sub(inner)) => Self::sub(inner, text, variables),
                SubPart::Expression(expression) => {
                    let name = format!("Value{}", variables.len() + 1);
                    push_variable(text, &name);
                    variables.push((name, expression));
                }
            }
        }
    }
}

/// In an `Fn::Sub`, `${x}` that is meant literally is written `${!x}`.
fn push_escaped(text: &mut String, piece: &str) {
    text.push_str(&piece.replace("${", "${!"));
}

fn push_variable(text: &mut String, name: &str) {
    text.push_str("${");
    text.push_str(name);
    text.push('}');
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn one<S: Serializer, V: Serialize + ?Sized>(
            serializer: S,
            name: &str,
            argument: &V,
        ) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(name, argument)?;
            map.end()
        }
        match self {
            Self::Literal(literal) => literal.serialize(serializer),
            Self::Ref(name) => one(serializer, "Ref", name),
            Self::GetAtt(name, attribute) => {
                one(serializer, "Fn::GetAtt", &[name.as_str(), attribute])
            }
            Self::Sub(parts) => {
                let (mut text, mut variables) = (String::new(), Vec::new());
                Self::sub(parts, &mut text, &mut variables);
                if variables.is_empty() {
                    one(serializer, "Fn::Sub", &text)
                } else {
                    one(serializer, "Fn::Sub", &(text, Variables(variables)))
                }
            }
            Self::Join(delimiter, items) => one(serializer, "Fn::Join", &(delimiter, items)),
            Self::If(condition, then, otherwise) => {
                one(serializer, "Fn::If", &Arguments(condition, then, otherwise))
            }
            Self::ImportValue(name) => one(serializer, "Fn::ImportValue", name),
        }
    }
}

struct Variables<'a>(Vec<(String, &'a Expression)>);

impl Serialize for Variables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, expression)| (name, expression)))
    }
}

struct Arguments<'a>(&'a str, &'a Expression, &'a Expression);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(3))?;
        sequence.serialize_element(self.0)?;
        sequence.serialize_element(self.1)?;
        sequence.serialize_element(self.2)?;
        sequence.end()
    }
}
