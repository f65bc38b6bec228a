//! What the model refuses.

use std::fmt;

/// One thing wrong with a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The logical id, the state, or whatever else is wrong.
    pub subject: String,
    /// What is wrong with it and what to do, as the rest of a sentence that starts with the subject.
    pub message: String,
}

impl Problem {
    /// A problem of a subject.
    pub fn new(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.subject, self.message)
    }
}

/// A stack that cannot be written, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelError {
    /// The stack's name.
    pub stack: String,
    /// At least one problem.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the model refuses the stack {}", self.stack)?;
        for problem in &self.problems {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ModelError {}
