//! Why a photo does not come back resized.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why a photo does not come back resized.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ResizeError {
    /// The photo cannot be read, or the result not written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A path that names no file.
    #[error("{} names no file that could become a key", .0.display())]
    NoName(PathBuf),
    /// Options for a stack that takes none.
    #[error(
        "{0} resizes whatever is put into its bucket in one way, which its parameters say: ask without --width, \
         --fit and their like, or name a stack whose API takes requests"
    )]
    NoRequests(String),
    /// The API refuses.
    #[error("the API at {url} answers {status}: {body}")]
    Api {
        /// Where it is.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What it says.
        body: String,
    },
    /// The execution failed.
    #[error("the execution ended as {status}: {error}: {cause}")]
    Execution {
        /// `FAILED`, `TIMED_OUT` or `ABORTED`.
        status: String,
        /// The error's name.
        error: String,
        /// What it says.
        cause: String,
    },
    /// An output that names no result.
    #[error("the execution succeeded, and its output names no result: {0}")]
    NoResult(String),
    /// Nothing came of it in time.
    #[error("there is no result of {key} after {limit:?}: {next}")]
    NoEnd {
        /// The original's key.
        key: String,
        /// How long it was waited for.
        limit: Duration,
        /// What to look at.
        next: String,
    },
}

impl ResizeError {
    /// The exit code: 2 options that the stack has not, 4 a file, 5 the API, 6 it was not resized.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoRequests(_) => 2,
            Self::File { .. } | Self::NoName(_) => 4,
            Self::Api { .. } => 5,
            Self::Execution { .. } | Self::NoResult(_) | Self::NoEnd { .. } => 6,
        }
    }
}
