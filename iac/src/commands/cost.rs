//! `iac cost`: what images cost.

use clap::{Args, ValueEnum};

use super::synth::selected;
use super::{CommandError, Outcome};
use crate::cost::{Assumptions, Report, Share, markdown, text};
use crate::output::print;
use crate::stacks::STACKS;

/// Tell what a million images cost in each stack, by formula from its template.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct CostArgs {
    /// The stacks; all of them where none is named
    #[arg(value_name = "STACK")]
    pub stacks: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    pub format: CostFormat,
    /// What a template cannot say
    #[command(flatten)]
    pub assumed: AssumedArgs,
}

/// How `iac cost` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum CostFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
    /// A chapter: docs/cost.md
    Markdown,
}

/// The assumptions. What is not given is as in [`Assumptions::default`].
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Assumptions")]
pub struct AssumedArgs {
    /// Images
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000), default_value_t = Assumptions::default().images)]
    pub images: u64,
    /// KB an original has; 67,108 is the most that the function takes
    #[arg(long, value_name = "KB", value_parser = clap::value_parser!(u64).range(1..=67_108), default_value_t = Assumptions::default().source_kb)]
    pub source_kb: u64,
    /// KB a result has
    #[arg(long, value_name = "KB", value_parser = clap::value_parser!(u64).range(1..=67_108), default_value_t = Assumptions::default().result_kb)]
    pub result_kb: u64,
    /// Milliseconds that a function takes to resize or to store an image, with the template's memory
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=900_000), default_value_t = Assumptions::default().duration_ms)]
    pub duration_ms: u64,
    /// Milliseconds of every other call of a function
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=900_000), default_value_t = Assumptions::default().api_duration_ms)]
    pub api_duration_ms: u64,
    /// Milliseconds that an Express execution lasts beyond its functions
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(0..=300_000), default_value_t = Assumptions::default().overhead_ms)]
    pub overhead_ms: u64,
    /// Percent of images that fail
    #[arg(long, value_name = "PERCENT", default_value_t = Assumptions::default().failures)]
    pub failures: Share,
    /// Times the API is asked for an image's result or record
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=10_000), default_value_t = Assumptions::default().reads)]
    pub reads: u64,
    /// Times each result goes out to the internet
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=10_000), default_value_t = Assumptions::default().downloads)]
    pub downloads: u64,
    /// Percent of downloads that CloudFront has to fetch first
    #[arg(long, value_name = "PERCENT", default_value_t = Assumptions::default().cache_misses)]
    pub cache_misses: Share,
    /// Months of 30 days that everything is kept
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=1_200), default_value_t = Assumptions::default().months)]
    pub months: u64,
    /// Bytes that a call of a function writes to its log
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(0..=1_000_000), default_value_t = Assumptions::default().log_bytes)]
    pub log_bytes: u64,
    /// Bytes of an image's record in DynamoDB
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(1..=409_600), default_value_t = Assumptions::default().item_bytes)]
    pub item_bytes: u64,
    /// Images that a backfill finds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000), default_value_t = Assumptions::default().backfill_images)]
    pub backfill_images: u64,
    /// Bytes that a backfill reports of an image
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(0..=262_144), default_value_t = Assumptions::default().report_bytes)]
    pub report_bytes: u64,
}

impl From<&AssumedArgs> for Assumptions {
    fn from(args: &AssumedArgs) -> Self {
        Self {
            images: args.images,
            source_kb: args.source_kb,
            result_kb: args.result_kb,
            duration_ms: args.duration_ms,
            api_duration_ms: args.api_duration_ms,
            overhead_ms: args.overhead_ms,
            failures: args.failures,
            reads: args.reads,
            downloads: args.downloads,
            cache_misses: args.cache_misses,
            months: args.months,
            log_bytes: args.log_bytes,
            item_bytes: args.item_bytes,
            backfill_images: args.backfill_images,
            report_bytes: args.report_bytes,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  iac cost                                     every stack
  iac cost resize-api --duration-ms 300        where an image takes three times as long
  iac cost upload-events --downloads 5         where each result is looked at five times
  iac cost --format markdown > docs/cost.md    the chapter in docs/

Exit codes: 0 done, 2 unknown stack or option, 3 the model refuses a stack,
4 standard output cannot be written";

/// Runs the command.
///
/// # Errors
/// An unknown stack, a stack that the model refuses, standard output that cannot be written.
pub fn run(args: &CostArgs) -> Result<Outcome, CommandError> {
    let entries = selected(&args.stacks, STACKS.iter())?;
    let report = Report::of(&entries, Assumptions::from(&args.assumed))?;
    print(|out| match args.format {
        CostFormat::Text => out.write_all(text(&report).as_bytes()),
        CostFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report.json())?;
            writeln!(out)
        }
        CostFormat::Markdown => out.write_all(markdown(&report).as_bytes()),
    })?;
    Ok(Outcome::Done)
}
