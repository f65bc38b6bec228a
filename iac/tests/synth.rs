//! `iac synth` as a person runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

fn iac(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iac"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("iac runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn written() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    assert_eq!(code(&iac(folder.path(), &["synth"])), 0);
    folder
}

#[test]
fn the_committed_files_are_what_the_code_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = iac(&root, &["synth", "--check"]);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
}

#[test]
fn it_finds_generated_from_any_folder_of_the_project() {
    let output = iac(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cfn"),
        &["synth", "--check"],
    );
    assert_eq!(code(&output), 0, "{}", stdout(&output));
}

#[test]
fn it_writes_each_stack_s_files_and_the_same_bytes_again() {
    let folder = written();
    let path = |name: &str| folder.path().join("generated/resize-api").join(name);
    let names = [
        "template.yaml",
        "state-machine.asl.json",
        "backfill.asl.json",
        "openapi.json",
        "deployer-policy.json",
        "operator-policy.json",
        "graph.mmd",
        "graph.svg",
    ];
    let first = names.map(|name| fs::read_to_string(path(name)).expect("a file"));
    assert!(
        first[0].starts_with("# Made by `cargo run -p iac -- synth resize-api`."),
        "{}",
        first[0].lines().next().unwrap_or_default()
    );
    let output = iac(folder.path(), &["synth", "resize-api"]);
    assert_eq!(
        stdout(&output).matches("unchanged").count(),
        names.len(),
        "{}",
        stdout(&output)
    );
    assert_eq!(
        first,
        names.map(|name| fs::read_to_string(path(name)).expect("a file"))
    );
    let files = fs::read_dir(folder.path().join("generated/resize-api")).expect("a folder");
    assert_eq!(files.count(), names.len(), "something else was left behind");
}

#[test]
fn it_says_aloud_that_the_endpoint_is_open() {
    let output = iac(TempDir::new().expect("a folder").path(), &["synth"]);
    assert!(
        stdout(&output)
            .contains("open-endpoint: anyone on the internet can call the API (auth = none)")
    );
}

#[test]
fn check_shows_a_diff_writes_nothing_and_exits_with_1() {
    let folder = written();
    let template = folder.path().join("generated/resize-api/template.yaml");
    let edited = fs::read_to_string(&template)
        .unwrap()
        .replace("s3:GetObject", "s3:GetObjectAcl");
    fs::write(&template, &edited).unwrap();
    fs::remove_file(folder.path().join("generated/resize-api/openapi.json")).unwrap();
    fs::write(folder.path().join("generated/left-over.txt"), "x").unwrap();

    let output = iac(folder.path(), &["synth", "--check"]);
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    assert!(
        text.contains("-                  - s3:GetObjectAcl\n+                  - s3:GetObject\n"),
        "{text}"
    );
    assert!(
        text.contains("MISSING    generated/resize-api/openapi.json"),
        "{text}"
    );
    assert!(
        text.contains("UNEXPECTED   generated/left-over.txt"),
        "{text}"
    );
    assert!(text.contains("run `cargo run -p iac -- synth`"), "{text}");
    assert_eq!(fs::read_to_string(&template).unwrap(), edited);
    assert!(
        !folder
            .path()
            .join("generated/resize-api/openapi.json")
            .exists()
    );

    // The left-over is not in the folder of the stack that is named.
    assert_eq!(code(&iac(folder.path(), &["synth"])), 0);
    assert_eq!(
        code(&iac(folder.path(), &["synth", "--check", "resize-api"])),
        0
    );
    assert_eq!(code(&iac(folder.path(), &["synth", "--check"])), 1);
}

#[test]
fn json_says_the_same_to_a_program() {
    let folder = written();
    fs::write(
        folder.path().join("generated/resize-api/openapi.json"),
        "{}\n",
    )
    .unwrap();
    let output = iac(folder.path(), &["synth", "--check", "--format", "json"]);
    assert_eq!(code(&output), 1);
    let report: Json = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(report["check"], true);
    assert_eq!(report["up_to_date"], false);
    let files = report["stacks"][0]["files"].as_array().unwrap();
    let status = |path: &str| {
        files
            .iter()
            .find(|file| file["path"] == path)
            .map(|file| file["status"].clone())
            .unwrap()
    };
    assert_eq!(status("resize-api/openapi.json"), "different");
    assert_eq!(status("resize-api/template.yaml"), "unchanged");
    assert_eq!(report["stacks"][0]["notes"][0]["id"], "open-endpoint");
}

#[test]
fn an_unknown_stack_or_option_exits_with_2_and_names_the_way_out() {
    let folder = TempDir::new().expect("a folder");
    let output = iac(folder.path(), &["synth", "resize-apu"]);
    assert_eq!(code(&output), 2);
    assert_eq!(
        stderr(&output),
        "error: there is no stack `resize-apu`; there is resize-api, upload-events, upload-metadata, single-bucket, bootstrap\n"
    );
    let output = iac(folder.path(), &["synth", "--chekc"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--check"), "{}", stderr(&output));
}

#[test]
fn a_file_that_cannot_be_written_exits_with_4_and_tells_the_cause() {
    let folder = TempDir::new().expect("a folder");
    fs::write(
        folder.path().join("generated"),
        "a file where the folder should be",
    )
    .unwrap();
    let output = iac(folder.path(), &["synth"]);
    assert_eq!(code(&output), 4);
    let text = stderr(&output);
    assert!(text.starts_with("error: cannot "), "{text}");
    assert!(
        text.contains("generated/resize-api/template.yaml"),
        "{text}"
    );
    assert!(text.contains("  caused by: "), "{text}");
}

#[test]
fn help_has_examples_and_exit_codes() {
    let folder = TempDir::new().expect("a folder");
    for arguments in [&["--help"][..], &["synth", "--help"]] {
        let output = iac(folder.path(), arguments);
        assert_eq!(code(&output), 0);
        assert!(
            stdout(&output).contains("Exit codes"),
            "{}",
            stdout(&output)
        );
    }
    assert!(stdout(&iac(folder.path(), &["synth", "--help"])).contains("Examples:"));
}

#[test]
fn several_at_once_do_not_take_each_others_files() {
    let folder = TempDir::new().expect("a folder");
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_iac"))
            .arg("synth")
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("iac runs")
    };
    for mut child in [(); 8].map(|()| start()) {
        assert!(child.wait().expect("iac ends").success());
    }
    assert_eq!(code(&iac(folder.path(), &["synth", "--check"])), 0);
}

/// Whatever its arguments are: the answer is what is missing.
#[cfg(not(any(feature = "aws", feature = "local")))]
#[test]
fn a_command_that_is_not_built_says_how_to_build_it() {
    for (command, feature) in [
        ("backfill", "aws"),
        ("redrive", "aws"),
        ("plan", "aws"),
        ("deploy", "aws"),
        ("diff", "aws"),
        ("local", "local"),
        ("build", "build"),
    ] {
        let output = iac(Path::new("."), &[command, "--stack", "x", "--help"]);
        assert_eq!(code(&output), 2);
        let errors = String::from_utf8_lossy(&output.stderr);
        let build = format!("cargo run -p iac --features {feature} -- {command}");
        assert!(errors.contains(&build), "{errors}");
    }
}
