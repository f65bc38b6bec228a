//! `iac package`.

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde_json::json;
use thiserror::Error;

use super::{CommandError, Outcome};
use crate::local::Reporter;
use crate::local::functions::Executables;
use crate::output::OutputFormat;
use crate::package::{Package, PackageError};
use crate::project;
use crate::resources::lambda::Architecture;
use crate::stacks;

/// Zip the function for Lambda: the same executable gives the same bytes.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct PackageArgs {
    /// Executable of the function [default: resize-image beside this program, or target/release/resize-image]
    #[arg(long, value_name = "PATH")]
    pub bootstrap: Option<PathBuf>,
    /// Stack that the zip is for; an executable that its function cannot run is refused
    #[arg(long, default_value = "resize-api")]
    pub stack: String,
    /// Architecture that the executable must be for [default: that of the stack's function]
    #[arg(long, value_enum)]
    pub architecture: Option<Architecture>,
    /// Where the zip goes [default: target/resize-image.zip of the project you are in]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// `text` for people; `json` for one object
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac package --bootstrap target/aarch64-unknown-linux-gnu/release/resize-image
                                     zip an executable for Lambda's arm64
  iac package --architecture x86_64  zip the one built for this machine, for x86_64
  iac package --format json          the same, for a program: file, sha256, bytes

Exit codes: 0 written, 2 unknown stack or option,
4 the executable or the zip cannot be used";

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
pub enum PackageCommandError {
    /// The executable cannot be packaged.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The stack's function cannot run the executable.
    #[error(
        "{} runs on {actual}, but the function of {stack} runs on {expected}: name an executable for \
         {expected} with --bootstrap (`make build` builds one for arm64), or say --architecture \
         {actual} if that is what you deploy", path.display()
    )]
    NotForStack {
        /// The executable.
        path: PathBuf,
        /// What it runs on.
        actual: Architecture,
        /// The stack.
        stack: String,
        /// What the stack's function runs on.
        expected: Architecture,
    },
    /// The zip cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl PackageCommandError {
    /// Always 4: a file.
    pub fn exit_code(&self) -> u8 {
        4
    }
}

/// Writes the zip.
///
/// # Errors
/// See [`PackageCommandError`]; an unknown stack; a stack that the model refuses.
pub fn run(args: &PackageArgs) -> Result<Outcome, CommandError> {
    let of_stack = architecture_of(&args.stack)?;
    Ok(write(args, of_stack)?)
}

/// What the stack's function runs on where whoever deploys says nothing else.
fn architecture_of(stack: &str) -> Result<Option<Architecture>, CommandError> {
    let entry = stacks::find(stack).ok_or_else(|| CommandError::unknown_stack(stack))?;
    let template = entry.template()?;
    let name = template
        .property_of("AWS::Lambda::Function", "Architectures")
        .and_then(|names| names[0]["Ref"].as_str())
        .and_then(|parameter| template.document()["Parameters"][parameter]["Default"].as_str());
    Ok(name.and_then(|name| Architecture::from_str(name, false).ok()))
}

fn write(
    args: &PackageArgs,
    of_stack: Option<Architecture>,
) -> Result<Outcome, PackageCommandError> {
    let executables = Executables {
        resize_image: args.bootstrap.clone(),
        folder: None,
    };
    let bootstrap = executables.path("resize-image");
    let package = Package::from_executable(&bootstrap, args.architecture)?;
    if let (None, Some(expected)) = (args.architecture, of_stack)
        && expected != package.architecture
    {
        return Err(PackageCommandError::NotForStack {
            path: bootstrap,
            actual: package.architecture,
            stack: args.stack.clone(),
            expected,
        });
    }
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| project::path("target/resize-image.zip"));
    let folder = out.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = folder.and_then(|()| std::fs::write(&out, &package.zip));
    written.map_err(|source| PackageCommandError::Write {
        path: out.clone(),
        source,
    })?;
    Reporter::new(args.format).fact(
        "packaged",
        json!({"file": out, "bytes": package.zip.len(), "sha256": package.sha256, "architecture": package.architecture.to_string(), "executableBytes": package.executable_bytes}),
        &format!("{} ({} bytes, {}, sha256 {})", out.display(), package.zip.len(), package.architecture, package.sha256),
    );
    Ok(Outcome::Done)
}
