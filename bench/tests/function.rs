//! The function as it is deployed, against the benchmark's server.

use std::io::Write as _;
use std::path::PathBuf;

use bench::error::BenchError;
use bench::function::{invoke, start_ms};

/// `RESIZE_IMAGE_BOOTSTRAP`, or what the other tests run, or the release build.
fn function() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let given = std::env::var_os("RESIZE_IMAGE_BOOTSTRAP").map(PathBuf::from);
    let built =
        ["debug", "release"].map(|build| root.join("target").join(build).join("resize-image"));
    let mut found = given.into_iter().chain(built);
    if let Some(found) = found.find(|path| path.is_file()) {
        return Some(found);
    }
    let missing = "no resize-image; `cargo build -p lambda --bin resize-image` builds it";
    // The harness hides what `eprintln` writes.
    let _ = writeln!(
        std::io::stderr(),
        "\nSKIPPED: the function of the benchmark: {missing}"
    );
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    None
}

#[test]
fn its_start_and_its_memory_are_measured() {
    let Some(function) = function() else { return };
    let start = start_ms(&function).expect("it starts").expect("Linux");
    assert!(start > 0.1, "{start} ms: less than any process takes");

    let photo = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/raccoon.jpg"));
    let done = invoke(&function, photo.expect("a photograph")).expect("it answers");
    assert_eq!(done.refused, None);
    assert!(done.peak_kib.expect("Linux") > 2048, "{done:?}");

    let refused = invoke(&function, b"no image".to_vec()).expect("it answers");
    let why = refused.refused.expect("a reason");
    assert!(why.starts_with("UnsupportedFormat: "), "{why}");
}

#[test]
fn a_program_that_is_none_is_told() {
    let missing = start_ms("no/such/function".as_ref()).expect_err("there is none");
    assert!(matches!(missing, BenchError::Start { .. }), "{missing}");
    assert_eq!(missing.exit_code(), 5);
}
