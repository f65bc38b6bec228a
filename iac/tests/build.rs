//! `iac build` and `iac functions` as processes. What compiling takes is in `reproducible.rs`.
#![cfg(feature = "build")]

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// The smallest file that looks like a program for a machine: 62 is `x86_64`, 183 is arm64.
fn executable(path: &Path, machine: u8) {
    let mut header = vec![0; 64];
    header[..6].copy_from_slice(b"\x7fELF\x02\x01");
    (header[16], header[18], header[24]) = (3, machine, 1);
    std::fs::write(path, header).expect("written");
}

fn iac(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iac"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("iac starts")
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with executables for a machine in `in/`.
fn with(executables: &[&str], machine: u8) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("in")).expect("made");
    for name in executables {
        executable(&folder.path().join("in").join(name), machine);
    }
    folder
}

fn build(folder: &Path, arguments: &[&str]) -> Output {
    let always = ["build", "--executables", "in", "--out", "out"];
    iac(folder, &[&always, arguments].concat())
}

/// The names of files below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    names
}

#[test]
fn every_function_of_a_stack_has_a_zip_under_its_architecture() {
    for (stack, machine, architecture, expected) in [
        ("resize-api", 183, "arm64", &["resize-image.zip"][..]),
        (
            "upload-events",
            62,
            "x86_64",
            &["presign-upload.zip", "resize-image.zip"],
        ),
    ] {
        let folder = with(&["resize-image", "presign-upload"], machine);
        let output = build(folder.path(), &[stack, "--architecture", architecture]);
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
        assert_eq!(files(&folder.path().join("out")), [architecture]);
        let zips = folder.path().join("out").join(architecture);
        assert_eq!(files(&zips), expected, "and nothing that is half written");
        for name in expected {
            let zip = std::fs::File::open(zips.join(name)).expect("there");
            let mut archive = zip::ZipArchive::new(zip).expect("a zip");
            assert_eq!(archive.len(), 1);
            let mut file = archive.by_name("bootstrap").expect("the executable");
            assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("read");
            assert_eq!(content[18], machine);
        }
    }
}

#[test]
fn what_was_built_is_told_to_a_program() {
    let folder = with(&["resize-image"], 183);
    let output = build(folder.path(), &["resize-api", "--format", "json"]);
    let fact: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(fact["event"], "built");
    assert_eq!(fact["function"], "resize-image");
    assert_eq!(fact["file"], "out/arm64/resize-image.zip");
    assert_eq!(fact["architecture"], "arm64");
    assert_eq!(fact["executableBytes"], 64);
    let zip = std::fs::read(folder.path().join("out/arm64/resize-image.zip")).expect("written");
    assert_eq!(fact["bytes"], zip.len());
    assert_eq!(fact["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn what_cannot_be_built_says_why() {
    let folder = with(&["resize-image"], 183);
    for (arguments, code, words) in [
        (
            &["resize-api", "--architecture", "x86_64"][..],
            4,
            "in/resize-image runs on arm64, but x86_64 is needed",
        ),
        (
            &["upload-events"],
            4,
            "there is no executable at in/presign-upload",
        ),
        (&["nope"], 2, "there is no stack `nope`"),
        (&["--architecture", "mips"], 2, "arm64, x86_64"),
    ] {
        let output = build(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{}", errors(&output));
        assert!(errors(&output).contains(words), "{}", errors(&output));
    }
}

#[test]
fn an_executable_for_a_newer_system_is_refused() {
    let folder = with(&["resize-image"], 183);
    let file = folder.path().join("in/resize-image");
    let mut content = std::fs::read(&file).expect("there");
    for (needs, code) in [("GLIBC_2.34", 0), ("GLIBC_2.39", 4)] {
        content.extend_from_slice(needs.as_bytes());
        content.push(0);
        std::fs::write(&file, &content).expect("written");
        let output = build(folder.path(), &["resize-api"]);
        assert_eq!(output.status.code(), Some(code), "{}", errors(&output));
    }
    let errors = errors(&build(folder.path(), &["resize-api"]));
    assert!(
        errors.contains("needs glibc 2.39, and Amazon Linux 2023 has 2.34"),
        "{errors}"
    );
}

#[test]
fn outside_of_the_project_there_is_nothing_to_compile() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = iac(folder.path(), &["build", "resize-api"]);
    assert_eq!(output.status.code(), Some(4));
    let errors = errors(&output);
    assert!(
        errors.contains("no project around the current folder"),
        "{errors}"
    );
}

#[test]
fn a_linker_that_is_missing_says_how_to_install_it() {
    let project = tempfile::tempdir().expect("a folder");
    for folder in ["iac", "lambda/src/bin"] {
        std::fs::create_dir_all(project.path().join(folder)).expect("made");
    }
    let package = "[package]\nname = \"lambda\"\nedition = \"2024\"\n";
    for (file, text) in [
        ("iac/Cargo.toml", ""),
        ("lambda/Cargo.toml", package),
        ("lambda/src/bin/resize-image.rs", "fn main() {}\n"),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"lambda\"]\nresolver = \"3\"\n\n[profile.function]\ninherits = \"release\"\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"lambda\"\nversion = \"0.0.0\"\n",
        ),
    ] {
        std::fs::write(project.path().join(file), text).expect("written");
    }
    // As rustup has them: without cargo-zigbuild beside.
    let toolchain = tempfile::tempdir().expect("a folder");
    for program in ["cargo", "rustc", "rustup"] {
        let path = std::env::var_os("PATH").expect("a path");
        let found = std::env::split_paths(&path)
            .map(|folder| folder.join(program))
            .find(|path| path.is_file());
        let found = found.expect("Rust is installed");
        std::os::unix::fs::symlink(found, toolchain.path().join(program)).expect("linked");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_iac"))
        .args(["build", "resize-api"])
        .current_dir(project.path())
        .env("PATH", toolchain.path())
        .output()
        .expect("iac starts");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    for words in ["cannot run `cargo-zigbuild`", "`make build` installs it"] {
        assert!(errors.contains(words), "{errors}");
    }
}

#[test]
fn functions_are_listed() {
    let folder = Path::new(".");
    let output = iac(folder, &["functions", "upload-events"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"resize-image\npresign-upload\n");
    let output = iac(folder, &["functions", "single-bucket", "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let expected = r#"{"stacks":[{"stack":"single-bucket","functions":["resize-image"]}]}"#;
    assert_eq!(found.to_string(), expected);
    assert_eq!(iac(folder, &["functions", "nope"]).status.code(), Some(2));
}

#[test]
fn every_help_has_examples_and_exit_codes() {
    for arguments in [
        &["--help"][..],
        &["synth", "--help"],
        &["functions", "--help"],
        &["build", "--help"],
        #[cfg(feature = "local")]
        &["local", "--help"],
    ] {
        let output = iac(Path::new("."), arguments);
        let help = String::from_utf8_lossy(&output.stdout);
        for part in ["Examples:\n  iac ", "Exit codes:"] {
            assert!(help.contains(part), "{arguments:?}: {help}");
        }
    }
}
