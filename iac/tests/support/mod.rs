//! What tests share: the tools they run, and what to do when one is missing.

use std::io::Write as _;
use std::path::PathBuf;

/// Says that a test did not run and why, past the test harness, which keeps to itself what a passing
/// test prints. In CI a test that cannot run is a failure.
pub(crate) fn skip(test: &str, why: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{test} cannot run, and in CI it must: {why}"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}

/// A file of the project.
pub(crate) fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}
