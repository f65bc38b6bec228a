//! Files that cannot be read or written.

use std::io;
use std::path::PathBuf;

/// A file or folder that cannot be read or written. The display says what to do next; the cause is
/// kept as the source.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: check that it is there and that you may read it", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: check the folder's permissions and the space on the disk", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
