//! `iac graph`: a stack as a picture.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommandError, Outcome};
use crate::file_error::FileError;
use crate::graph::{Drawing, mermaid, svg};
use crate::output::print;
use crate::stacks;

/// Arguments of `iac graph`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct GraphArgs {
    /// The stack
    pub stack: String,
    /// `mermaid` for Markdown, `svg` for a page, `json` for a program
    #[arg(long, value_enum, default_value_t)]
    pub format: GraphFormat,
    /// A file for the picture instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A flowchart in text
    #[default]
    Mermaid,
    /// A drawing
    Svg,
    /// The things and arrows of it
    Json,
}

const EXAMPLES: &str = "\
Examples:
  iac graph resize-api                                as text that GitHub draws
  iac graph resize-api --format svg --out graph.svg   as a drawing
  iac graph resize-api --format json                  as facts, for a program
`iac synth` writes the first two to generated/STACK/ as graph.mmd and graph.svg.

Exit codes: 0 done, 2 unknown stack or option, 3 the model refuses the stack,
4 the file cannot be written";

/// Runs the command.
///
/// # Errors
/// An unknown stack, a stack that the model refuses, a file that cannot be written.
pub fn run(args: &GraphArgs) -> Result<Outcome, CommandError> {
    let entry =
        stacks::find(&args.stack).ok_or_else(|| CommandError::unknown_stack(&args.stack))?;
    let template = entry.template()?;
    let drawing = Drawing::from(&template);
    let text = match args.format {
        GraphFormat::Mermaid => mermaid::flowchart(&drawing),
        GraphFormat::Svg => svg::document(&drawing),
        GraphFormat::Json => json(&drawing),
    };
    match &args.out {
        Some(path) => fs::write(path, text).map_err(|source| FileError::Write {
            path: path.clone(),
            source,
        })?,
        None => print(|out| out.write_all(text.as_bytes()))?,
    }
    Ok(Outcome::Done)
}

fn json(drawing: &Drawing) -> String {
    // Texts, lists and words of enumerations only: nothing that cannot be written.
    serde_json::to_string_pretty(drawing).unwrap_or_default() + "\n"
}
