//! Why there are no figures.

use std::io;
use std::path::PathBuf;

/// A benchmark that cannot be carried out. The display says what to do next; the cause is kept as the source.
/// An engine that refuses an image is no such error: that is a result, and told as one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// A file cannot be read.
    #[error("cannot read {}: run `make bench`, which fetches and builds what is missing", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: check the folder's permissions and the space on the disk", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The list of images is none.
    #[error("{} is no list of images: remove it and run `make bench`", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// An image changed since it was made.
    #[error("{} has the SHA-256 {found}, and {listed} when it was made: remove {} and run `make bench`", path.display(), list.display())]
    Changed {
        /// The image.
        path: PathBuf,
        /// Its hash.
        found: String,
        /// Its hash in the list.
        listed: String,
        /// The list.
        list: PathBuf,
    },
    /// No row has such a name.
    #[error(
        "no row has {0:?} in its name: there are speed/jpeg-420-12mp, memory/png-108mp, quality/path and \
         their like, function/108mp, start and zip"
    )]
    NoRow(String),
    /// A program cannot be started.
    #[error("cannot run {program}: run `make bench`, which installs what is missing")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program failed.
    #[error("{program} failed: {said}")]
    Failed {
        /// The program and what it was told to do.
        program: String,
        /// What it wrote to standard error.
        said: String,
    },
    /// A program's answer is not the JSON that was agreed on.
    #[error("{program} answered {said:?}")]
    Answer {
        /// The program.
        program: String,
        /// Its answer.
        said: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A picture cannot be decoded to compare it.
    #[error("{} cannot be decoded to compare it: {said}", path.display())]
    Decode {
        /// The picture's file.
        path: PathBuf,
        /// What the decoder said.
        said: String,
    },
    /// There is no port to listen on.
    #[error("cannot listen on 127.0.0.1: {0}")]
    Listen(Box<dyn std::error::Error + Send + Sync>),
}

impl BenchError {
    /// The process's exit code, as `bench --help` has it.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoRow(_) => 2,
            Self::Read { .. }
            | Self::Write { .. }
            | Self::List { .. }
            | Self::Changed { .. }
            | Self::Decode { .. }
            | Self::Listen(_) => 4,
            Self::Start { .. } | Self::Failed { .. } | Self::Answer { .. } => 5,
        }
    }
}
