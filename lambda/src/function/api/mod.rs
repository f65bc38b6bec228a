//! What the functions behind an API share: API Gateway's proxy events in, JSON answers out, with the headers
//! that let a page read them.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>

mod answer;
mod cors;
mod refusal;
mod request;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use lambda_runtime::{Diagnostic, LambdaEvent};
use serde_json::value::RawValue;

use super::panic::caught;
use super::runtime::serve;
use super::variables::{ConfigError, Variables};
use crate::ApiErrorName;

pub use answer::{Answer, ProxyResponse};
pub use cors::Cors;
pub use refusal::Refusal;
pub use request::Request;

/// A function behind an API.
pub trait Endpoint: Sized {
    /// Sets it up from this process's environment.
    ///
    /// # Errors
    ///
    /// The first environment variable that is missing or wrong.
    fn from_env(variables: &Variables) -> Result<Self, ConfigError>;

    /// Answers a request that is no preflight.
    fn answer(&self, request: &Request) -> impl Future<Output = Result<Answer, Refusal>>;
}

/// Runs a function until Lambda ends the process.
pub fn run<E: Endpoint>() -> ExitCode {
    serve(|| {
        let api = Arc::new(Api::<E>::from_env(&Variables::of_process()));
        // A wrong environment is answered to each request rather than ending the process.
        if let Err(error) = &api.endpoint {
            tracing::error!(%error, "the function is not set up; it answers InternalError");
        }
        move |event| {
            let api = Arc::clone(&api);
            async move { api.answer(event).await }
        }
    })
}

struct Api<E> {
    cors: Cors,
    endpoint: Result<E, ConfigError>,
}

impl<E: Endpoint> Api<E> {
    fn from_env(variables: &Variables) -> Self {
        // Without origins pages are told nothing, which is right when the variable is wrong too.
        let (cors, problem) = match Cors::from_env(variables) {
            Ok(cors) => (cors, None),
            Err(problem) => (Cors::default(), Some(problem)),
        };
        let endpoint = problem.map_or_else(|| E::from_env(variables), Err);
        Self { cors, endpoint }
    }

    /// Answers one event and logs one line about it.
    async fn answer(&self, event: LambdaEvent<Box<RawValue>>) -> Result<ProxyResponse, Diagnostic> {
        let started = Instant::now();
        let request_id = event.context.request_id;
        let request = Request::of(event.payload.get()).map_err(|problem| {
            let error = ApiErrorName::InvalidRequest.as_str();
            tracing::error!(
                request_id,
                outcome = "failure",
                error,
                cause = problem,
                "not answered"
            );
            Diagnostic {
                error_type: error.to_owned(),
                error_message: format!(
                    "the event is none of API Gateway's proxy events: {problem}"
                ),
            }
        })?;
        let origin = request.header("origin");
        let outcome = if request.method == "OPTIONS" {
            Ok(self.cors.preflight(origin))
        } else {
            match &self.endpoint {
                Ok(endpoint) => caught(endpoint.answer(&request))
                    .await
                    .unwrap_or_else(|text| Err(Refusal::internal(format!("a panic: {text}")))),
                Err(error) => Err(Refusal::internal(error.to_string())),
            }
        };
        log(&request_id, &request, started, &outcome);
        let mut answer = outcome.unwrap_or_else(|refusal| refusal.answer(&request.id));
        answer.headers.extend(self.cors.headers(origin));
        Ok(answer.into())
    }
}

/// One line about a request.
fn log(request_id: &str, request: &Request, started: Instant, outcome: &Result<Answer, Refusal>) {
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let api_request_id = request.id.as_str();
    let (method, resource) = (request.method.as_str(), request.resource.as_str());
    match outcome {
        Ok(answer) => tracing::info!(
            request_id,
            api_request_id,
            method,
            resource,
            duration_ms,
            outcome = "success",
            status = answer.status,
            key = answer.about,
            "answered"
        ),
        Err(refusal) if refusal.name.status() < 500 => tracing::info!(
            request_id,
            api_request_id,
            method,
            resource,
            duration_ms,
            outcome = "refused",
            status = refusal.name.status(),
            error = refusal.name.as_str(),
            cause = refusal.cause.as_deref().unwrap_or(&refusal.message),
            "refused"
        ),
        Err(refusal) => tracing::error!(
            request_id,
            api_request_id,
            method,
            resource,
            duration_ms,
            outcome = "failure",
            status = refusal.name.status(),
            error = refusal.name.as_str(),
            cause = refusal.cause.as_deref().unwrap_or(&refusal.message),
            "failed"
        ),
    }
}
