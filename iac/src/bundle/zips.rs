//! The zips of a stack's functions, as `iac build` wrote them.

use std::io::{Cursor, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

use super::StackFunction;
use crate::package::{PackageError, architecture};
use crate::resources::lambda::Architecture;
use crate::sha256;

/// Enough of an executable to know what runs it.
const HEADER: u64 = 64;

/// The zips of a stack's functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// In the order of the template.
    pub zips: Vec<Zip>,
}

/// The zip of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zip {
    /// The name of the executable in it.
    pub executable: String,
    /// The parameter that names it.
    pub key_parameter: String,
    /// Where it was read.
    pub path: PathBuf,
    /// The zip.
    pub bytes: Vec<u8>,
    /// The SHA-256 of these.
    pub sha256: [u8; 32],
}

/// Why code cannot be deployed. CloudFormation takes any zip, and the function fails when it is called.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Zips that are not there.
    #[error("there is no {}: `{command}` builds what is missing", list(paths))]
    Missing {
        /// Where they should be.
        paths: Vec<PathBuf>,
        /// What builds them.
        command: String,
    },
    /// A zip that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file that is no zip with a `bootstrap`.
    #[error("{} is no zip of a function: `{command}` builds one", path.display())]
    NotAZip {
        /// The file.
        path: PathBuf,
        /// What builds one.
        command: String,
        /// Why.
        #[source]
        source: ZipError,
    },
    /// A `bootstrap` that nobody may run.
    #[error("the bootstrap in {} has no permission to be executed: `{command}` builds one that has", path.display())]
    NotExecutable {
        /// The file.
        path: PathBuf,
        /// What builds one.
        command: String,
    },
    /// A `bootstrap` that is no program.
    #[error(transparent)]
    NoProgram(#[from] PackageError),
    /// A `bootstrap` for another processor.
    #[error(
        "the bootstrap in {} runs on {actual}, and the function on {expected}: `{command}` builds one that fits",
        path.display()
    )]
    WrongArchitecture {
        /// The file.
        path: PathBuf,
        /// What it runs on.
        actual: Architecture,
        /// What it should run on.
        expected: Architecture,
        /// What builds one.
        command: String,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let paths = paths.iter().map(|path| path.display().to_string());
    paths.collect::<Vec<_>>().join(" and no ")
}

impl Bundle {
    /// Reads the zips of these functions, each for a processor, in a folder of `iac build`. The stack is named
    /// in the command that builds what is missing.
    ///
    /// # Errors
    /// A zip is missing, cannot be read, or holds no program for this processor.
    pub fn read(
        folder: &Path,
        stack: &str,
        functions: &[(StackFunction, Architecture)],
    ) -> Result<Self, BundleError> {
        let path = |(function, built_for): &(StackFunction, Architecture)| {
            let folder = folder.join(built_for.to_string());
            folder.join(format!("{}.zip", function.executable))
        };
        let mut missing = functions.iter().filter(|function| !path(function).exists());
        if let Some(first) = missing.next() {
            return Err(BundleError::Missing {
                command: build_command(stack, first.1),
                paths: [first].into_iter().chain(missing).map(path).collect(),
            });
        }
        let zips = functions.iter().map(|of| {
            let (function, built_for) = of;
            let path = path(of);
            let bytes = read(&path, *built_for, &build_command(stack, *built_for))?;
            Ok(Zip {
                executable: function.executable.clone(),
                key_parameter: function.key_parameter.clone(),
                path,
                sha256: sha256::of(&bytes),
                bytes,
            })
        });
        Ok(Self {
            zips: zips.collect::<Result<_, BundleError>>()?,
        })
    }
}

impl Zip {
    /// Where it goes in the artifact bucket: a name of its contents, so that what has this name is this.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}.zip", self.executable, sha256::hex(&self.sha256))
    }
}

/// What builds the zips of a stack.
fn build_command(stack: &str, architecture: Architecture) -> String {
    let command = format!("make build STACK={stack}");
    match architecture {
        Architecture::Arm64 => command,
        Architecture::X86_64 => format!("{command} ARCH={architecture}"),
    }
}

/// A zip whose `bootstrap` runs on this processor.
fn read(path: &Path, expected: Architecture, command: &str) -> Result<Vec<u8>, BundleError> {
    let command = || command.to_owned();
    let bytes = std::fs::read(path).map_err(|source| match source.kind() {
        // It was there a moment ago.
        ErrorKind::NotFound => BundleError::Missing {
            paths: vec![path.to_owned()],
            command: command(),
        },
        _ => BundleError::Read {
            path: path.to_owned(),
            source,
        },
    })?;
    let (header, mode) = bootstrap(&bytes).map_err(|source| BundleError::NotAZip {
        path: path.to_owned(),
        command: command(),
        source,
    })?;
    if mode.is_some_and(|mode| mode & 0o111 != 0o111) {
        return Err(BundleError::NotExecutable {
            path: path.to_owned(),
            command: command(),
        });
    }
    let actual = architecture(path, &header)?;
    if actual != expected {
        return Err(BundleError::WrongArchitecture {
            path: path.to_owned(),
            actual,
            expected,
            command: command(),
        });
    }
    Ok(bytes)
}

