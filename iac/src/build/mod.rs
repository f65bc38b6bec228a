//! The functions, compiled for Lambda's machines on any machine: Zig is the C compiler and the linker, so that
//! neither a cross-compiler nor a Docker is needed.
//!
//! The same commit gives the same bytes in any folder and for any person: paths are [replaced](remap), what
//! the caller's environment says of compilers is [left out](environment), and dependencies are those of
//! `Cargo.lock`.

mod cargo;
mod environment;
mod error;
mod remap;

use std::path::PathBuf;

pub use error::BuildError;

use crate::resources::lambda::Architecture;
use cargo::{Cargo, Rust};
use remap::Remap;

/// The profile of `Cargo.toml`, and its folder's name.
const PROFILE: &str = "function";

/// The compiler whose bytes are the project's: another one makes others.
pub const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

impl Architecture {
    /// The compiler's name for it.
    #[must_use]
    pub const fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }
}

/// What was compiled.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The folder with the executables.
    pub folder: PathBuf,
    /// The compiler's version, such as `1.95.0`.
    pub rust: String,
}

/// Compiles executables of the crate `lambda`. The compiler's own words go to standard error.
///
/// # Errors
/// See [`BuildError`].
pub fn compile(executables: &[&str], architecture: Architecture) -> Result<Compiled, BuildError> {
    let cargo = Cargo::of_project()?;
    cargo::find_zig()?;
    let rust = Rust::read()?;
    rust.add_target(architecture.target())?;
    let packages = cargo.packages(architecture.target())?;
    let remap = Remap::new(&packages, &rust);
    cargo.zigbuild(executables, architecture.target(), &remap)?;
    Ok(Compiled {
        folder: packages
            .target_directory
            .join(architecture.target())
            .join(PROFILE),
        rust: rust.version,
    })
}
