//! The benchmark of the resize engine, against sharp and Pillow on the same photographs in one run.
//!
//! `docs/bench.md` says what is measured and how; [`promises`] says what the figures are held against.

pub mod cli;
pub mod contender;
pub mod error;
pub mod function;
pub mod images;
pub mod measure;
pub mod promises;
pub mod quality;
pub mod report;
pub mod spread;
pub mod usage;
pub mod verdict;
pub mod worker;

use std::error::Error as _;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use cli::{Cli, Command, MeasureArgs, OutputFormat};
use error::BenchError;
use report::{svg, text};
use serde_json::json;
use verdict::Verdict;

/// Runs the command line; prints an error with its causes to standard error.
pub fn run(cli: &Cli) -> ExitCode {
    let done = match &cli.command {
        Some(Command::Worker(arguments)) => worker::work(&arguments.mode).and_then(|answer| {
            print(&format!("{answer}\n"))?;
            Ok(ExitCode::SUCCESS)
        }),
        None => bench(&cli.measure),
    };
    done.unwrap_or_else(|error| {
        let mut said = format!("error: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            said = format!("{said}\n  because: {error}");
            cause = error.source();
        }
        // Nobody is left to tell if standard error is gone.
        let _ = writeln!(io::stderr(), "{said}");
        ExitCode::from(error.exit_code())
    })
}

fn bench(arguments: &MeasureArgs) -> Result<ExitCode, BenchError> {
    let report = measure::measure(arguments)?;
    if let Some(path) = &arguments.plot {
        std::fs::write(path, svg::draw(&report)).map_err(|source| BenchError::Write {
            path: path.clone(),
            source,
        })?;
    }
    match arguments.format {
        OutputFormat::Text => {
            let mut lines = Vec::new();
            // Writing into memory does not fail.
            let _ = text::write(&report, &mut lines);
            print(&String::from_utf8_lossy(&lines))?;
        }
        OutputFormat::Json => {
            let mut document = json!(report);
            document["promises"] = json!(report.promises());
            document["must"] = json!(report.must());
            print(&format!("{document:#}\n"))?;
        }
    }
    let failed = arguments.check && report.must() != Verdict::Held;
    Ok(ExitCode::from(u8::from(failed)))
}

/// Prints to standard output. Whoever closes it early has seen enough.
fn print(text: &str) -> Result<(), BenchError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(BenchError::Write {
            path: PathBuf::from("standard output"),
            source: error,
        }),
        _ => Ok(()),
    }
}
