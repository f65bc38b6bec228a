//! What a test does when something that it needs is missing.

use std::io::Write as _;

/// Says that a test did not run and why, past the test harness, which keeps to itself what a passing
/// test prints. In CI a test that cannot run is a failure.
pub(crate) fn skip(test: &str, why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{test} cannot run, and in CI it must: {why}"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}
