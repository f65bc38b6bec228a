//! What of a picture is missing.

use crate::Error;
use crate::header::Header;

/// What to do with a picture that is not whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Gray instead of an error where data are missing or broken. [`Outcome`] says how much was there.
    pub allow_truncated: bool,
}

/// How a decoded picture turned out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// How much of the picture was there, 0 to 1; 1 unless [`Options::allow_truncated`] is set.
    pub share: f64,
}

/// Counts blocks.
#[derive(Debug)]
pub(crate) struct Damage {
    allowed: bool,
    total: u64,
    done: u64,
}

impl Damage {
    pub(crate) fn new(header: &Header<'_>, options: Options) -> Self {
        Self {
            allowed: options.allow_truncated,
            total: header.block_visits.max(1),
            done: 0,
        }
    }

    /// Counts blocks that were there.
    pub(crate) fn done(&mut self, blocks: u64) {
        self.done += blocks;
    }

    /// Counts blocks that were not there, and no scan's header either.
    pub(crate) fn without_scan(&mut self, blocks: u64) -> Result<(), Error> {
        self.total += blocks;
        self.truncated()
    }

    /// Fails unless parts of the picture may be missing.
    pub(crate) fn truncated(&self) -> Result<(), Error> {
        let share = self.outcome().share;
        self.unless_allowed(Error::Truncated { share })
    }

    pub(crate) fn unless_allowed(&self, error: Error) -> Result<(), Error> {
        if self.allowed { Ok(()) } else { Err(error) }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        Outcome {
            share: self.done as f64 / self.total as f64,
        }
    }
}
