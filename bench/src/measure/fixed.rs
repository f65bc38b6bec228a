//! What does not depend on the peers: the function's memory, its start, its zip.

use std::path::Path;

use serde::Serialize;

use super::memory::megabytes;
use super::{Bench, progress};
use crate::error::BenchError;
use crate::function;
use crate::promises::{FUNCTION_MB, START_MS, ZIP_MB};
use crate::spread::Spread;
use crate::verdict::{Limit, Verdicts};

/// Starts that are measured for each round.
const STARTS: u32 = 4;

/// One figure of the function, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fixed {
    /// The row's name.
    pub name: &'static str,
    /// What was measured.
    pub title: &'static str,
    /// The figure, in the unit.
    pub figure: Option<Spread>,
    /// `MB` or `ms`.
    pub unit: &'static str,
    /// Why there is no figure: what is missing on this machine, or what the function failed with.
    pub why: Option<String>,
    /// By the median.
    pub verdicts: Verdicts,
}

impl Fixed {
    fn new(name: &'static str, title: &'static str, unit: &'static str) -> Self {
        Self {
            name,
            title,
            figure: None,
            unit,
            why: None,
            verdicts: Verdicts::UNKNOWN,
        }
    }

    fn unknown(mut self, why: String) -> Self {
        self.why = Some(why);
        self
    }

    fn failed(mut self, why: String) -> Self {
        self.why = Some(why);
        self.verdicts = Verdicts::FAILED;
        self
    }

    fn measured(mut self, figures: &[f64], limit: Limit) -> Self {
        self.figure = Spread::of(figures);
        if let Some(figure) = self.figure {
            self.verdicts = limit.judge(figure.median);
        }
        self
    }
}

/// All memory of the function as it is deployed, with the largest image.
pub(super) fn function(bench: &Bench) -> Result<Option<Fixed>, BenchError> {
    let row = Fixed::new("function/108mp", "the function with a JPEG of 108 MP", "MB");
    if !bench.wants(row.name) {
        return Ok(None);
    }
    if !bench.function.exists() {
        return Ok(Some(row.unknown(not_built(&bench.function))));
    }
    progress(row.name);
    let (_, path) = bench.images.image("108mp-420.jpg")?;
    let image = std::fs::read(&path).map_err(|source| BenchError::Read { path, source })?;
    let invocation = function::invoke(&bench.function, image)?;
    Ok(Some(match (invocation.refused, invocation.peak_kib) {
        (Some(why), _) => row.failed(why),
        (None, Some(kib)) => row.measured(&[lambda_megabytes(kib)], FUNCTION_MB),
        (None, None) => row.unknown(NO_PROC.to_owned()),
    }))
}

/// CPU from the start of the function to its first question for an event.
pub(super) fn start(bench: &Bench) -> Result<Option<Fixed>, BenchError> {
    let row = Fixed::new("start", "the function's start, CPU", "ms");
    if !bench.wants(row.name) {
        return Ok(None);
    }
    if !bench.function.exists() {
        return Ok(Some(row.unknown(not_built(&bench.function))));
    }
    progress(row.name);
    let mut starts = Vec::new();
    for _ in 0..bench.rounds * STARTS {
        match function::start_ms(&bench.function)? {
            Some(ms) => starts.push(ms),
            None => return Ok(Some(row.unknown(NO_PROC.to_owned()))),
        }
    }
    Ok(Some(row.measured(&starts, START_MS)))
}

/// Size of the zip that is deployed.
pub(super) fn zip(bench: &Bench) -> Option<Fixed> {
    let row = Fixed::new("zip", "the function's zip for arm64", "MB");
    if !bench.wants(row.name) {
        return None;
    }
    Some(match std::fs::metadata(&bench.zip) {
        Ok(zip) => row.measured(&[megabytes(zip.len())], ZIP_MB),
        Err(error) => row.unknown(format!(
            "{}: {error}; `make build` makes it",
            bench.zip.display()
        )),
    })
}

const NO_PROC: &str = "this system has no /proc that tells";

fn not_built(function: &Path) -> String {
    format!(
        "{} is not there; `cargo build --release -p lambda --bin resize-image` builds it",
        function.display()
    )
}

/// Lambda's MB.
#[expect(clippy::cast_precision_loss, reason = "memory is far below 9 PB")]
fn lambda_megabytes(kib: u64) -> f64 {
    kib as f64 / 1024.0
}
