//! What a person or a program reads while a long command runs.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::output::OutputFormat;

/// Prints facts to standard output, and progress to a terminal only.
#[derive(Debug, Clone, Copy)]
pub struct Reporter {
    format: OutputFormat,
    terminal: bool,
}

impl Reporter {
    /// A reporter for this process.
    pub fn new(format: OutputFormat) -> Self {
        Self {
            format,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// How it prints.
    pub const fn format(&self) -> OutputFormat {
        self.format
    }

    /// Tells a fact: `text` to people, `event` with `facts` to programs.
    pub fn fact(&self, event: &str, facts: Value, text: &str) {
        let line = match self.format {
            OutputFormat::Text => text.to_owned(),
            OutputFormat::Json => {
                let mut line = Map::from_iter([("event".to_owned(), Value::from(event))]);
                if let Value::Object(facts) = facts {
                    line.extend(facts);
                }
                Value::Object(line).to_string()
            }
        };
        // A closed pipe is no reason to end in the middle of a run.
        let mut output = std::io::stdout().lock();
        let _ = writeln!(output, "{line}").and_then(|()| output.flush());
    }

    /// Whether a person at a terminal reads along.
    pub fn is_read_by_a_person(&self) -> bool {
        self.format == OutputFormat::Text && std::io::stdout().is_terminal()
    }

    /// Tells which file stays after a failure.
    pub fn kept(&self, what: &str, file: &Path) {
        match self.format {
            OutputFormat::Text => {
                let _ = writeln!(std::io::stderr(), "{what} is {}", file.display());
            }
            OutputFormat::Json => self.fact("kept", json!({"what": what, "file": file}), ""),
        }
    }

    /// Tells a person at a terminal what is going on.
    pub fn progress(&self, text: &str) {
        if self.terminal && self.format == OutputFormat::Text {
            let _ = writeln!(std::io::stderr(), "  {text}");
        }
    }
}
