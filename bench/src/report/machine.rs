//! Where a run was.

use std::fs;

use serde::Serialize;

/// The machine, as far as its figures depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The processor's name, where the system tells.
    pub processor: String,
    /// Threads it runs at once.
    pub threads: usize,
    /// Operating system and architecture.
    pub system: String,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let known = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let named = known.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.trim() == "model name").then(|| value.trim().to_owned())
        });
        Self {
            processor: named.unwrap_or_else(|| "a processor without a name".to_owned()),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }
}
