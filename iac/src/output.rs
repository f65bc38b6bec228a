//! How commands print.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use crate::file_error::FileError;

/// How a command prints its facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
}

/// Prints a command's facts to standard output. Whoever closes it early, as `head` does, has seen
/// enough; that is no error.
///
/// # Errors
/// Standard output that cannot be written.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), FileError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(|source| FileError::Write {
            path: PathBuf::from("standard output"),
            source,
        }),
    }
}
