//! The command `bench`.

use std::process::ExitCode;

use bench::cli::Cli;
use clap::Parser;

fn main() -> ExitCode {
    bench::run(&Cli::parse())
}
