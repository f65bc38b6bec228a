//! What a worker is asked and answers, through its standard input and output: a line of JSON, and then bytes.

use std::io;
use std::process::ExitStatus;

use serde::{Deserialize, Serialize};
use serde_json::Deserializer;

use super::LONGEST;
use crate::engine::{EngineError, Options, Output, Resized};

/// What is to be done with the file that follows.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) outputs: Vec<Output>,
    pub(super) options: Options,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// A panic, which may or may not end the process.
    Panicked(String),
    /// There is no result.
    Refused(Refusal),
    /// The results' files follow, and these are their lengths.
    Done {
        resized: Resized,
        lengths: Vec<usize>,
    },
}

/// An [`EngineError`] with its causes in its text.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Refusal {
    Unsupported(String),
    TooLarge(String),
    Corrupt(String),
    Panicked(String),
    Encode(String),
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Unsupported(text) => Self::Unsupported(text),
            EngineError::TooLarge(text) => Self::TooLarge(text),
            EngineError::Corrupt { .. } => Self::Corrupt(error.chain()),
            EngineError::Panicked(text) | EngineError::Ended(text) => Self::Panicked(text),
            EngineError::Encode(cause) => Self::Encode(cause.to_string()),
            EngineError::Worker(cause) => Self::Encode(cause.to_string()),
        }
    }
}

impl From<Refusal> for EngineError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unsupported(text) => Self::Unsupported(text),
            Refusal::TooLarge(text) => Self::TooLarge(text),
            Refusal::Corrupt(what) => Self::Corrupt { what, cause: None },
            Refusal::Panicked(text) => Self::Panicked(text),
            Refusal::Encode(text) => Self::Encode(text.into()),
        }
    }
}

impl Job {
    /// The job, and the file.
    pub(super) fn read(question: &[u8]) -> io::Result<(Self, &[u8])> {
        let end = question.iter().position(|&byte| byte == b'\n');
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok((
            serde_json::from_slice(&question[..end])?,
            &question[end + 1..],
        ))
    }
}

/// A job or an answer in a line: JSON has no line feed but between its parts, and none there in this form.
pub(super) fn line(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}

/// What the answer of a worker means that has ended so.
///
/// # Errors
///
/// What it refused, or that it ended before it could say so.
pub(super) fn understood(answer: &[u8], status: ExitStatus) -> Result<Resized, EngineError> {
    let mut messages = Deserializer::from_slice(answer).into_iter::<Answer>();
    let mut panic = None;
    while let Some(Ok(message)) = messages.next() {
        match message {
            // A second one says that the first could not be caught.
            Answer::Panicked(text) => panic = panic.or(Some(text)),
            Answer::Refused(refusal) => return Err(refusal.into()),
            Answer::Done { resized, lengths } => {
                let files = answer.get(messages.byte_offset() + 1..).unwrap_or_default();
                return with_files(resized, &lengths, files).ok_or_else(|| ended(status));
            }
        }
    }
    Err(panic.map_or_else(|| ended(status), EngineError::Panicked))
}

/// What it means that a worker has ended so, without a word.
#[cfg(unix)]
fn ended(status: ExitStatus) -> EngineError {
    use std::os::unix::process::ExitStatusExt as _;

    // <https://man7.org/linux/man-pages/man7/signal.7.html>
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    match status.signal() {
        // Rust's way to end where there is no memory, and the kernel's.
        Some(SIGABRT | SIGKILL) => EngineError::TooLarge(format!(
            "the image takes more memory to decode than there is: its process ended by {status}"
        )),
        Some(SIGXCPU) => too_slow(),
        Some(_) => EngineError::Ended(status.to_string()),
        None => silent(status),
    }
}

#[cfg(not(unix))]
fn ended(status: ExitStatus) -> EngineError {
    silent(status)
}

/// It could not even hear what it was asked.
fn silent(status: ExitStatus) -> EngineError {
    EngineError::Worker(io::Error::other(format!("it ended with {status}")))
}

/// A worker that worked for [`LONGEST`].
pub(super) fn too_slow() -> EngineError {
    let seconds = LONGEST.as_secs();
    EngineError::TooLarge(format!("the image takes more than {seconds} s to decode"))
}

/// Nothing if some are missing.
fn with_files(mut resized: Resized, lengths: &[usize], mut files: &[u8]) -> Option<Resized> {
    if lengths.len() != resized.results.len() {
        return None;
    }
    for (result, &length) in resized.results.iter_mut().zip(lengths) {
        let (file, rest) = files.split_at_checked(length)?;
        file.clone_into(&mut result.bytes);
        files = rest;
    }
    Some(resized)
}
