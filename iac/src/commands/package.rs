//! `iac package`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;
use thiserror::Error;

use super::Outcome;
use super::local::default_bootstrap;
use crate::local::Reporter;
use crate::output::OutputFormat;
use crate::package::{Architecture, Package, PackageError};
use crate::project;

/// Zip the function for Lambda: the same executable gives the same bytes.
///
/// Exit codes: 0 written, 4 the executable or the zip cannot be used.
#[derive(Debug, Clone, Args)]
pub struct PackageArgs {
    /// Executable of the function [default: resize-image beside this program, or target/release/resize-image]
    #[arg(long, value_name = "PATH")]
    pub bootstrap: Option<PathBuf>,
    /// Refuse an executable for another architecture than this
    #[arg(long, value_enum)]
    pub architecture: Option<ArchitectureName>,
    /// Where the zip goes [default: target/resize-image.zip of the project you are in]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// `text` for people; `json` for one object
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// The names of Lambda's architectures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ArchitectureName {
    /// 64-bit ARM, Graviton
    #[value(name = "arm64")]
    Arm64,
    /// 64-bit x86
    #[value(name = "x86_64")]
    X86_64,
}

/// Why there is no zip.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageCommandError {
    /// The executable cannot be packaged.
    #[error(transparent)]
    Package(#[from] PackageError),
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
/// See [`PackageCommandError`].
pub fn run(args: &PackageArgs) -> Result<Outcome, PackageCommandError> {
    let expected = args.architecture.map(|name| match name {
        ArchitectureName::Arm64 => Architecture::Arm64,
        ArchitectureName::X86_64 => Architecture::X86_64,
    });
    let bootstrap = args.bootstrap.clone().unwrap_or_else(default_bootstrap);
    let package = Package::from_executable(&bootstrap, expected)?;
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