/// The start of the `bootstrap` in a zip, and its mode.
fn bootstrap(zip: &[u8]) -> Result<(Vec<u8>, Option<u32>), ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(zip))?;
    let file = archive.by_name("bootstrap")?;
    let mode = file.unix_mode();
    let mut header = Vec::new();
    file.take(HEADER).read_to_end(&mut header)?;
    Ok((header, mode))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;
    use std::path::Path;

    use tempfile::TempDir;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::BuiltFor;
    use super::{Bundle, BundleError, StackFunction};
    use crate::resources::lambda::Architecture::{self, Arm64, X86_64};

    fn function(executable: &str) -> StackFunction {
        StackFunction {
            executable: executable.to_owned(),
            bucket_parameter: "CodeBucket".to_owned(),
            key_parameter: format!("Key of {executable}"),
            built_for: BuiltFor::Parameter("Architecture".to_owned()),
        }
    }

    /// The header of a program for a machine, as ELF numbers it.
    fn program(machine: u8) -> Vec<u8> {
        let mut header = vec![0; 100];
        header[..6].copy_from_slice(b"\x7fELF\x02\x01");
        (header[16], header[18], header[24]) = (3, machine, 1);
        header
    }

    fn write(path: &Path, name: &str, mode: u32, content: &[u8]) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let mut zip = ZipWriter::new(fs::File::create(path).expect("a file"));
        let options = SimpleFileOptions::default().unix_permissions(mode);
        zip.start_file(name, options).expect("begun");
        zip.write_all(content).expect("written");
        zip.finish().expect("ended");
    }

    fn read(folder: &TempDir, architecture: Architecture) -> Result<Bundle, BundleError> {
        let functions = ["resize-image", "upload-image"].map(|name| (function(name), architecture));
        Bundle::read(folder.path(), "upload-metadata", &functions)
    }

    #[test]
    fn a_key_is_made_of_the_contents() {
        let folder = TempDir::new().expect("a folder");
        for name in ["resize-image", "upload-image"] {
            let path = folder.path().join(format!("arm64/{name}.zip"));
            write(&path, "bootstrap", 0o755, &program(183));
        }
        let bundle = read(&folder, Arm64).expect("a bundle");
        let [first, second] = bundle.zips.as_slice() else {
            panic!("{bundle:?}")
        };
        assert_eq!(first.key_parameter, "Key of resize-image");
        let (folder, file) = first.key().split_once('/').map(own).expect("a folder");
        assert_eq!((folder.as_str(), file.len()), ("resize-image", 64 + 4));
        assert!(second.key().ends_with(&file), "the same bytes");
    }

    fn own((left, right): (&str, &str)) -> (String, String) {
        (left.to_owned(), right.to_owned())
    }

    #[test]
    fn says_what_builds_what_is_missing() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("x86_64/resize-image.zip");
        write(&path, "bootstrap", 0o755, &program(62));
        let error = read(&folder, X86_64).expect_err("missing");
        assert!(matches!(&error, BundleError::Missing { paths, .. } if paths.len() == 1));
        let command = "`make build STACK=upload-metadata ARCH=x86_64`";
        assert!(error.to_string().contains(command), "{error}");
        let error = read(&folder, Arm64).expect_err("missing");
        assert!(matches!(&error, BundleError::Missing { paths, .. } if paths.len() == 2));
        let command = "`make build STACK=upload-metadata`";
        assert!(error.to_string().contains(command), "{error}");
    }

    #[test]
    fn refuses_what_lambda_could_not_run() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("arm64/resize-image.zip");
        let other = folder.path().join("arm64/upload-image.zip");
        write(&other, "bootstrap", 0o755, &program(183));
        for (name, mode, content, problem) in [
            (
                "bootstrap",
                0o755,
                program(62),
                "runs on x86_64, and the function on arm64",
            ),
            (
                "bootstrap",
                0o644,
                program(183),
                "no permission to be executed",
            ),
            (
                "resize-image",
                0o755,
                program(183),
                "is no zip of a function",
            ),
            (
                "bootstrap",
                0o755,
                b"#!/bin/sh".to_vec(),
                "it is no ELF file",
            ),
        ] {
            write(&path, name, mode, &content);
            let error = read(&folder, Arm64).expect_err(problem);
            assert!(error.to_string().contains(problem), "{error}");
        }
        fs::write(&path, "PK").expect("written");
        assert!(matches!(
            read(&folder, Arm64),
            Err(BundleError::NotAZip { .. })
        ));
    }
}
