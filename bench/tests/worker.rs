//! The engine's worker as the benchmark runs it: a process of its own that answers with a line of JSON.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn worker(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench"));
    let output = command.arg("worker").args(arguments).output();
    output.expect("the worker starts")
}

fn answer(arguments: &[&str]) -> Value {
    let output = worker(arguments);
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("a line of JSON")
}

fn photo() -> String {
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/raccoon.jpg");
    photo.display().to_string()
}

#[test]
fn one_image_is_resized_and_takes_more_memory_than_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("small.jpg");
    let idle = answer(&["idle"]);
    let once = answer(&["once", &photo(), &out.display().to_string()]);
    assert_eq!(
        (once["width"].as_u64(), once["height"].as_u64()),
        (Some(720), Some(540))
    );
    let written = std::fs::metadata(&out).expect("a result").len();
    assert_eq!(once["bytes"].as_u64(), Some(written));
    let peak = |answer: &Value| answer["peak_kib"].as_u64().expect("Linux");
    assert!(peak(&once) > peak(&idle) + 500, "{once} {idle}");
}

#[test]
fn it_goes_on_until_both_the_time_and_the_number_are_reached() {
    let runs = |seconds, least| {
        let answer = answer(&["repeat", &photo(), seconds, least]);
        let runs = answer["cpu_ms"].as_array().expect("a list").clone();
        let runs: Vec<f64> = runs.iter().filter_map(Value::as_f64).collect();
        assert!(runs.iter().all(|&ms| ms > 0.0), "{runs:?}");
        runs
    };
    assert_eq!(runs("0", "4").len(), 4);
    let longer = runs("0.2", "1");
    assert!(longer.iter().sum::<f64>() >= 200.0, "{longer:?}");
}

#[test]
fn a_refusal_is_an_answer_and_a_missing_file_a_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("a.txt");
    std::fs::write(&text, "no image").expect("a file");
    let refused = answer(&["once", &text.display().to_string()]);
    let why = refused["refused"].as_str().expect("a reason");
    assert!(why.starts_with("UnsupportedFormat: "), "{why}");

    let missing = worker(&["once", "no/such.jpg"]);
    assert_eq!(missing.status.code(), Some(4));
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.starts_with("error: cannot read no/such.jpg"), "{said}");
    assert!(said.contains("because: No such file"), "{said}");
}
