//! What is decoded in a process of its own: the real `thumbnail` process, and the worker it starts.
#![cfg(target_os = "linux")]

#[path = "worker/processes.rs"]
mod processes;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use lambda::engine::{self, Options};
use processes::{signal, worker_of};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 24 megapixels, which are decoded for so long that a test can look on.
const LARGE: &[u8] = include_bytes!("worker/24-megapixels.avif");
const SMALL: &[u8] = include_bytes!("../fuzz/seeds/avif/alpha");

fn folder(source: &[u8]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("in.avif"), source).expect("written");
    folder
}

fn thumbnail(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thumbnail"));
    command.args(["--json", "in.avif", "out"]);
    command.current_dir(folder).stdout(Stdio::piped());
    command
}

/// The one line there is, with nothing written.
#[track_caller]
fn refused(folder: &Path, output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.join("out").exists());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A worker that a signal ends is an error of this name that says so.
#[track_caller]
fn ended_by(name: &str, error: &str, said: &str) {
    let folder = folder(LARGE);
    let process = thumbnail(folder.path()).spawn().expect("it starts");
    signal(name, &worker_of(process.id()));
    let output = process.wait_with_output().expect("it ends");
    let refusal = refused(folder.path(), &output);
    assert_eq!(refusal["error"], error);
    let message = refusal["message"].as_str().expect("a text");
    assert!(message.contains(said), "{message}");
}

#[test]
fn the_result_is_the_engines_own() {
    let folder = folder(SMALL);
    let output = thumbnail(folder.path()).output().expect("it starts");
    assert!(output.status.success());
    let found = fs::read(folder.path().join("out")).expect("written");
    let expected = engine::resize(SMALL, &[engine::Output::default()], &Options::default());
    assert_eq!(found, expected.expect("valid").results[0].bytes);
}

#[test]
fn a_refusal_is_the_engines_own() {
    let cut = &SMALL[..SMALL.len() - 9];
    let folder = folder(cut);
    let output = thumbnail(folder.path()).output().expect("it starts");
    let error = engine::resize(cut, &[engine::Output::default()], &Options::default());
    let error = error.expect_err("cut");
    let message = format!("in.avif: {}", error.chain());
    assert_eq!(
        refused(folder.path(), &output),
        json!({ "ok": false, "error": error.name().as_str(), "message": message })
    );
}

#[test]
fn a_worker_has_no_secrets_and_its_bounds() {
    let folder = folder(LARGE);
    let mut command = thumbnail(folder.path());
    command.env("AWS_SECRET_ACCESS_KEY", "secret");
    let process = command.spawn().expect("it starts");
    // It is found by all that is in its environment.
    let worker = worker_of(process.id());
    let limits = || fs::read_to_string(format!("/proc/{worker}/limits")).expect("it runs");
    let limit = |name: &str| {
        let limits = limits();
        let line = limits.lines().find(|line| line.starts_with(name));
        let fields = line.expect("a limit")[name.len()..].split_whitespace();
        fields.take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    // One and a half times 400 MiB, twelve bytes for a result's pixel, twice the file, and 128 MiB, once it has
    // read its job.
    let expected = (((600 + 128) << 20) + 12 * 720 * 720 + 2 * LARGE.len()).to_string();
    let started = Instant::now();
    while limit("Max address space") != [&*expected, &*expected] {
        assert!(started.elapsed() < Duration::from_secs(4), "{}", limits());
        sleep(Duration::from_millis(5));
    }
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max cpu time"), ["20", "20"]);
    signal("KILL", &worker);
    process.wait_with_output().expect("it ends");
}

#[test]
fn a_worker_that_is_ended_is_an_error_and_no_end() {
    ended_by("KILL", "ImageTooLarge", "SIGKILL");
}

#[test]
fn a_decoder_that_gets_no_memory_ends_its_worker_alone() {
    let folder = folder(LARGE);
    let program = thumbnail(folder.path());
    let mut command = Command::new("sh");
    // Enough for the program, and too little for the picture's planes.
    command.args(["-c", "ulimit -v 57344; exec \"$0\" \"$@\""]);
    command.arg(program.get_program()).args(program.get_args());
    let output = command.current_dir(folder.path()).output().expect("sh");
    let refusal = refused(folder.path(), &output);
    assert_eq!(refusal["error"], "ImageTooLarge", "{refusal}");
    let message = refusal["message"].as_str().expect("a text");
    assert!(message.contains("SIGABRT"), "{message}");
}

#[test]
fn a_decoder_that_takes_too_long_is_ended() {
    ended_by("XCPU", "ImageTooLarge", "20 s");
}

#[test]
fn a_decoder_that_does_what_no_program_may_is_ended() {
    ended_by("ILL", "CorruptImage", "SIGILL");
}

#[test]
fn large_results_have_their_memory() {
    let folder = folder(SMALL);
    let mut command = thumbnail(folder.path());
    command.args(["--fit", "contain", "--format", "jpeg"]);
    command.args(["--max-width", "10000", "--max-height", "10000"]);
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
}
