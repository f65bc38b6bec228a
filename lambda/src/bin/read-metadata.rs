//! The Lambda function `read-metadata` for `provided.al2023`; its zip calls it `bootstrap`.

use std::process::ExitCode;

use lambda::function::api;
use lambda::function::metadata::ReadMetadata;

fn main() -> ExitCode {
    api::run::<ReadMetadata>()
}
