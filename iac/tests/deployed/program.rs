//! `iac` as a process, with the environment of someone who works with AWS.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use iac::local::engine::{Access, REGION};
use serde_json::Value;

/// How a process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) errors: String,
}

impl Ended {
    /// The event of a name on standard output.
    pub(crate) fn event(&self, name: &str) -> Value {
        let mut events = self.out.lines().map(|line| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))
        });
        events
            .find(|event| event["event"] == name)
            .unwrap_or_else(|| panic!("no event {name}: {self:?}"))
    }
}

/// `iac` with nothing of this process's environment.
pub(crate) fn bare(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac"));
    command
        .args(arguments)
        .env_clear()
        // No ~/.aws, and no metadata service of some machine in a cloud.
        .env("HOME", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(Stdio::null());
    command
}

/// `iac` as someone who may do everything in an engine.
pub(crate) fn signed_in(arguments: &[&str], access: &Access) -> Command {
    let mut command = bare(arguments);
    command
        .env("AWS_ENDPOINT_URL", access.endpoint())
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", access.credentials.access_key_id())
        .env(
            "AWS_SECRET_ACCESS_KEY",
            access.credentials.secret_access_key(),
        );
    command
}

/// Runs to the end.
pub(crate) fn run(mut command: Command) -> Ended {
    let output = command.output().expect("iac starts");
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        errors: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A process that runs, and what it said.
pub(crate) struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    /// Starts it and waits for an event.
    pub(crate) fn until(mut command: Command, name: &str) -> (Self, Value) {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("iac starts");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut running = Self { child, lines };
        let event = running.next(name);
        (running, event)
    }

    /// Waits for the next event of a name.
    pub(crate) fn next(&mut self, name: &str) -> Value {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).expect("text");
            assert!(read > 0, "no event {name}: {:?}", self.wait());
            let event: Value = serde_json::from_str(&line).expect("JSON");
            if event["event"] == name {
                return event;
            }
        }
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn end(&mut self, signal: &str) -> Ended {
        let sent = Command::new("kill")
            .args(["-s", signal, &self.child.id().to_string()])
            .status();
        assert!(sent.expect("kill").success());
        self.wait()
    }

    /// Waits for the end.
    pub(crate) fn wait(&mut self) -> Ended {
        let status = self.child.wait().expect("ended");
        let (mut out, mut errors) = (String::new(), String::new());
        self.lines.read_to_string(&mut out).expect("text");
        let mut stderr = self.child.stderr.take().expect("piped");
        stderr.read_to_string(&mut errors).expect("text");
        Ended {
            code: status.code(),
            out,
            errors,
        }
    }
}

impl Drop for Running {
    /// A test that fails must not leave it running.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
