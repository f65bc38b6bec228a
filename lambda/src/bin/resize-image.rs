//! The Lambda function `resize-image` for `provided.al2023`; its zip calls it `bootstrap`.

use std::process::ExitCode;
use std::sync::Arc;

use lambda::function::{Function, handler, logging};
use lambda_runtime::{LambdaEvent, run, service_fn};

fn main() -> ExitCode {
    logging::start();
    if std::env::var_os("AWS_LAMBDA_RUNTIME_API").is_none() {
        tracing::error!("AWS_LAMBDA_RUNTIME_API is not set: this program runs in AWS Lambda only");
        return ExitCode::FAILURE;
    }
    // One request at a time and one connection to S3: a thread for each core would only cost start-up.
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
    // A wrong environment is answered to each request rather than ending the process.
    let function = Arc::new(Function::from_env());
    if let Err(error) = &*function {
        tracing::error!(%error, "the function is not set up; it answers InternalError");
    }
    let service = service_fn(|event: LambdaEvent<_>| {
        let function = Arc::clone(&function);
        async move { handler::answer(function, event).await }
    });
    match runtime.block_on(run(service)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the Lambda Runtime API cannot be reached");
            ExitCode::FAILURE
        }
    }
}
