//! The engine's process group, which ends with this program.

use std::fs::File;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

use super::EngineError;
use super::access::Access;

/// A running engine and the functions it started. Dropping it ends them all.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
}

impl Process {
    /// Starts `MiniStack` with nothing of this program's environment: no credentials, no home, no proxy.
    pub(super) fn start(
        python: &Path,
        directory: &Path,
        log: &Path,
        access: &Access,
    ) -> Result<Self, EngineError> {
        use std::os::unix::process::CommandExt as _;

        let output = File::create(log).map_err(EngineError::Directory)?;
        let errors = output.try_clone().map_err(EngineError::Directory)?;
        let child = Command::new(python)
            .args(["-I", "-c", include_str!("launch.py")])
            .current_dir(directory)
            .env_clear()
            .envs([
                ("PATH", "/usr/local/bin:/usr/bin:/bin"),
                ("LANG", "C.UTF-8"),
                ("AUTH", "true"),
                ("BIND_HOST", "127.0.0.1"),
                // AWS waits a minute before it tries a failed event again; here a person waits for it.
                ("LAMBDA_ASYNC_RETRY_BASE_SECONDS", "0.2"),
            ])
            .env("HOME", directory)
            .env("TMPDIR", directory)
            .env("STATE_DIR", directory.join("state"))
            .env("GATEWAY_PORT", access.port.to_string())
            // Without it a function's SDK would call the real AWS.
            .env("AWS_ENDPOINT_URL", access.endpoint())
            .env("AWS_ACCESS_KEY_ID", access.credentials.access_key_id())
            .env(
                "AWS_SECRET_ACCESS_KEY",
                access.credentials.secret_access_key(),
            )
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(|source| EngineError::Python {
                path: python.to_owned(),
                source,
            })?;
        Ok(Self { child })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The state is temporary, so there is nothing to end gently. Errors mean that it is gone already.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Whether something answers on a port of this machine.
pub(super) fn is_in_use(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}
