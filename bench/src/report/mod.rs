//! The figures of a run, and how they are told.

mod machine;
mod promise;
pub mod svg;
#[cfg(test)]
mod tests;
pub mod text;

use serde::Serialize;

use crate::contender::Contender;
use crate::measure::fixed::Fixed;
use crate::measure::memory::Memory;
use crate::measure::photos::Photo;
use crate::measure::speed::Speed;
use crate::verdict::{Verdict, Verdicts};
pub use machine::Machine;
pub use promise::Promise;

/// Everything that was measured in one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// With what.
    pub programs: Vec<Program>,
    /// Times that each program took its turn.
    pub rounds: u32,
    /// CPU.
    pub speed: Vec<Speed>,
    /// Memory.
    pub memory: Vec<Memory>,
    /// Memory of the deployed function.
    pub function: Option<Fixed>,
    /// Quality.
    pub quality: Vec<Photo>,
    /// CPU of the function's start.
    pub start: Option<Fixed>,
    /// Size of the function's zip.
    pub zip: Option<Fixed>,
}

/// A program that was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Program {
    /// Which.
    pub who: Contender,
    /// Its version.
    pub version: String,
    /// What it stands on, and that one's version.
    pub library: String,
}

impl Report {
    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.promises().is_empty()
    }

    /// What was promised of what was asked for, and whether it is held.
    pub fn promises(&self) -> Vec<Promise> {
        promise::of(self)
    }

    /// Whether every `must` that was asked for is held.
    pub fn must(&self) -> Verdict {
        let promises = self.promises();
        let verdicts: Vec<Verdicts> = promises.iter().map(|promise| promise.verdicts).collect();
        Verdicts::all(&verdicts).must
    }
}
