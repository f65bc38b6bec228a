//! `iac package` as a process.
#![cfg(feature = "local")]

use std::path::Path;
use std::process::Command;

/// The smallest file that looks like a program for a machine: 62 is `x86_64`, 183 is arm64.
fn executable(path: &Path, machine: u8) {
    let mut header = vec![0; 64];
    header[..6].copy_from_slice(b"\x7fELF\x02\x01");
    (header[16], header[18], header[24]) = (3, machine, 1);
    std::fs::write(path, header).expect("written");
}

/// Runs it with an executable for a machine; gives the exit code, the errors and the zip.
fn package(machine: u8, arguments: &[&str]) -> (Option<i32>, String, Option<Vec<u8>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (bootstrap, zip) = (folder.path().join("f"), folder.path().join("out/f.zip"));
    executable(&bootstrap, machine);
    let output = Command::new(env!("CARGO_BIN_EXE_iac"))
        .arg("package")
        .arg("--bootstrap")
        .arg(&bootstrap)
        .arg("--out")
        .arg(&zip)
        .args(arguments)
        .output()
        .expect("iac starts");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), errors, std::fs::read(zip).ok())
}

#[test]
fn an_executable_that_the_stack_cannot_run_is_refused() {
    let (code, errors, zip) = package(62, &[]);
    assert_eq!((code, zip), (Some(4), None), "{errors}");
    for words in [
        "runs on x86_64, but the function of resize-api runs on arm64",
        "make build",
        "--architecture x86_64",
    ] {
        assert!(errors.contains(words), "{errors}");
    }
}

#[test]
fn what_is_asked_for_is_packaged() {
    for (machine, arguments) in [
        (183, &[][..]),
        (183, &["--architecture", "arm64"]),
        (62, &["--architecture", "x86_64"]),
    ] {
        let (code, errors, zip) = package(machine, arguments);
        assert_eq!(code, Some(0), "{errors}");
        assert!(zip.is_some_and(|zip| zip.starts_with(b"PK")));
    }
}

#[test]
fn what_cannot_be_packaged_says_why() {
    for (arguments, code, words) in [
        (
            ["--architecture", "x86_64"],
            4,
            "runs on arm64, but x86_64 is needed",
        ),
        (["--stack", "nope"], 2, "there is no stack `nope`"),
        (["--architecture", "mips"], 2, "arm64, x86_64"),
    ] {
        let (found, errors, zip) = package(183, &arguments);
        assert_eq!((found, zip), (Some(code), None), "{errors}");
        assert!(errors.contains(words), "{errors}");
    }
}

#[test]
fn every_help_has_examples_and_exit_codes() {
    for arguments in [
        &["--help"][..],
        &["synth", "--help"],
        &["local", "--help"],
        &["package", "--help"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_iac"))
            .args(arguments)
            .output()
            .expect("iac starts");
        let help = String::from_utf8_lossy(&output.stdout);
        for part in ["Examples:\n  iac ", "Exit codes:"] {
            assert!(help.contains(part), "{arguments:?}: {help}");
        }
    }
}
