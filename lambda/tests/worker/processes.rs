//! Processes that a program has started, as Linux tells of them.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// All that a worker knows of where it runs.
const ENVIRONMENT: &[u8] = b"RESIZE_WORKER=1\0";

/// The worker of a process, once it is one: between fork and exec it has what its parent has.
pub(crate) fn worker_of(id: u32) -> String {
    let path = format!("/proc/{id}/task/{id}/children");
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(20) {
        let children = fs::read_to_string(&path).unwrap_or_default();
        let environment = |child: &&str| fs::read(format!("/proc/{child}/environ"));
        let mut children = children.split_whitespace();
        if let Some(child) = children.find(|it| environment(it).is_ok_and(|it| it == ENVIRONMENT)) {
            return child.to_owned();
        }
        sleep(Duration::from_millis(5));
    }
    panic!("{id} starts no worker");
}

/// Sends a process a signal: `KILL` is how the kernel ends one when memory runs out.
pub(crate) fn signal(name: &str, id: &str) {
    let status = Command::new("kill").args(["-s", name, id]).status();
    assert!(status.expect("kill is there").success(), "{id}");
}
