//! Processes that a program has started, as Linux tells of them.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The worker of a process, once there is one.
pub(crate) fn worker_of(id: u32) -> String {
    let path = format!("/proc/{id}/task/{id}/children");
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        let children = fs::read_to_string(&path).unwrap_or_default();
        if let Some(child) = children.split_whitespace().next() {
            return child.to_owned();
        }
        sleep(Duration::from_millis(5));
    }
    panic!("{id} starts no worker");
}

/// Ends it as the kernel does when memory runs out.
pub(crate) fn kill(id: &str) {
    let status = Command::new("kill").args(["-KILL", id]).status();
    assert!(status.expect("kill is there").success(), "{id}");
}
