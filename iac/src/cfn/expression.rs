//! Intrinsic functions, untyped: what a [`Value`](super::Value) is made of.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value as Json;

use super::owner;

/// A literal or an intrinsic function. Always written in the long form (`Fn::Sub: …`), which every
/// YAML and JSON reader understands without CloudFormation's tags.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    Literal(Json),
    Ref(String),
    GetAtt(String, &'static str),
    Sub(Vec<SubPart>),
    Join(String, Vec<Expression>),
    JoinList(String, Box<Expression>),
    Select(u32, Box<Expression>),
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
    fn sub(parts: &[SubPart]) -> SubText<'_> {
        let mut text = SubText::default();
        text.push(parts);
        text.end_literal();
        text
    }
}

/// A name for an item of a list: `Origins0`.
fn item(list: &Expression, index: u32) -> Option<String> {
    match list {
        Expression::Ref(name) => Some(format!("{}{index}", owner::plain(name))),
        _ => None,
    }
}

/// The arguments of an `Fn::Sub` while they are put together.
#[derive(Default)]
struct SubText<'a> {
    text: String,
    /// What is meant literally since the last variable. It is escaped as a whole: `$` and `{` may come
    /// from different pieces.
    literal: String,
    variables: Vec<(String, &'a Expression)>,
}

impl<'a> SubText<'a> {
    fn push(&mut self, parts: &'a [SubPart]) {
        for part in parts {
            match part {
                SubPart::Text(piece)
                | SubPart::Expression(Expression::Literal(Json::String(piece))) => {
                    self.literal.push_str(piece);
                }
                SubPart::Expression(Expression::Literal(literal)) => {
                    self.literal.push_str(&literal.to_string());
                }
                SubPart::Expression(Expression::Ref(name)) => self.push_variable(name),
                SubPart::Expression(Expression::GetAtt(name, attribute)) => {
                    self.push_variable(&format!("{name}.{attribute}"));
                }
                SubPart::Expression(Expression::Sub(inner)) => self.push(inner),
                SubPart::Expression(expression) => {
                    let name = match expression {
                        Expression::Select(index, list) => item(list, *index),
                        _ => None,
                    };
                    let name = name.unwrap_or_else(|| format!("Value{}", self.variables.len() + 1));
                    self.push_variable(&name);
                    self.variables.push((name, expression));
                }
            }
        }
    }

    fn push_variable(&mut self, name: &str) {
        self.end_literal();
        self.text.push_str("${");
        self.text.push_str(name);
        self.text.push('}');
    }

    /// In an `Fn::Sub`, `${x}` that is meant literally is written `${!x}`.
    fn end_literal(&mut self) {
        self.text.push_str(&self.literal.replace("${", "${!"));
        self.literal.clear();
    }
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
                let SubText {
                    text, variables, ..
                } = Self::sub(parts);
                if variables.is_empty() {
                    one(serializer, "Fn::Sub", &text)
                } else {
                    one(serializer, "Fn::Sub", &(text, Variables(variables)))
                }
            }
            Self::Join(delimiter, items) => one(serializer, "Fn::Join", &(delimiter, items)),
            Self::JoinList(delimiter, list) => one(serializer, "Fn::Join", &(delimiter, list)),
            Self::Select(index, list) => one(serializer, "Fn::Select", &(index, list)),
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
