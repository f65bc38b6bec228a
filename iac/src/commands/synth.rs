//! `iac synth`: write what the code says, or check that it is written.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread::{self, ScopedJoinHandle};

use clap::Args;
use serde::Serialize;

use super::{CommandError, Outcome};
use crate::artifacts::{Artifact, artifacts};
use crate::cfn::Note;
use crate::generated::{Comparison, Generated, Status};
use crate::output::{OutputFormat, print};
use crate::stacks::{self, Entry};

/// Arguments of `iac synth`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SynthArgs {
    /// The stacks; all of them where none is named
    #[arg(value_name = "STACK")]
    pub stacks: Vec<String>,
    /// Write nothing; exit with 1 and show a diff where a file is not what the code says
    #[arg(long)]
    pub check: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
    /// The folder of the files [default: generated/ of the project you are in]
    #[arg(long, value_name = "DIR")]
    pub generated: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  iac synth                        write every stack
  iac synth resize-api             write one
  iac synth --check                in CI: fail where generated/ is out of date
  iac synth --check --format json  the same, for a program

Exit codes: 0 done, 1 --check found a difference, 2 unknown stack or option,
3 the model refuses a stack, 4 a file cannot be read or written";

/// What was done, as `--format json` prints it.
#[derive(Debug, Serialize)]
struct Report {
    check: bool,
    up_to_date: bool,
    stacks: Vec<StackReport>,
    /// Files that no stack makes.
    unexpected: Vec<String>,
}

#[derive(Debug, Serialize)]
struct StackReport {
    name: &'static str,
    summary: &'static str,
    files: Vec<Comparison>,
    notes: Vec<Note>,
}

/// Runs the command.
///
/// # Errors
/// An unknown stack, a stack that the model refuses, a file that cannot be read or written.
pub fn run(args: &SynthArgs) -> Result<Outcome, CommandError> {
    let generated = Generated::at(args.generated.clone());
    let report = report(args, &generated)?;
    print(|out| match args.format {
        OutputFormat::Text => text(out, &report, &generated),
        OutputFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        }
    })?;
    if args.check && !report.up_to_date {
        return Ok(Outcome::Different);
    }
    Ok(Outcome::Done)
}

fn report(args: &SynthArgs, generated: &Generated) -> Result<Report, CommandError> {
    let entries = selected(&args.stacks, stacks::all())?;
    // Every model is built before the first file is written: a refused stack changes nothing.
    let made = all_made(&entries)?;

    let mut expected = BTreeSet::new();
    let mut stacks = Vec::new();
    for (entry, Made { files, notes }) in entries.iter().zip(made) {
        let mut compared = Vec::new();
        for file in files {
            compared.push(if args.check {
                generated.check(&file)?
            } else {
                generated.write(&file)?
            });
            expected.insert(file.path);
        }
        stacks.push(StackReport {
            name: entry.name,
            summary: entry.summary,
            files: compared,
            notes,
        });
    }
    // Where stacks are named, only their folders are looked at.
    let folders: Vec<&str> = match args.stacks.as_slice() {
        [] => Vec::new(),
        _ => entries.iter().map(|entry| entry.name).collect(),
    };
    let unexpected = generated.unexpected(&folders, &expected)?;
    let changed = stacks
        .iter()
        .flat_map(|stack| &stack.files)
        .any(|file| matches!(file.status, Status::Missing | Status::Different));
    Ok(Report {
        check: args.check,
        up_to_date: !changed && unexpected.is_empty(),
        stacks,
        unexpected,
    })
}

/// What the code says of a stack.
struct Made {
    files: Vec<Artifact>,
    notes: Vec<Note>,
}

/// What the code says of some stacks, in their order, each made on a thread of its own: stacks have nothing in
/// common, and drawing one takes as long as building it.
fn all_made(entries: &[&Entry]) -> Result<Vec<Made>, CommandError> {
    thread::scope(|scope| {
        let threads: Vec<_> = entries
            .iter()
            .map(|entry| scope.spawn(|| made(entry)))
            .collect();
        let joined = threads.into_iter().map(ScopedJoinHandle::join);
        joined
            .map(|made| made.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

fn made(entry: &Entry) -> Result<Made, CommandError> {
    let template = entry.template()?;
    Ok(Made {
        files: artifacts(&template),
        notes: template.notes().to_vec(),
    })
}

/// The files of all stacks that are not what the code says, and those that no stack makes.
///
/// # Errors
/// A stack that the model refuses, a file that cannot be read.
#[cfg(feature = "aws")]
pub(super) fn stale(generated: &Generated) -> Result<Vec<String>, CommandError> {
    let args = SynthArgs {
        stacks: Vec::new(),
        check: true,
        format: OutputFormat::Text,
        generated: None,
    };
    let report = report(&args, generated)?;
    let files = report.stacks.iter().flat_map(|stack| &stack.files);
    let changed = files
        .filter(|file| file.status != Status::Unchanged)
        .map(|file| file.path.clone());
    Ok(changed.chain(report.unexpected.clone()).collect())
}

/// The stacks of these names among some; all of those where none is named.
pub(super) fn selected(
    names: &[String],
    entries: impl Iterator<Item = &'static Entry> + Clone,
) -> Result<Vec<&'static Entry>, CommandError> {
    for name in names {
        if !entries.clone().any(|entry| entry.name == name) {
            return Err(CommandError::not_among(name, entries));
        }
    }
    // In the order of the list, each once, however they were named.
    let is_named = |entry: &&Entry| names.iter().any(|name| name == entry.name);
    Ok(entries
        .filter(|entry| names.is_empty() || is_named(entry))
        .collect())
}

fn text(out: &mut dyn Write, report: &Report, generated: &Generated) -> io::Result<()> {
    for stack in &report.stacks {
        writeln!(out, "{}: {}", stack.name, stack.summary)?;
        for file in &stack.files {
            let status = match file.status {
                Status::Unchanged => "unchanged",
                Status::Written => "written",
                Status::Missing => "MISSING",
                Status::Different => "DIFFERENT",
            };
            let path = generated.path(&file.path);
            writeln!(
                out,
                "  {status:<9}  {} ({} bytes)",
                path.display(),
                file.bytes
            )?;
        }
        for note in &stack.notes {
            writeln!(out, "  note       {}: {}", note.id, note.message)?;
        }
    }
    for path in &report.unexpected {
        let path = generated.path(path);
        writeln!(
            out,
            "UNEXPECTED   {}: no stack makes it; delete it",
            path.display()
        )?;
    }
    let diffs = report.stacks.iter().flat_map(|stack| &stack.files);
    for diff in diffs.filter_map(|file| file.diff.as_deref()) {
        write!(out, "\n{diff}")?;
    }
    if report.check && !report.up_to_date {
        writeln!(
            out,
            "\ngenerated/ is not what the code says: run `cargo run -p iac -- synth`, read the change and commit it"
        )?;
    }
    Ok(())
}
