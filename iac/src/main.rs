//! The command `iac`.

use std::process::ExitCode;

use clap::Parser;
use iac::cli::Cli;

fn main() -> ExitCode {
    iac::commands::run(&Cli::parse())
}
