//! The Lambda function `resize-image` for `provided.al2023`; its zip calls it `bootstrap`.

use std::process::ExitCode;
use std::sync::Arc;

use lambda::function::resize::{Function, answer};
use lambda::function::{Variables, runtime};
use lambda::worker::Resizer;

fn main() -> ExitCode {
    let engine = Resizer::or_work();
    runtime::serve(|| {
        // A wrong environment is answered to each request rather than ending the process.
        let function = Arc::new(Function::from_env(&Variables::of_process(), engine));
        if let Err(error) = &*function {
            tracing::error!(%error, "the function is not set up; it answers InternalError");
        }
        move |event| answer(Arc::clone(&function), event)
    })
}
