//! What is asked of cargo, rustc and rustup.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::environment::changes_bytes;
use super::remap::Remap;
use super::{BuildError, PROFILE};
use crate::package::GLIBC_MINOR;
use crate::project;

const RUST_ADVICE: &str = "install Rust with https://rustup.rs";
const ZIG_ADVICE: &str = "`make build` installs it into .venv";

/// Cargo, in the checkout.
#[derive(Debug)]
pub(super) struct Cargo {
    manifest: PathBuf,
}

/// Where the checkout and its dependencies are.
#[derive(Debug)]
pub(super) struct Packages {
    /// The checkout.
    pub(super) workspace_root: PathBuf,
    /// Where cargo builds.
    pub(super) target_directory: PathBuf,
    /// The folders that the dependencies' folders are in.
    pub(super) registries: BTreeSet<PathBuf>,
}

/// The compiler.
#[derive(Debug)]
pub(super) struct Rust {
    /// Such as `1.95.0`.
    pub(super) version: String,
    /// The commit of its source.
    pub(super) commit: String,
    /// Where it is installed.
    pub(super) sysroot: PathBuf,
}

impl Cargo {
    pub(super) fn of_project() -> Result<Self, BuildError> {
        let manifest = std::path::absolute(project::path("Cargo.toml")).unwrap_or_default();
        if manifest.is_file() && manifest.with_file_name("lambda").is_dir() {
            Ok(Self { manifest })
        } else {
            Err(BuildError::NoProject)
        }
    }

    /// Reads the packages, and downloads those that are not here.
    pub(super) fn packages(&self, target: &str) -> Result<Packages, BuildError> {
        let mut command = Command::new(cargo());
        command
            .args(["metadata", "--format-version", "1", "--locked"])
            .args(["--filter-platform", target, "--manifest-path"])
            .arg(&self.manifest);
        let text = output(&mut command, RUST_ADVICE)?;
        Packages::read(&text).map_err(|problem| BuildError::Answer {
            command: typed(&command),
            problem,
        })
    }

    /// Compiles and links.
    pub(super) fn zigbuild(
        &self,
        executables: &[&str],
        target: &str,
        remap: &Remap,
    ) -> Result<(), BuildError> {
        let mut command = zigbuild();
        command
            .args(["zigbuild", "--profile", PROFILE, "--locked"])
            .args(["--package", "lambda"])
            .args([
                "--target",
                &format!("{target}.2.{GLIBC_MINOR}"),
                "--manifest-path",
            ])
            .arg(&self.manifest);
        for executable in executables {
            command.args(["--bin", executable]);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(changes_bytes) {
                command.env_remove(name);
            }
        }
        command.env("CARGO_ENCODED_RUSTFLAGS", remap.rust_flags());
        succeed(&mut command, ZIG_ADVICE)
    }
}

impl Packages {
    fn read(metadata: &str) -> Result<Self, String> {
        let metadata: Value = serde_json::from_str(metadata).map_err(|error| error.to_string())?;
        let path = |name: &str| {
            let path = metadata[name].as_str().map(PathBuf::from);
            path.ok_or_else(|| format!("it has no `{name}`"))
        };
        let packages = metadata["packages"].as_array().into_iter().flatten();
        // What is in the checkout has no source.
        let dependencies = packages.filter(|package| !package["source"].is_null());
        let manifests = dependencies.filter_map(|package| package["manifest_path"].as_str());
        let registries = manifests.filter_map(|manifest| Path::new(manifest).parent()?.parent());
        Ok(Self {
            workspace_root: path("workspace_root")?,
            target_directory: path("target_directory")?,
            registries: registries.map(Path::to_owned).collect(),
        })
    }
}

impl Rust {
    pub(super) fn read() -> Result<Self, BuildError> {
        let mut verbose = Command::new("rustc");
        verbose.arg("-vV");
        let said = output(&mut verbose, RUST_ADVICE)?;
        let field = |name: &str| {
            let value = said.lines().find_map(|line| line.strip_prefix(name));
            value
                .map(ToOwned::to_owned)
                .ok_or_else(|| BuildError::Answer {
                    command: typed(&verbose),
                    problem: format!("it has no `{name}`"),
                })
        };
        let sysroot = output(
            Command::new("rustc").args(["--print", "sysroot"]),
            RUST_ADVICE,
        )?;
        Ok(Self {
            version: field("release: ")?,
            commit: field("commit-hash: ")?,
            sysroot: sysroot.trim_end().into(),
        })
    }

