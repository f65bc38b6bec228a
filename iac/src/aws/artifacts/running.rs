//! The code that a function runs now: Lambda has a copy of its own, and gives it to whoever may ask.

use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::aws::{Account, AwsError, Refusal};
use crate::service_error::with_causes;

/// The most that Lambda takes as a zip, unpacked.
const MOST: usize = 250 << 20;
const TIMEOUT: Duration = Duration::from_mins(10);

/// The zip of a function.
///
/// # Errors
/// Lambda refuses or does not answer, or what it points to cannot be fetched.
pub async fn code_of(account: &Account, function: &str) -> Result<Vec<u8>, AwsError> {
    let action = format!("read the code of the function `{function}`");
    let found = account.lambda().get_function().function_name(function);
    let found = found.send().await;
    let found = found.map_err(|error| AwsError::of(&*action, &account.place(), &error))?;
    let refused = |reason: String| AwsError::Refused {
        action: action.clone(),
        reason,
        refusal: Refusal::Final,
    };
    let location = found.code().and_then(|code| code.location());
    let location = location.ok_or_else(|| refused("Lambda does not say where it is".to_owned()))?;
    match tokio::time::timeout(TIMEOUT, fetch(location)).await {
        Ok(fetched) => fetched.map_err(refused),
        Err(_) => Err(refused("it does not come".to_owned())),
    }
}

/// Fetches what a link that was signed points to. The link is a secret: no error tells it.
async fn fetch(link: &str) -> Result<Vec<u8>, String> {
    let link: http::Uri = link.parse().map_err(|_| "its link is none".to_owned())?;
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    let tls = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
        .map_err(|error| with_causes(&error))?
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let client = Client::builder(TokioExecutor::new()).build::<_, Empty<&[u8]>>(tls);
    let answer = client
        .get(link)
        .await
        .map_err(|error| with_causes(&error))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("S3 answers {status}"));
    }
    let body = Limited::new(answer.into_body(), MOST).collect().await;
    let body = body.map_err(|error| error.to_string())?;
    Ok(body.to_bytes().to_vec())
}
