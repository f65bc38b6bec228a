//! What the compiler refuses, with the message that a person gets.

mod support;

use std::process::Command;

/// The compiler whose messages are recorded; others word them differently.
const RECORDED_WITH: &str = "rustc 1.95.";

#[test]
fn mistakes_are_compile_errors() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("a compiler that runs");
    let version = String::from_utf8_lossy(&output.stdout);
    if !version.starts_with(RECORDED_WITH) {
        let why = format!("the messages are recorded with {RECORDED_WITH}x, and this is {version}");
        return support::skip("mistakes_are_compile_errors", why.trim());
    }
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
