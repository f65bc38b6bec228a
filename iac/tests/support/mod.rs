//! What a test does when something that it needs is missing.

use std::io::Write as _;

/// Says that a test did not run and why, past the test harness, which keeps to itself what a passing
/// test prints. In CI a test that cannot run is a failure.
pub(crate) fn skip(test: &str, why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{test} cannot run, and in CI it must: {why}"
    );
    // The harness may be in the middle of a line.
    let _ = std::io::stderr().write_all(format!("\nSKIPPED: {test}: {why}\n").as_bytes());
}
