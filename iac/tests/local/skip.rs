//! What a test does that cannot run on this machine.

use std::io::Write as _;

/// Says so past the test harness, which keeps what a passing test prints; fails in CI, where every test
/// must run.
pub(crate) fn skip(what: &str, missing: &str) {
    assert!(
        std::env::var_os("CI").is_none(),
        "{what} cannot run, and in CI it must: {missing}"
    );
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}: {missing}");
}
