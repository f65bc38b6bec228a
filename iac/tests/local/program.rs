//! The program `iac local` as a process.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;

/// What must not get from a person's environment into the engine or the function.
pub(crate) const CANARY: &str = "canary-of-the-person";

/// `iac local` with a stack that can run, and an environment full of secrets.
pub(crate) fn command(python: &Path, bootstrap: &Path) -> Command {
    let mut command = without_port(python, bootstrap);
    command.args(["--port", "0"]);
    command
}

/// The same on the port that it takes by itself.
pub(crate) fn without_port(python: &Path, bootstrap: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac"));
    command
        .arg("local")
        .current_dir(crate::tools::root())
        .arg("--python")
        .arg(python)
        .arg("--bootstrap")
        .arg(bootstrap)
        .stdin(Stdio::null());
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "HOME",
        "PYTHONPATH",
        "HTTP_PROXY",
    ] {
        command.env(name, CANARY);
    }
    command
}

/// Runs to the end.
pub(crate) fn output(command: &mut Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command.output().expect("iac starts");
    (status.code(), String::from_utf8_lossy(&stderr).into_owned())
}

/// A running `iac local`.
pub(crate) struct Program {
    child: Child,
    lines: BufReader<ChildStdout>,
    pub(crate) engine: u32,
    pub(crate) url: String,
    pub(crate) source_bucket: String,
    /// The event that says where everything is.
    pub(crate) serving: Value,
    pub(crate) log: String,
}

impl Program {
    /// Starts it and waits until it serves.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .args(["--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("iac starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        let started = event(&mut lines, &mut child, "engine-started");
        let serving = event(&mut lines, &mut child, "serving");
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let program = Self {
            engine: started["pid"]
                .as_u64()
                .and_then(|pid| u32::try_from(pid).ok())
                .expect("a pid"),
            log: text(&started["log"]),
            url: text(&serving["url"]),
            source_bucket: text(&serving["sourceBucket"]),
            serving,
            child,
            lines,
        };
        let commands = program.serving["commands"].as_array().expect("commands");
        for command in commands.iter().map(text) {
            assert!(!command.contains("  "), "`{command}` is to be pasted");
        }
        program
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn port(&self) -> u16 {
        self.url
            .split([':', '/'])
            .nth(4)
            .and_then(|port| port.parse().ok())
            .expect("a port")
    }

    /// Waits for an event.
    pub(crate) fn event(&mut self, name: &str) -> Value {
        event(&mut self.lines, &mut self.child, name)
    }

    /// Sends a signal and gives the exit code; none if the signal ended it.
    pub(crate) fn end(&mut self, signal: &str) -> Option<i32> {
        end(&mut self.child, signal)
    }
}

/// Sends a signal and gives the exit code; none if the signal ended the process.
fn end(child: &mut Child, signal: &str) -> Option<i32> {
    let sent = Command::new("kill")
        .args(["-s", signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
    child.wait().expect("ended").code()
}

/// An `iac local` that does not serve yet.
pub(crate) struct Unready {
    child: Child,
    // Kept open: a closed pipe is another thing to test.
    _lines: BufReader<ChildStdout>,
}

impl Unready {
    /// Starts it and waits for an event.
    pub(crate) fn start(mut command: Command, name: &str) -> Self {
        let command = command
            .args(["--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("iac starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        event(&mut lines, &mut child, name);
        Self {
            child,
            _lines: lines,
        }
    }

    /// The processes that it started.
    pub(crate) fn children(&self) -> Vec<u32> {
        let id = self.child.id();
        let list =
            std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        list.split_whitespace()
            .filter_map(|child| child.parse().ok())
            .collect()
    }

    /// Sends a signal and gives the exit code.
    pub(crate) fn end(&mut self, signal: &str) -> Option<i32> {
        end(&mut self.child, signal)
    }
}

impl Drop for Program {
    /// A test that fails must not leave it running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn event(lines: &mut BufReader<ChildStdout>, child: &mut Child, name: &str) -> Value {
    let mut line = String::new();
    loop {
        line.clear();
        if lines.read_line(&mut line).expect("text") == 0 {
            let mut errors = String::new();
            let _ = child
                .stderr
                .take()
                .map(|mut stderr| stderr.read_to_string(&mut errors));
            panic!("no event {name}: {errors}");
        }
        let value: Value = serde_json::from_str(&line).expect("JSON");
        if value["event"] == name {
            return value;
        }
    }
}

/// The processes of a process group that run.
pub(crate) fn group(leader: u32) -> BTreeSet<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // After the name in brackets: state, parent, group.
        let fields: Vec<_> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        fields.get(2) == Some(&leader.to_string().as_str()) && fields.first() != Some(&"Z")
    })
    .collect()
}
