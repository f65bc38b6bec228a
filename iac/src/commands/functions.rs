//! `iac functions`: which executables stacks need.

use clap::Args;
use serde_json::json;

use super::{CommandError, Outcome};
use crate::output::{OutputFormat, print};
use crate::parts::Program;
use crate::stacks::{self, Entry, STACKS};

/// Arguments of `iac functions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FunctionsArgs {
    /// Stacks whose functions to list [default: all]
    #[arg(value_name = "STACK")]
    pub stacks: Vec<String>,
    /// `text` for one executable a line, each once; `json` for what each stack needs
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac functions upload-events    resize-image and presign-upload
  iac functions --format json    the same of every stack, for a program

Exit codes: 0 done, 2 unknown stack or option, 3 the model refuses a stack";

/// Runs the command.
///
/// # Errors
/// An unknown stack, a stack that the model refuses.
pub fn run(args: &FunctionsArgs) -> Result<Outcome, CommandError> {
    match args.format {
        OutputFormat::Text => {
            let executables = executables(&args.stacks)?;
            let mut names = executables.iter();
            print(|out| names.try_for_each(|name| writeln!(out, "{name}")))?;
        }
        OutputFormat::Json => {
            let mut found = Vec::new();
            for entry in entries(&args.stacks)? {
                found.push(json!({"stack": entry.name, "functions": of(entry)?}));
            }
            print(|out| writeln!(out, "{}", json!({ "stacks": found })))?;
        }
    }
    Ok(Outcome::Done)
}

/// The executables of the functions of these stacks, or of all, each once.
pub(super) fn executables(stacks: &[String]) -> Result<Vec<&'static str>, CommandError> {
    let mut executables = Vec::new();
    for entry in entries(stacks)? {
        for executable in of(entry)? {
            if !executables.contains(&executable) {
                executables.push(executable);
            }
        }
    }
    Ok(executables)
}

fn of(entry: &Entry) -> Result<Vec<&'static str>, CommandError> {
    let programs = entry.programs()?.into_iter();
    Ok(programs.map(Program::name).collect())
}

fn entries(names: &[String]) -> Result<Vec<&'static Entry>, CommandError> {
    if names.is_empty() {
        return Ok(STACKS.iter().collect());
    }
    let find = |name: &String| stacks::find(name).ok_or_else(|| CommandError::unknown_stack(name));
    names.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::executables;

    #[test]
    fn each_executable_once_and_in_the_order_of_the_stacks() {
        let of = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(ToString::to_string).collect();
            executables(&names).expect("stacks")
        };
        assert_eq!(of(&["resize-api"]), ["resize-image"]);
        assert_eq!(
            of(&["resize-api", "upload-events"]),
            ["resize-image", "presign-upload"]
        );
        assert!(of(&["bootstrap"]).is_empty());
        assert_eq!(
            of(&[]),
            [
                "resize-image",
                "presign-upload",
                "upload-image",
                "read-metadata"
            ]
        );
    }
}
