//! What of a picture is missing.

use crate::Error;

/// What to do with a picture that is not whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Gray instead of an error where data are missing or broken. [`Outcome`] says how much was there.
    pub allow_truncated: bool,
}

/// How a decoded picture turned out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// How much of the picture was there, as [`Error::Truncated`] counts it; 1 unless
    /// [`Options::allow_truncated`] is set.
    pub share: f64,
}

/// Counts what is there, scan by scan.
#[derive(Debug)]
pub(crate) struct Damage {
    allowed: bool,
    /// What all scans bring.
    total: f64,
    /// What the scans before the present one brought.
    before: f64,
    /// What the present one brings if all its MCUs are there.
    weight: f64,
    mcus: f64,
    done: u64,
}

impl Damage {
    /// For a picture whose scans bring so much in all.
    pub(crate) fn new(total: u64, options: Options) -> Self {
        Self {
            allowed: options.allow_truncated,
            total: total.max(1) as f64,
            before: 0.0,
            weight: 0.0,
            mcus: 1.0,
            done: 0,
        }
    }

    /// Goes to the next scan, which brings `weight` with so many MCUs.
    pub(crate) fn scan(&mut self, weight: u64, mcus: (usize, usize)) {
        self.before = self.sum();
        self.weight = weight as f64;
        self.mcus = mcus.0 as f64 * mcus.1 as f64;
        self.done = 0;
    }

    /// Counts MCUs of the present scan that were there.
    pub(crate) fn done(&mut self, mcus: usize) {
        self.done += mcus as u64;
    }

    /// Counts a scan that was left out and is whole.
    pub(crate) fn left_out(&mut self, weight: u64) {
        self.before += weight as f64;
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
            share: self.sum() / self.total,
        }
    }

    /// Whole numbers but for a scan of which a part is there, so that all of them make the total.
    fn sum(&self) -> f64 {
        self.before + self.weight * (self.done as f64 / self.mcus)
    }
}
