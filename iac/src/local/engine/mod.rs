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

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub use access::{ACCOUNT_ID, Access, AccessError, Answer, REGION};
pub use error::EngineError;

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
    access: Access,
}

impl Engine {
    /// Starts an engine with the Python at `python`, on `port` or any free one.
    ///
    /// # Errors
    /// See [`EngineError`].
    pub async fn start(python: &Path, port: Option<u16>) -> Result<Self, EngineError> {
        let python = python::find(python)?;
        let mut attempt = 1;
        loop {
            let chosen = match port {
                Some(port) if process::is_in_use(port) => return Err(EngineError::PortInUse(port)),
                Some(port) => port,
                None => free_port().map_err(EngineError::Directory)?,
            };
            match Self::start_on(&python, chosen).await {
                Err(EngineError::Ended { .. }) if port.is_none() && attempt < PORT_ATTEMPTS => {
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
            access,
        };
        match engine.wait_until_healthy().await {
            Ok(()) => Ok(engine),
            Err(error) => {
                engine.keep_log();
                Err(error)
            }
        }
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
                    log: self.log.clone(),
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
                log: self.log.clone(),
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

    /// Leaves the directory with the log behind, for someone who looks into a failure.
    pub fn keep_log(&mut self) {
        if let Some(directory) = self.directory.take() {
            let _ = directory.keep();
        }
    }
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
