//! `iac synth`: write what the code says, or check that it is written.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{CommandError, Outcome};
use crate::artifacts::{Artifact, artifacts};
use crate::cfn::Note;
use crate::cli::OutputFormat;
use crate::stacks::{self, Entry, STACKS};

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
    files: Vec<FileReport>,
    notes: Vec<Note>,
}

#[derive(Debug, Serialize)]
struct FileReport {
    path: String,
    status: Status,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Unchanged,
    Written,
    Missing,
    Different,
}

/// Runs the command.
///
/// # Errors
/// An unknown stack, a stack that the model refuses, a file that cannot be read or written.
pub fn run(args: &SynthArgs) -> Result<Outcome, CommandError> {
    let folder = args.generated.clone().unwrap_or_else(default_folder);
    let entries = selected(&args.stacks)?;
    // Every model is built before the first file is written: a refused stack changes nothing.
    let built = entries
        .iter()
        .map(|entry| Ok((*entry, entry.template()?)))
        .collect::<Result<Vec<_>, CommandError>>()?;

    let mut report = Report {
        check: args.check,
        up_to_date: true,
        stacks: Vec::new(),
        unexpected: Vec::new(),
    };
    let mut expected = BTreeSet::new();
    for (entry, template) in &built {
        let mut files = Vec::new();
        for artifact in artifacts(template) {
            files.push(compare(&folder, &artifact, args.check)?);
            expected.insert(artifact.path);
        }
        report.stacks.push(StackReport {
            name: entry.name,
            summary: entry.summary,
            files,
            notes: template.notes().to_vec(),
        });
    }
    let roots = entries.iter().map(|entry| folder.join(entry.name));
    let roots = if args.stacks.is_empty() {
        vec![folder.clone()]
    } else {
        roots.collect()
    };
    for root in roots {
        report
            .unexpected
            .extend(unexpected(&folder, &root, &expected)?);
    }
    let changed = report
        .stacks
        .iter()
        .flat_map(|stack| &stack.files)
        .any(|file| matches!(file.status, Status::Missing | Status::Different));
    report.up_to_date = !changed && report.unexpected.is_empty();

    let text = match args.format {
        OutputFormat::Text => text(&report, &folder),
        OutputFormat::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
    };
    print(&text)?;
    if args.check && !report.up_to_date {
        return Ok(Outcome::Different);
    }
    Ok(Outcome::Done)
}

fn selected(names: &[String]) -> Result<Vec<&'static Entry>, CommandError> {
    if names.is_empty() {
        return Ok(STACKS.iter().collect());
    }
    let unknown = names.iter().find(|name| stacks::find(name).is_none());
    if let Some(name) = unknown {
        let known: Vec<_> = STACKS.iter().map(|entry| entry.name).collect();
        return Err(CommandError::UnknownStack {
            name: name.clone(),
            known: known.join(", "),
        });
    }
    // In the order of the list, each once, however they were named.
    Ok(STACKS
        .iter()
        .filter(|entry| names.iter().any(|name| name == entry.name))
        .collect())
}

/// `generated/` of the project around the current folder, so that the command works in any of its
/// folders; of the current folder where there is no project around it.
fn default_folder() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let project = here
        .ancestors()
        .find(|folder| folder.join("iac/Cargo.toml").is_file());
    let folder = project.unwrap_or(&here).join("generated");
    folder
        .strip_prefix(&here)
        .map(Path::to_path_buf)
        .unwrap_or(folder)
}

fn compare(folder: &Path, artifact: &Artifact, check: bool) -> Result<FileReport, CommandError> {
    let path = folder.join(&artifact.path);
    let current = match fs::read(&path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(CommandError::Read { path, source }),
    };
    let mut diff = None;
    let status = match current {
        Some(bytes) if bytes == artifact.content.as_bytes() => Status::Unchanged,
        current if check => {
            let old = String::from_utf8_lossy(current.as_deref().unwrap_or_default()).into_owned();
            diff = Some(unified(&artifact.path, &old, &artifact.content));
            if current.is_some() {
                Status::Different
            } else {
                Status::Missing
            }
        }
        _ => {
            write(&path, &artifact.content)?;
            Status::Written
        }
    };
    Ok(FileReport {
        path: artifact.path.clone(),
        status,
        bytes: artifact.content.len(),
        diff,
    })
}

fn unified(path: &str, old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(
            &format!("generated/{path} (as it is)"),
            &format!("generated/{path} (as the code says)"),
        )
        .to_string()
}

/// Writes beside the file and renames, so that nobody ever reads half a template.
fn write(path: &Path, content: &str) -> Result<(), CommandError> {
    let failed = |source| CommandError::Write {
        path: path.to_path_buf(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    fs::write(&temporary, content)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| {
            // The original error is the one to tell; what is left of the temporary file is of no use.
            let _ = fs::remove_file(&temporary);
            failed(source)
        })
}

/// Files below `root` that no stack makes, by their paths below `folder`.
fn unexpected(
    folder: &Path,
    root: &Path,
    expected: &BTreeSet<String>,
) -> Result<Vec<String>, CommandError> {
    let mut found = Vec::new();
    let mut queue = vec![root.to_path_buf()];
    while let Some(path) = queue.pop() {
        let failed = |source| CommandError::Read {
            path: path.clone(),
            source,
        };
        let entries = match fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(failed(source)),
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let inner = entry.path();
            if entry.file_type().map_err(failed)?.is_dir() {
                queue.push(inner);
                continue;
            }
            let relative = inner.strip_prefix(folder).unwrap_or(&inner);
            let name: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            let name = name.join("/");
            if !expected.contains(&name) {
                found.push(name);
            }
        }
    }
    // The order in which a file system lists a folder is its own affair.
    found.sort();
    Ok(found)
}

fn text(report: &Report, folder: &Path) -> String {
    let mut out = String::new();
    for stack in &report.stacks {
        out.push_str(&format!("{}: {}\n", stack.name, stack.summary));
        for file in &stack.files {
            let status = match file.status {
                Status::Unchanged => "unchanged",
                Status::Written => "written",
                Status::Missing => "MISSING",
                Status::Different => "DIFFERENT",
            };
            let path = folder.join(&file.path);
            out.push_str(&format!(
                "  {status:<9}  {} ({} bytes)\n",
                path.display(),
                file.bytes
            ));
        }
        for note in &stack.notes {
            out.push_str(&format!("  note       {}: {}\n", note.id, note.message));
        }
    }
    for path in &report.unexpected {
        let path = folder.join(path);
        out.push_str(&format!(
            "UNEXPECTED   {}: no stack makes it; delete it\n",
            path.display()
        ));
    }
    for diff in report
        .stacks
        .iter()
        .flat_map(|stack| &stack.files)
        .filter_map(|file| file.diff.as_deref())
    {
        out.push('\n');
        out.push_str(diff);
    }
    if report.check && !report.up_to_date {
        out.push_str("\ngenerated/ is not what the code says: run `cargo run -p iac -- synth`, read the change and commit it\n");
    }
    out
}

fn print(text: &str) -> Result<(), CommandError> {
    match io::stdout().write_all(text.as_bytes()) {
        // Whoever reads the output has seen enough, as `head` has.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| CommandError::Write {
            path: PathBuf::from("standard output"),
            source,
        }),
    }
}
