//! The command line.

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands::synth::SynthArgs;

/// Typed infrastructure for a serverless image pipeline: Rust in, CloudFormation out.
#[derive(Debug, Parser)]
#[command(name = "iac", version, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, a module each in [`commands`](crate::commands).
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Write each stack's files under generated/, or check that they are what the code says
    Synth(SynthArgs),
}

/// How a command prints its facts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  synth --check: generated/ is not what the code says
  2  the command line is wrong
  3  the model refuses a stack
  4  a file cannot be read or written";
