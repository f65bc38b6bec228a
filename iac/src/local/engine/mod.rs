//! `MiniStack`: a local AWS in a child process, without Docker.
//!
//! It runs CloudFormation, S3, IAM, Step Functions and Lambda for real, the function's `bootstrap` as a
//! process of this machine. It gets an empty environment, its own directory and its own credentials,
//! listens on loopback only, and cannot outlive this program.

mod access;
mod error;
mod listening;
mod process;
mod python;

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub(crate) use access::Call;
pub use access::{ACCOUNT_ID, Access, AccessError, Answer, REGION};
pub use error::EngineError;
pub use listening::addresses_of;

/// The version that everything here was tested with.
pub const MINISTACK_VERSION: &str = "1.5.33";

const START_LIMIT: Duration = Duration::from_mins(1);

/// A free port may be taken between choosing and using it.
const PORT_ATTEMPTS: usize = 3;

/// A running engine; dropping it ends it and removes its directory.
#[derive(Debug)]
pub struct Engine {
    // Before the directory: fields are dropped in order, and the process writes into it.
    process: process::Process,
    directory: Option<TempDir>,
    log: PathBuf,
    log_is_kept: bool,
    access: Access,
}

impl Engine {
    /// Starts an engine with the Python at `python`, on `port` or any free one.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub async fn start(python: &Path, port: Option<u16>) -> Result<Self, EngineError> {
        let python = python::find(python).await?;
        let mut attempt = 1;
        loop {
            let chosen = match port {
                Some(port) if process::is_in_use(port) => return Err(EngineError::PortInUse(port)),
                Some(port) => port,
                None => free_port().map_err(EngineError::Directory)?,
            };
            match Self::start_on(&python, chosen).await {
                Err(EngineError::Ended { log, .. })
                    if port.is_none() && attempt < PORT_ATTEMPTS =>
                {
                    // That of the last attempt is enough.
                    let _ = std::fs::remove_file(log);
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn start_on(python: &Path, port: u16) -> Result<Self, EngineError> {
        let directory = tempfile::Builder::new()
            .prefix("iac-local-")
            .tempdir()
            .map_err(EngineError::Directory)?;
        let log = directory.path().join("engine.log");
        let access = Access::new(port).map_err(EngineError::Directory)?;
        let process = process::Process::start(python, directory.path(), &log, &access)?;
        let mut engine = Self {
            process,
            directory: Some(directory),
            log,
            log_is_kept: false,
            access,
        };
        engine.wait_until_healthy().await.map(|()| engine)
    }

    async fn wait_until_healthy(&mut self) -> Result<(), EngineError> {
        let start = Instant::now();
        loop {
            self.check()?;
            if self
                .access
                .get("/_ministack/health")
                .await
                .is_ok_and(|answer| answer.status.is_success())
            {
                break;
            }
            if start.elapsed() > START_LIMIT {
                return Err(EngineError::Timeout {
                    seconds: START_LIMIT.as_secs(),
                    log: self.keep_log().to_owned(),
                });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // Another program may have answered on the port.
        self.check()?;
        match listening::outside_loopback(self.process.id()) {
            Some(address) => Err(EngineError::NotLoopback(address)),
            None => Ok(()),
        }
    }

    /// Whether the engine still runs.
    ///
    /// # Errors
    /// It ended.
    pub fn check(&mut self) -> Result<(), EngineError> {
        match self.process.ended() {
            Some(status) => Err(EngineError::Ended {
                status,
                said: last_line(&self.log),
                log: self.keep_log().to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// How to talk to it.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Its process, which leads a process group of its own.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Where its log is.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Leaves the log behind, for someone who looks into a failure, and says where. The rest of the
    /// directory goes: it is the function's code, twice.
    pub fn keep_log(&mut self) -> &Path {
        if !self.log_is_kept {
            match copy_of(&self.log) {
                Ok(copy) => self.log = copy,
                // Then it stays where it is.
                Err(_) => drop(self.directory.take().map(TempDir::keep)),
            }
            self.log_is_kept = true;
        }
        &self.log
    }
}

fn copy_of(log: &Path) -> std::io::Result<PathBuf> {
    let mut copy = tempfile::Builder::new()
        .prefix("iac-local-")
        .suffix(".log")
        .tempfile()?;
    std::io::copy(&mut File::open(log)?, &mut copy)?;
    Ok(copy.keep()?.1)
}

/// What the engine said last: of a traceback that is the error.
fn last_line(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.unwrap_or("it said nothing").trim().to_owned()
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
