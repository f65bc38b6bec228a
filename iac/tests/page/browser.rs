//! web/index.html in a headless Chromium, driven by drive.mjs.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// What drive.mjs exits with when the browser or its tools are not there.
const MISSING: i32 = 77;

/// Opens the page, uploads the files and gives what is shown in the end; drive.mjs says what options there
/// are. `Err` with the reason if this machine can't.
pub(crate) fn drive(
    page: &str,
    pictures: &Path,
    files: &[PathBuf],
    options: &[&str],
) -> Result<Json, String> {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page/drive.mjs");
    let output = match Command::new("node")
        .arg(driver)
        .arg(page)
        .arg(pictures)
        .args(files)
        .args(options)
        .output()
    {
        Ok(output) => output,
        Err(error) => return Err(format!("node does not start: {error}")),
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(MISSING) {
        return Err(errors.trim().to_owned());
    }
    assert!(output.status.success(), "{errors}");
    let facts: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    for look in ["light", "dark", "narrow"] {
        let picture = pictures.join(look).with_extension("png");
        let picture = std::fs::read(&picture).expect("a screenshot");
        assert!(picture.starts_with(b"\x89PNG"), "{look}");
    }
    Ok(facts)
}

/// What is true of the page whatever it shows.
pub(crate) fn is_sound(facts: &Json) {
    let none = serde_json::json!([]);
    assert_eq!(facts["errors"], none, "the script throws nothing");
    assert_eq!(facts["refused"], none, "its own policy stops nothing");
    for look in ["light", "dark", "narrow"] {
        assert_eq!(facts["accessibility"][look], none, "{look}");
        assert_eq!(facts["tooWide"][look], false, "{look}");
    }
}
