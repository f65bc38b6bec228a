//! `iac build`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde_json::json;
use thiserror::Error;

use super::{CommandError, Outcome, functions};
use crate::build::{self, BuildError, Compiled};
use crate::file_error::FileError;
use crate::output::OutputFormat;
use crate::package::{Package, PackageError};
use crate::project;
use crate::report::Reporter;
use crate::resources::lambda::Architecture;

/// Cross-compile the functions of stacks for Lambda, and zip them: the same commit gives the same bytes.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct BuildArgs {
    /// Stacks whose functions to build [default: all]
    #[arg(value_name = "STACK")]
    pub stacks: Vec<String>,
    /// Processor that the functions run on
    #[arg(long, value_enum, default_value_t = Architecture::Arm64)]
    pub architecture: Architecture,
    /// Folder of the zips, which go into a folder of the architecture's name in it [default: target/lambda of
    /// the project you are in]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Zip the executables in this folder, and compile nothing
    #[arg(long, value_name = "DIR")]
    pub executables: Option<PathBuf>,
    /// `text` for people; `json` for one object a function
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac build resize-api                  target/lambda/arm64/resize-image.zip
  iac build                             the functions of all stacks
  iac build --architecture x86_64       for Intel and AMD
  iac build --executables DIR           zip what was compiled in another way
  iac build --format json               the same, for a program: file, sha256, bytes

The zip of a function holds its executable as `bootstrap`, for Lambda's provided.al2023.
`make build STACK=... ARCH=...` installs the linker first.

Exit codes: 0 written, 2 unknown stack or option, 3 the model refuses a stack,
4 an executable or a zip cannot be made";

impl ValueEnum for Architecture {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Arm64, Self::X86_64]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }))
    }
}

/// Why there is no zip.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildCommandError {
    /// The functions cannot be compiled.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// An executable cannot be packaged.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A zip cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl BuildCommandError {
    /// Always 4: a file.
    pub fn exit_code(&self) -> u8 {
        4
    }
}

/// Compiles and writes the zips.
///
/// # Errors
/// See [`BuildCommandError`]; an unknown stack; a stack that the model refuses.
pub fn run(args: &BuildArgs) -> Result<Outcome, CommandError> {
    let executables = functions::executables(&args.stacks)?;
    if executables.is_empty() {
        eprintln!(
            "{} has no functions: there is nothing to build",
            args.stacks.join(" and ")
        );
        return Ok(Outcome::Done);
    }
    Ok(build(args, &executables)?)
}

fn build(args: &BuildArgs, executables: &[&str]) -> Result<Outcome, BuildCommandError> {
    let (folder, rust) = if let Some(folder) = &args.executables {
        (folder.clone(), None)
    } else {
        let Compiled { folder, rust } = build::compile(executables, args.architecture)?;
        (folder, Some(rust))
    };
    if let Some(rust) = rust.as_deref().filter(|rust| !is_projects(rust)) {
        eprintln!(
            "note: compiled by Rust {rust}: the bytes are others than those of Rust {}, the project's",
            build::RUST
        );
    }
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| project::path("target/lambda"))
        .join(args.architecture.to_string());
    let reporter = Reporter::new(args.format);
    for executable in executables {
        let package = Package::for_lambda(&folder.join(executable), args.architecture)?;
        let file = out.join(format!("{executable}.zip"));
        write(&file, &package.zip)?;
        reporter.fact(
            "built",
            json!({"function": executable, "file": file, "bytes": package.zip.len(), "sha256": package.sha256, "architecture": package.architecture.to_string(), "executableBytes": package.executable_bytes, "rust": rust}),
            &format!("{} ({} bytes, {}, sha256 {})", file.display(), package.zip.len(), package.architecture, package.sha256),
        );
    }
    Ok(Outcome::Done)
}

/// Whether a version is one of the project's: `1.95.1` is `1.95`.
fn is_projects(rust: &str) -> bool {
    rust.strip_prefix(build::RUST)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Writes a file in one step: nobody ever reads half a zip.
fn write(file: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    let part = file.with_extension("zip.part");
    let written = folder
        .and_then(|()| fs::write(&part, bytes))
        .and_then(|()| fs::rename(&part, file));
    written.map_err(|source| FileError::Write {
        path: file.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::is_projects;

    #[test]
    fn another_compiler_is_told() {
        let project = crate::build::RUST;
        assert!(is_projects(project));
        assert!(is_projects(&format!("{project}.3")));
        assert!(!is_projects(&format!("{project}3.0")));
        assert!(!is_projects("1.2.3"));
    }
}