    /// Installs the standard library for a target, unless it is here.
    pub(super) fn add_target(&self, target: &str) -> Result<(), BuildError> {
        let library = self.sysroot.join("lib/rustlib").join(target).join("lib");
        if library.is_dir() {
            return Ok(());
        }
        succeed(
            Command::new("rustup").args(["target", "add", target]),
            "the compiler lacks the standard library for Lambda's machine, and rustup would install it",
        )
    }
}

/// The cargo that runs this program, or the one that is found.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Fails where the linker is not installed, before anything takes time.
pub(super) fn find_zig() -> Result<(), BuildError> {
    output(zigbuild().arg("--version"), ZIG_ADVICE).map(drop)
}

fn zigbuild() -> Command {
    let mut command = Command::new("cargo-zigbuild");
    command.env("PATH", path_with_zig());
    command
}

/// The path that programs are looked for in, with the project's own before all others.
fn path_with_zig() -> OsString {
    let own = std::path::absolute(project::path(".venv/bin")).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(own).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

/// Runs a program to its end and gives what it wrote.
fn output(command: &mut Command, advice: &'static str) -> Result<String, BuildError> {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|source| missing(command, advice, source))?;
    if !output.status.success() {
        return Err(BuildError::Failed {
            command: typed(command),
            status: output.status,
        });
    }
    String::from_utf8(output.stdout).map_err(|error| BuildError::Answer {
        command: typed(command),
        problem: error.to_string(),
    })
}

/// Runs a program to its end; what it writes goes to standard error, for standard output is for facts.
fn succeed(command: &mut Command, advice: &'static str) -> Result<(), BuildError> {
    let status = command.stdout(std::io::stderr()).status();
    let status = status.map_err(|source| missing(command, advice, source))?;
    if status.success() {
        Ok(())
    } else {
        Err(BuildError::Failed {
            command: typed(command),
            status,
        })
    }
}

fn missing(command: &Command, advice: &'static str, source: std::io::Error) -> BuildError {
    BuildError::Missing {
        program: command.get_program().to_string_lossy().into_owned(),
        advice,
        source,
    }
}

/// The command as a person would type it.
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = program.file_name().into_iter().chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_dependencies_are_told_from_the_checkout() {
        let metadata = r#"{"packages": [
            {"source": null, "manifest_path": "/p/lambda/Cargo.toml"},
            {"source": "registry+x", "manifest_path": "/h/registry/src/i/ring-0.17.14/Cargo.toml"},
            {"source": "registry+x", "manifest_path": "/h/registry/src/i/zip-8.6.0/Cargo.toml"},
            {"source": "git+y", "manifest_path": "/h/git/checkouts/y-1/abc/Cargo.toml"}
        ], "workspace_root": "/p", "target_directory": "/t"}"#;
        let packages = Packages::read(metadata).expect("packages");
        assert_eq!(packages.workspace_root, Path::new("/p"));
        assert_eq!(packages.target_directory, Path::new("/t"));
        let expected = ["/h/git/checkouts/y-1", "/h/registry/src/i"].map(PathBuf::from);
        assert_eq!(packages.registries, expected.into());
        for (text, problem) in [("{}", "`workspace_root`"), ("x", "expected value")] {
            let error = Packages::read(text).expect_err("refused");
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn a_program_that_is_missing_or_fails_is_named() {
        let mut absent = Command::new("no-such-program-here");
        let error = output(absent.arg("--x"), RUST_ADVICE).expect_err("missing");
        assert!(
            error.to_string().contains("`no-such-program-here`"),
            "{error}"
        );
        let error = succeed(&mut Command::new("false"), RUST_ADVICE).expect_err("fails");
        assert!(
            error
                .to_string()
                .contains("`false` failed (exit status: 1)"),
            "{error}"
        );
    }
}
