//! Names and ARNs of which a part is known only when CloudFormation deploys them.

use std::fmt;

/// A text in pieces. Two literals never stand side by side, and none is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

/// A piece of a [`Text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Characters that are known.
    Literal(String),
    /// What the deployment fills in, the same wherever it stands in the stack.
    Variable(Variable),
    /// Something that this reading does not follow, in words: `an import`. It may be anything, and
    /// another thing each time.
    Unknown(String),
}

/// What the deployment fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A pseudo parameter, such as `AWS::Region`.
    Pseudo(String),
    /// A parameter, with the text of its default.
    Parameter {
        /// Its name.
        name: String,
        /// Its default.
        default: Option<String>,
    },
    /// What CloudFormation calls a resource that has no name in the template, or an attribute of one.
    Resource {
        /// The logical id.
        id: String,
        /// The attribute; `None` is the name.
        attribute: Option<String>,
    },
}

impl Text {
    /// A text that is known.
    #[must_use]
    pub fn literal(text: &str) -> Self {
        Self(Vec::new()).then(Piece::Literal(text.to_owned()))
    }

    /// A text that may be anything; the words say what it is.
    #[must_use]
    pub fn unknown(words: &str) -> Self {
        Self(vec![Piece::Unknown(words.to_owned())])
    }

    /// What the deployment fills in.
    #[must_use]
    pub fn variable(variable: Variable) -> Self {
        Self(vec![Piece::Variable(variable)])
    }

    /// This text with a piece behind it.
    #[must_use]
    pub fn then(mut self, piece: Piece) -> Self {
        match (self.0.last_mut(), piece) {
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (Some(Piece::Literal(last)), Piece::Literal(text)) => last.push_str(&text),
            (_, piece) => self.0.push(piece),
        }
        self
    }

    /// This text with another behind it.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        other.0.into_iter().fold(self, Self::then)
    }

    /// The pieces.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, where all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// What is behind a text that this one starts with. What is unknown starts with nothing for sure.
    #[must_use]
    pub fn strip_prefix(&self, prefix: &Self) -> Option<Self> {
        let mut rest = self.0.iter();
        let mut pieces = prefix.0.iter();
        while let Some(piece) = pieces.next() {
            match (rest.next()?, piece) {
                (Piece::Literal(text), Piece::Literal(start)) => {
                    let text = text.strip_prefix(start.as_str())?;
                    if !text.is_empty() {
                        let whole = pieces.as_slice().is_empty();
                        return whole
                            .then(|| Self::literal(text).and(Self(rest.cloned().collect())));
                    }
                }
                (Piece::Variable(mine), Piece::Variable(other)) if mine == other => {}
                _ => return None,
            }
        }
        Some(Self(rest.cloned().collect()))
    }

    /// The text as people would say it: parameters by their defaults.
    #[must_use]
    pub fn by_default(&self) -> String {
        let word = |piece: &Piece| match piece {
            Piece::Variable(Variable::Parameter {
                default: Some(default),
                ..
            }) => default.clone(),
            piece => piece.to_string(),
        };
        self.0.iter().map(word).collect()
    }
}

impl Variable {
    /// What it is, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Parameter { name, .. } => format!("the parameter `{name}`"),
            variable => format!("`{variable}`"),
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => f.write_str(text),
            Self::Variable(variable) => write!(f, "${{{variable}}}"),
            Self::Unknown(words) => write!(f, "({words})"),
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pseudo(name) | Self::Parameter { name, .. } => f.write_str(name),
            Self::Resource {
                id,
                attribute: None,
            } => f.write_str(id),
            Self::Resource {
                id,
                attribute: Some(attribute),
            } => write!(f, "{id}.{attribute}"),
        }
    }
}
