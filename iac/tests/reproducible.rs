//! The same commit gives the same zip: in another folder, with another folder of dependencies, and whatever
//! the environment says of compilers.
#![cfg(feature = "build")]

#[path = "local/skip.rs"]
mod skip;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use skip::skip;

/// The function with the most libraries in it.
const STACK: &str = "resize-api";
const ZIP: &str = "arm64/resize-image.zip";

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the checkout")
}

/// The project's programs first.
fn path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(root().join(".venv/bin")).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).expect("folders")
}

/// Builds the zip in a checkout.
fn build(checkout: &Path, variables: &[(&str, &Path)]) -> Vec<u8> {
    let out = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac"));
    command
        .args(["build", STACK, "--out"])
        .arg(out.path())
        .current_dir(checkout)
        .env("PATH", path())
        .env_remove("CARGO_TARGET_DIR");
    for (name, value) in variables {
        command.env(name, value);
    }
    let output = command.output().expect("iac starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    fs::read(out.path().join(ZIP)).expect("written")
}

/// Copies what differs, so that a second run compiles little.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("made");
        for entry in fs::read_dir(from).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        let content = fs::read(from).expect("a file");
        if fs::read(to).ok().as_ref() != Some(&content) {
            fs::write(to, content).expect("copied");
        }
    }
}

/// A folder of cargo's with the downloads of this one, to be unpacked there.
fn cargo_home(at: &Path) {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home
        .unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("a home")).join(".cargo"));
    fs::create_dir_all(at.join("registry")).expect("made");
    for part in ["registry/cache", "registry/index"] {
        let _ = fs::remove_file(at.join(part));
        std::os::unix::fs::symlink(home.join(part), at.join(part)).expect("linked");
    }
}

#[test]
fn the_same_commit_gives_the_same_zip_in_another_folder() {
    let zig = Command::new("cargo-zigbuild")
        .arg("--version")
        .env("PATH", path())
        .output();
    if let Err(error) = zig {
        return skip(
            "building twice",
            &format!("cargo-zigbuild: {error}; `make .venv/zigbuild` installs it"),
        );
    }
    let one = build(&root(), &[]);

    let elsewhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("another folder");
    let checkout = elsewhere.join("a checkout of someone else's");
    fs::create_dir_all(&checkout).expect("made");
    for part in [
        "Cargo.toml",
        "Cargo.lock",
        "bench",
        "iac",
        "jpeg",
        "lambda",
        "libwebp",
    ] {
        copy(&root().join(part), &checkout.join(part));
    }
    let home = elsewhere.join("cargo");
    cargo_home(&home);
    let other = build(
        &checkout,
        &[
            ("CARGO_HOME", &home),
            ("CARGO_NET_OFFLINE", Path::new("true")),
            ("RUSTFLAGS", Path::new("-Ctarget-cpu=neoverse-n1")),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", Path::new("1")),
        ],
    );
    assert!(
        one == other,
        "{} and {} bytes that differ",
        one.len(),
        other.len()
    );
}
