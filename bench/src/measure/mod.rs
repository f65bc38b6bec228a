//! What is measured, a file each.

pub mod fixed;
pub mod memory;
pub mod photos;
pub mod speed;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use crate::cli::MeasureArgs;
use crate::contender::{Contender, Workers};
use crate::error::BenchError;
use crate::images::Images;
use crate::report::{Machine, Program, Report};

/// What every measurement needs.
#[derive(Debug)]
pub struct Bench {
    /// The images.
    pub images: Images,
    /// The programs.
    pub workers: Workers,
    /// Times that each takes its turn.
    pub rounds: u32,
    /// Seconds of CPU for one turn.
    pub turn: f64,
    /// The deployed function, built for this machine.
    pub function: PathBuf,
    /// Its zip.
    pub zip: PathBuf,
    rows: String,
}

impl Bench {
    /// Whether a row was asked for.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.rows)
    }
}

/// Tells a person at a terminal what is going on.
fn progress(text: &str) {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        // Nobody is left to tell if the terminal is gone.
        let _ = writeln!(terminal, "  {text}");
    }
}

/// Measures all that was asked for.
///
/// # Errors
///
/// Images, peers or the function cannot be used. An engine that refuses an image is a result, and no error.
pub fn measure(arguments: &MeasureArgs) -> Result<Report, BenchError> {
    let bench = Bench {
        images: Images::open(&arguments.folder)?,
        workers: Workers::new(&arguments.folder)?,
        rounds: arguments.rounds,
        turn: arguments.turn,
        function: arguments.function.clone(),
        zip: arguments.zip.clone(),
        rows: arguments.rows.clone(),
    };
    let programs = Contender::ALL
        .into_iter()
        .map(|who| {
            let sample = bench.workers.idle(who)?;
            Ok(Program {
                who,
                version: sample.version,
                library: sample.library,
            })
        })
        .collect::<Result<_, BenchError>>()?;
    let report = Report {
        machine: Machine::this(),
        programs,
        rounds: bench.rounds,
        quality: photos::measure(&bench)?,
        memory: memory::measure(&bench)?,
        function: fixed::function(&bench)?,
        start: fixed::start(&bench)?,
        zip: fixed::zip(&bench),
        speed: speed::measure(&bench)?,
    };
    if report.is_empty() {
        return Err(BenchError::NoRow(arguments.rows.clone()));
    }
    Ok(report)
}
