//! Why there are no executables.

use std::io;
use std::process::ExitStatus;

/// Why the functions could not be compiled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The current folder is in no checkout.
    #[error(
        "there is no project around the current folder: change to a folder of it, or name a folder with \
         executables by --executables"
    )]
    NoProject,
    /// A program is not installed.
    #[error("cannot run `{program}`: {advice}")]
    Missing {
        /// The program.
        program: String,
        /// How it gets here.
        advice: &'static str,
        /// Why it did not start.
        #[source]
        source: io::Error,
    },
    /// A program failed, and said why on standard error.
    #[error("`{command}` failed ({status}); what it said stands above")]
    Failed {
        /// What was typed, as it were.
        command: String,
        /// Its end.
        status: ExitStatus,
    },
    /// A program said something unexpected.
    #[error("cannot make sense of what `{command}` says: {problem}")]
    Answer {
        /// What was typed, as it were.
        command: String,
        /// What is wrong.
        problem: String,
    },
}
