//! The process around a function: what the executables have in common.

use std::process::ExitCode;

use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use serde::{Deserialize, Serialize};

use super::logging;

/// Runs a function until Lambda ends the process. `start` makes the function, once.
///
/// The exit code tells that this is not Lambda, or that its Runtime API cannot be reached.
pub fn serve<Event, Answer, Function, Answered>(start: impl FnOnce() -> Function) -> ExitCode
where
    Event: for<'de> Deserialize<'de>,
    Answer: Serialize,
    Function: FnMut(LambdaEvent<Event>) -> Answered,
    Answered: Future<Output = Result<Answer, Diagnostic>>,
{
    logging::start();
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        tracing::error!("AWS_LAMBDA_RUNTIME_API is not set: this program runs in AWS Lambda only");
        return ExitCode::FAILURE;
    }
    // One request at a time and few connections: a thread for each core would only cost start-up.
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the async runtime cannot be started");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(service_fn(start()))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the Lambda Runtime API cannot be reached");
            ExitCode::FAILURE
        }
    }
}
