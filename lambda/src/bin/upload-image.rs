//! The Lambda function `upload-image` for `provided.al2023`; its zip calls it `bootstrap`.

use std::process::ExitCode;

use lambda::function::api;
use lambda::function::upload::UploadImage;

fn main() -> ExitCode {
    api::run::<UploadImage>()
}
