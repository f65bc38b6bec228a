//! Why there is no engine.

use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use super::MINISTACK_VERSION;

/// Why the engine does not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// No Python at the path.
    #[error(
        "there is no Python at {}; run `make venv` (or `python3 -m venv .venv && .venv/bin/pip install \
         ministack=={MINISTACK_VERSION}`), or name another one with --python", .0.display()
    )]
    NoPython(PathBuf),
    /// Python does not start.
    #[error("{} does not start as Python", path.display())]
    Python {
        /// The interpreter.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Python does not answer.
    #[error("{} did not tell its version of ministack within {seconds} s; is it a Python? --python takes one", path.display())]
    PythonHangs {
        /// The interpreter.
        path: PathBuf,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Python has no `MiniStack`.
    #[error(
        "{} has no ministack; install it with `{} -m pip install ministack=={MINISTACK_VERSION}`",
        .0.display(), .0.display()
    )]
    NoMiniStack(PathBuf),
    /// Another `MiniStack` than the tested one.
    #[error(
        "{} has ministack {found}, but {MINISTACK_VERSION} is the tested one; install it with \
         `{} -m pip install ministack=={MINISTACK_VERSION}`", path.display(), path.display()
    )]
    WrongVersion {
        /// The interpreter.
        path: PathBuf,
        /// The version it has.
        found: String,
    },
    /// The port for the engine is taken.
    #[error(
        "port {0} for the engine is in use; choose another one with --engine-port, or leave the option out to take a free one"
    )]
    PortInUse(u16),
    /// A file or directory for the engine cannot be made.
    #[error("cannot set up a directory for the engine")]
    Directory(#[source] std::io::Error),
    /// The engine ended by itself.
    #[error("the engine ended ({status}): {said}; its log is {}", log.display())]
    Ended {
        /// How it ended.
        status: std::process::ExitStatus,
        /// Its last words.
        said: String,
        /// Its log.
        log: PathBuf,
    },
    /// The engine does not answer.
    #[error("the engine did not answer within {seconds} s; its log is {}", log.display())]
    Timeout {
        /// How long it was waited for.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },
    /// The engine can be reached from other machines.
    #[error("the engine listens on {0}, where other machines may reach it; it was stopped")]
    NotLoopback(SocketAddr),
}
