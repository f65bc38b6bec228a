//! Where the executables of a stack's functions are on this machine, and how they get into the engine.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::bundle::{StackFunction, UnclearFunction};
use crate::package::{Package, PackageError};
use crate::project;
use crate::resources::lambda::Architecture;

/// Where executables come from. A function is called as its executable.
#[derive(Debug, Clone, Default)]
pub struct Executables {
    /// The executable of `resize-image`, wherever the others are.
    pub resize_image: Option<PathBuf>,
    /// The folder of all others.
    pub folder: Option<PathBuf>,
}

/// Why the code of a stack's functions is not there.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FunctionsError {
    /// A function that does not say which executable it is.
    #[error(transparent)]
    Unclear(#[from] UnclearFunction),
    /// Executables that are not built.
    #[error(
        "there is no executable at {}; build {} with `{}`, or name another folder with --functions",
        list(.0), if .0.len() == 1 { "it" } else { "them" }, build_command(.0)
    )]
    Missing(Vec<PathBuf>),
    /// An executable that Lambda could not run.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The machine could not do it.
    #[error("cannot package the functions")]
    Task(#[source] std::io::Error),
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(", ")
}

/// Builds exactly these, for the machine it is typed on.
fn build_command(paths: &[PathBuf]) -> String {
    let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
    names.fold(
        "cargo build -p lambda --release".to_owned(),
        |command, name| command + " --bin " + name,
    )
}

impl Executables {
    /// Where the executable of a function is. By itself that is beside this program, because a release
    /// of all of them is one folder; a debug build of it is left alone, it would need seconds for what
    /// takes a release milliseconds.
    #[must_use]
    pub fn path(&self, executable: &str) -> PathBuf {
        if let (Some(path), "resize-image") = (&self.resize_image, executable) {
            return path.clone();
        }
        if let Some(folder) = &self.folder {
            return folder.join(executable);
        }
        let beside = std::env::current_exe()
            .ok()
            .and_then(|program| Some(program.parent()?.join(executable)));
        let is_release = |path: &PathBuf| {
            path.is_file()
                && !path
                    .parent()
                    .is_some_and(|folder| folder.ends_with("debug"))
        };
        beside
            .filter(is_release)
            .unwrap_or_else(|| project::path("target/release").join(executable))
    }
}

/// The executables of functions, all of which are there.
///
/// # Errors
/// The ones that are not, with the command that builds them.
pub fn paths(
    functions: &[StackFunction],
    executables: &Executables,
) -> Result<Vec<PathBuf>, FunctionsError> {
    let paths = functions
        .iter()
        .map(|function| executables.path(&function.executable));
    let paths: Vec<_> = paths.collect();
    let missing: Vec<_> = paths
        .iter()
        .filter(|path| !path.exists())
        .cloned()
        .collect();
    if missing.is_empty() {
        Ok(paths)
    } else {
        Err(FunctionsError::Missing(missing))
    }
}

/// Packages executables of this machine, side by side.
///
/// # Errors
/// One is no executable that this machine's Lambda could run.
pub async fn package(paths: &[PathBuf]) -> Result<Vec<Package>, FunctionsError> {
    let tasks: Vec<_> = paths
        .iter()
        .map(|path| {
            let path = path.clone();
            tokio::task::spawn_blocking(move || package_one(&path))
        })
        .collect();
    let mut packages = Vec::new();
    for task in tasks {
        let package = task
            .await
            .map_err(|error| FunctionsError::Task(error.into()))?;
        packages.push(package?);
    }
    Ok(packages)
}

fn package_one(path: &Path) -> Result<Package, PackageError> {
    Package::from_executable(path, Architecture::of_this_machine())
}

#[cfg(test)]
mod tests {
    use super::{Executables, FunctionsError, StackFunction, paths};
    use crate::bundle::BuiltFor;

    #[test]
    fn says_how_to_build_exactly_what_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("read-metadata"), b"").expect("written");
        let named = |name: &str| StackFunction {
            executable: name.to_owned(),
            bucket_parameter: "B".to_owned(),
            key_parameter: "K".to_owned(),
            built_for: BuiltFor::Parameter("A".to_owned()),
        };
        let functions = ["resize-image", "read-metadata", "upload-image"].map(named);
        let executables = Executables {
            resize_image: Some("/nowhere/resize-image".into()),
            folder: Some(folder.path().to_owned()),
        };
        let error = paths(&functions, &executables).expect_err("missing");
        assert!(matches!(&error, FunctionsError::Missing(missing) if missing.len() == 2));
        let command = "`cargo build -p lambda --release --bin resize-image --bin upload-image`";
        assert!(error.to_string().contains(command), "{error}");
    }
}
