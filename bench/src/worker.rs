//! The engine in a process of its own: what `peers/sharp.mjs` and `peers/pillow.py` are to theirs.

use std::fs;
use std::path::Path;

use lambda::engine::{self, Limits, Options, Output, Thumbnail};
use serde_json::{Value, json};

use crate::cli::WorkerMode;
use crate::error::BenchError;
use crate::usage::{cpu_ms, peak_kib};

/// Does what it is told, and gives the line to print. An image that the engine refuses is an answer,
/// `refused`, and no failure.
///
/// # Errors
///
/// Files that cannot be read or written.
pub fn work(mode: &WorkerMode) -> Result<Value, BenchError> {
    let mut report = json!({ "version": env!("CARGO_PKG_VERSION"), "library": "the engine" });
    match mode {
        WorkerMode::Idle => {}
        WorkerMode::Once { file, out } => match thumbnail(&read(file)?) {
            Ok(result) => {
                report["width"] = json!(result.width);
                report["height"] = json!(result.height);
                report["bytes"] = json!(result.bytes.len());
                if let Some(path) = out {
                    fs::write(path, &result.bytes).map_err(|source| BenchError::Write {
                        path: path.clone(),
                        source,
                    })?;
                }
            }
            Err(refused) => report["refused"] = json!(refused),
        },
        WorkerMode::Repeat {
            file,
            seconds,
            least,
        } => match repeat(&read(file)?, *seconds, *least) {
            Ok(runs) => report["cpu_ms"] = json!(runs),
            Err(refused) => report["refused"] = json!(refused),
        },
    }
    report["peak_kib"] = json!(peak_kib());
    Ok(report)
}

fn read(path: &Path) -> Result<Vec<u8>, BenchError> {
    fs::read(path).map_err(|source| BenchError::Read {
        path: path.to_owned(),
        source,
    })
}

/// Of 108 MP, which is more than is taken unless the limit is raised.
const MAX_PIXELS: u64 = 120_000_000;

fn thumbnail(source: &[u8]) -> Result<Thumbnail, String> {
    let options = Options {
        limits: Limits {
            max_pixels: MAX_PIXELS,
            ..Limits::default()
        },
        ..Options::default()
    };
    engine::resize(source, &[Output::default()], &options)
        .map(|mut resized| resized.results.remove(0))
        .map_err(|error| format!("{}: {}", error.name(), error.chain()))
}

/// CPU milliseconds of each image, after one that warms up.
fn repeat(source: &[u8], seconds: f64, least: usize) -> Result<Vec<f64>, String> {
    thumbnail(source)?;
    let mut runs = Vec::new();
    while runs.iter().sum::<f64>() < seconds * 1e3 || runs.len() < least {
        let before = cpu_ms();
        thumbnail(source)?;
        runs.push(cpu_ms() - before);
    }
    Ok(runs)
}
