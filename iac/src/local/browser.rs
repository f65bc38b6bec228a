//! The person's browser.

use std::process::{Command, Stdio};

use super::Reporter;

/// Opens a page, if a person is there to see it. The address was told: nothing is lost if this machine
/// cannot open it.
pub fn open(url: &str, reporter: &Reporter) {
    if !reporter.is_read_by_a_person() {
        return;
    }
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        reporter.progress(&format!("{opener} is not there: open {url} yourself"));
    }
}
