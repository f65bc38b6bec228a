//! The zip that Lambda takes: one `bootstrap`, the same bytes on every machine.

mod archive;
mod bootstrap;

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::parts::Program;
use crate::resources::lambda::Architecture;
use crate::sha256;

/// What builds the function of a path for the machine it is typed on.
#[must_use]
pub fn build_command(path: &Path) -> String {
    let name = path
        .file_stem()
        .and_then(|name| Program::named(name.to_str()?));
    let name = name.unwrap_or(Program::ResizeImage).name();
    format!("cargo build -p lambda --release --bin {name}")
}

/// A function, ready to upload.
#[derive(Debug, Clone)]
pub struct Package {
    /// The zip.
    pub zip: Vec<u8>,
    /// SHA-256 of the zip, as lower-case hexadecimal.
    pub sha256: String,
    /// Size of the executable in it.
    pub executable_bytes: u64,
    /// What the executable runs on.
    pub architecture: Architecture,
}

/// Why an executable was not packaged. Lambda and the local engine take anything and fail at the first
/// invocation, so it is refused here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PackageError {
    /// There is no such file.
    #[error("there is no executable at {}; build it with `{}`", .0.display(), build_command(.0))]
    Missing(PathBuf),
    /// A directory, a socket, a device.
    #[error("{} is not a regular file; a function's executable is one", .0.display())]
    NotAFile(PathBuf),
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Not an executable that Lambda runs.
    #[error("{} is not an executable for Lambda: {problem}; build one with `{}`", path.display(), build_command(path))]
    NotExecutable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An executable for another machine.
    #[error("{} runs on {actual}, but {expected} is needed here", path.display())]
    WrongArchitecture {
        /// The file.
        path: PathBuf,
        /// What it runs on.
        actual: Architecture,
        /// What it should run on.
        expected: Architecture,
    },
    /// An executable for a newer system than Lambda's.
    #[error(
        "{} needs glibc 2.{needed}, and Amazon Linux 2023 has 2.{GLIBC_MINOR}: build it with `iac build`, which \
         links it for that", path.display()
    )]
    Glibc {
        /// The file.
        path: PathBuf,
        /// The minor version.
        needed: u32,
    },
    /// The zip could not be written.
    #[error("cannot write the zip")]
    Zip(#[from] zip::result::ZipError),
}

/// The glibc of Amazon Linux 2023 is 2.34.
///
/// Source: <https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html>
pub const GLIBC_MINOR: u32 = 34;

/// What an executable runs on, by its first 64 bytes. The path is for the error.
///
/// # Errors
/// It is no executable for Lambda.
pub fn architecture(path: &Path, header: &[u8]) -> Result<Architecture, PackageError> {
    bootstrap::check(path, header)
}

impl Package {
    /// Packages the executable at `path` for Lambda itself: it must run on Amazon Linux 2023.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn for_lambda(path: &Path, architecture: Architecture) -> Result<Self, PackageError> {
        let executable = bootstrap::read(path)?;
        let package = Self::of(path, &executable, Some(architecture))?;
        match bootstrap::glibc_minor(&executable) {
            Some(needed) if needed > GLIBC_MINOR => Err(PackageError::Glibc {
                path: path.to_owned(),
                needed,
            }),
            _ => Ok(package),
        }
    }

    /// Packages the executable at `path`, which must run on `expected` if that is given.
    ///
    /// # Errors
    /// See [`PackageError`].
    pub fn from_executable(
        path: &Path,
        expected: Option<Architecture>,
    ) -> Result<Self, PackageError> {
        Self::of(path, &bootstrap::read(path)?, expected)
    }

    fn of(
        path: &Path,
        executable: &[u8],
        expected: Option<Architecture>,
    ) -> Result<Self, PackageError> {
        let architecture = bootstrap::check(path, executable)?;
        if let Some(expected) = expected.filter(|expected| *expected != architecture) {
            return Err(PackageError::WrongArchitecture {
                path: path.to_owned(),
                actual: architecture,
                expected,
            });
        }
        let zip = archive::zip(executable)?;
        let sha256 = sha256::hex(&sha256::of(&zip));
        Ok(Self {
            zip,
            sha256,
            executable_bytes: executable.len() as u64,
            architecture,
        })
    }
}
