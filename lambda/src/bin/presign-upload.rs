//! The Lambda function `presign-upload` for `provided.al2023`; its zip calls it `bootstrap`.

use std::process::ExitCode;

use lambda::function::api;
use lambda::function::presign::PresignUpload;

fn main() -> ExitCode {
    api::run::<PresignUpload>()
}
