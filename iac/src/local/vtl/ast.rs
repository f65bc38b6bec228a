//! What a template is made of.

use super::json_path::JsonPath;
use super::parser::{self, ParseError};
use super::regex::Replacement;
use super::render::{self, Message, RenderError};

/// A parsed template; every construct in it is one this renderer is exact about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub(super) parts: Vec<Part>,
}

/// A stretch of text or something that is replaced by its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Value(Expression),
}

/// Something with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// `$input.body`: the raw body.
    Body,
    /// `$input.json('$.path')`: JSON text.
    Json(JsonPath),
    /// `$input.path('$.path')`: a value, printed as Java prints it.
    Path(JsonPath),
    /// `$input.params('name')`: a parameter of the path or of the query.
    Parameter(String),
    /// `$context.identity.sourceIp`
    Context(String),
    /// `$stageVariables.name`
    StageVariable(String),
    /// A string literal.
    Literal(String),
    /// `$util.escapeJavaScript(value)`
    EscapeJavaScript(Box<Expression>),
    /// `value.replaceAll("pattern", "replacement")`
    ReplaceAll(Box<Expression>, Replacement),
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong, or uses a construct that this renderer is not certain about.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parser::parse(text)
    }

    /// Fills the template in.
    ///
    /// # Errors
    /// The body is no JSON although the template reads a path of it, or a value has a form that
    /// Velocity prints in its own way.
    pub fn render(&self, message: &Message<'_>) -> Result<String, RenderError> {
        render::render(self, message)
    }

    /// The stage variables that the template reads, each as often as it does.
    pub fn stage_variables(&self) -> impl Iterator<Item = &str> {
        self.values().filter_map(|value| match value {
            Expression::StageVariable(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The parameters of the request that the template reads, each as often as it does.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.values().filter_map(|value| match value {
            Expression::Parameter(name) => Some(name.as_str()),
            _ => None,
        })
    }

    fn values(&self) -> impl Iterator<Item = &Expression> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Value(value) => Some(innermost(value)),
        })
    }
}

fn innermost(expression: &Expression) -> &Expression {
    match expression {
        Expression::EscapeJavaScript(inner) | Expression::ReplaceAll(inner, _) => innermost(inner),
        other => other,
    }
}
