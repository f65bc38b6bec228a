//! A property's value: a literal or an intrinsic function, with the type of what it yields.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};

use super::expression::{Expression, SubPart};

/// A literal or an intrinsic function that yields a `T` when CloudFormation deploys the stack.
///
/// References are made by [handles](super::Handle), [parameters](super::Parameter) and
/// [`pseudo`](super::pseudo) only, so a reference to a thing that does not exist cannot be written,
/// and the `T` keeps an ARN of one kind out of a place that wants another.
pub struct Value<T: ?Sized> {
    pub(crate) expression: Expression,
    kind: PhantomData<fn() -> T>,
}

/// A type of which a value can be written down literally.
pub trait Literal: Serialize {}

impl Literal for String {}
impl Literal for bool {}
impl Literal for u32 {}
impl Literal for f64 {}

/// The ARN of an `R`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
pub struct Arn<R: ?Sized>(PhantomData<fn() -> R>);

/// The name or the id of an `R`: what `Ref` yields for most resources.
pub struct Id<R: ?Sized>(PhantomData<fn() -> R>);

/// A kind of value that is text when deployed, and so may stand where any text may.
pub trait Textual {}

impl Textual for String {}
impl Textual for u32 {}
impl<R: ?Sized> Textual for Arn<R> {}
impl<R: ?Sized> Textual for Id<R> {}

impl<T: ?Sized> Value<T> {
    pub(crate) const fn new(expression: Expression) -> Self {
        Self {
            expression,
            kind: PhantomData,
        }
    }

    /// `Fn::If`: this value where the condition holds, `otherwise` where it does not.
    #[must_use]
    pub fn when(self, condition: &super::Condition, otherwise: Self) -> Self {
        Self::new(Expression::If(
            condition.name.clone(),
            Box::new(self.expression),
            Box::new(otherwise.expression),
        ))
    }

    /// `Fn::ImportValue`: what another stack of the same account and region exports under a name.
    ///
    /// The type is the importer's word: CloudFormation does not say what an export is.
    #[must_use]
    pub fn imported(export: impl Into<Value<String>>) -> Self {
        Self::new(Expression::ImportValue(Box::new(export.into().expression)))
    }
}

impl<T: Textual + ?Sized> Value<T> {
    /// The same value where any text is taken: an output, an environment variable.
    #[must_use]
    pub fn text(&self) -> Value<String> {
        Value::new(self.expression.clone())
    }
}

impl Value<String> {
    /// The text, where it is known now.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        match &self.expression {
            Expression::Literal(literal) => literal.as_str(),
            _ => None,
        }
    }

    /// `Fn::Join`: the values with the delimiter between each two.
    #[must_use]
    pub fn join(delimiter: &str, values: impl IntoIterator<Item = Self>) -> Self {
        let values = values.into_iter().map(|value| value.expression).collect();
        Self::new(Expression::Join(delimiter.to_owned(), values))
    }

    /// `Fn::Sub` of pieces; written by [`sub!`](crate::sub).
    #[must_use]
    pub fn substitute(pieces: impl IntoIterator<Item = Piece>) -> Self {
        Self::new(Expression::Sub(
            pieces.into_iter().map(|piece| piece.0).collect(),
        ))
    }
}

/// A piece of an `Fn::Sub`: text, or a value in its place.
pub struct Piece(SubPart);

impl Piece {
    /// The text, where the piece is text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.0 {
            SubPart::Text(text) => Some(text),
            SubPart::Expression(_) => None,
        }
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self(SubPart::Text(text.to_owned()))
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self(SubPart::Text(text))
    }
}

impl<T: Textual + ?Sized> From<&Value<T>> for Piece {
    fn from(value: &Value<T>) -> Self {
        Self(SubPart::Expression(value.expression.clone()))
    }
}

impl<T: Textual + ?Sized> From<Value<T>> for Piece {
    fn from(value: Value<T>) -> Self {
        Self(SubPart::Expression(value.expression))
    }
}

/// `Fn::Sub` without placeholders to misspell: `sub![bucket.arn(), "/thumbs/*"]` is
/// `Fn::Sub: ${Bucket.Arn}/thumbs/*`.
#[macro_export]
macro_rules! sub {
    ($($piece:expr),+ $(,)?) => {
        $crate::cfn::Value::substitute([$($crate::cfn::Piece::from($piece)),+])
    };
}

impl<T: Literal> From<T> for Value<T> {
    fn from(literal: T) -> Self {
        // Every `Literal` is a scalar or a unit variant, which serialize without a way to fail.
        let json = serde_json::to_value(literal).unwrap_or_default();
        Self::new(Expression::Literal(json))
    }
}

impl From<&str> for Value<String> {
    fn from(literal: &str) -> Self {
        literal.to_owned().into()
    }
}

impl<T: ?Sized> From<&Self> for Value<T> {
    fn from(value: &Self) -> Self {
        value.clone()
    }
}

impl<T: ?Sized> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self::new(self.expression.clone())
    }
}

impl<T: ?Sized> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.expression == other.expression
    }
}

impl<T: ?Sized> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.fmt(f)
    }
}

impl<T: ?Sized> Serialize for Value<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.expression.serialize(serializer)
    }
}
