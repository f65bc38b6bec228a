//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Measure the resize engine against sharp and Pillow, on the same photographs in one run.
#[derive(Debug, Parser)]
#[command(name = "bench", version, after_help = HELP)]
pub struct Cli {
    /// What to do instead of measuring
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What to measure
    #[command(flatten)]
    pub measure: MeasureArgs,
}

/// Commands for the benchmark's own use.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Run the engine alone and print one line of JSON, as the peers do
    #[command(hide = true)]
    Worker(WorkerArgs),
}

/// What to measure, with what, and how to tell it.
#[derive(Debug, Clone, Args)]
pub struct MeasureArgs {
    /// Measure only the rows with this in their name, such as `12mp`, `speed/jpeg-420` or `memory`
    #[arg(long, value_name = "PART", default_value = "")]
    pub rows: String,
    /// Times that each program takes its turn at each image
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: u32,
    /// Seconds of CPU for one turn, at least; three images at least
    #[arg(long, value_name = "SECONDS", default_value_t = 0.4, value_parser = seconds)]
    pub turn: f64,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
    /// Draw the table into an SVG as well
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Exit with 1 unless every `must` that was asked for is held
    #[arg(long)]
    pub check: bool,
    /// Where `make bench` put the images and the peers
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    pub folder: PathBuf,
    /// The function as it is deployed, built for this machine
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/release/resize-image"
    )]
    pub function: PathBuf,
    /// The function's zip, of `make build`
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/lambda/arm64/resize-image.zip"
    )]
    pub zip: PathBuf,
}

/// What a worker does.
#[derive(Debug, Clone, Args)]
pub struct WorkerArgs {
    /// With or without an image, once or again and again
    #[command(subcommand)]
    pub mode: WorkerMode,
}

/// The same modes that the peers have.
#[derive(Debug, Clone, Subcommand)]
pub enum WorkerMode {
    /// Handle no image
    Idle,
    /// Handle an image once
    Once {
        /// The image
        file: PathBuf,
        /// Where its result goes
        out: Option<PathBuf>,
    },
    /// Handle an image again and again
    Repeat {
        /// The image
        file: PathBuf,
        /// CPU seconds to spend, at least
        seconds: f64,
        /// Times, at least
        least: usize,
    },
}

/// How the figures are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.0..=60.0).contains(&seconds) => Ok(seconds),
        _ => Err("it is a number of seconds from 0 to 60".to_owned()),
    }
}

const HELP: &str = "\
Examples:
  make bench                                 fetch what is missing, build, measure everything
  make bench ARGS='--rows 12mp --rounds 9'   some rows, more often
  bench --format json > figures.json         for programs
  bench --plot docs/bench.svg                draw it
  bench --check                              fail where a `must` is not held

Exit codes:
  0  measured
  1  --check: a `must` is not held, or could not be measured
  2  the command line is wrong
  4  a file cannot be used: images or peers are missing, or are not what their list says
  5  a peer or the function does not run";
