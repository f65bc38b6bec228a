//! Reserved concurrency, which the engine's CloudFormation forgets: its Lambda takes it through its API.

use axum::http::Method;
use serde_json::json;

use super::LocalError;
use super::deploy::DeployError;
use super::engine::Access;
use super::template::DeployedStack;

/// Reserves what the functions of a stack ask for.
///
/// # Errors
/// The engine refuses or does not answer.
pub(super) async fn reserve(stack: &DeployedStack, access: &Access) -> Result<(), LocalError> {
    for (id, properties) in stack.resources_of("AWS::Lambda::Function") {
        let wanted = stack.resolve(&properties["ReservedConcurrentExecutions"]);
        let refused = |reason: String| DeployError::Refused {
            action: "reserve the concurrency of a function",
            reason: format!("{id}: {reason}"),
        };
        let wanted = wanted.map_err(|error| refused(error.to_string()))?;
        let wanted = wanted.unwrap_or_default();
        let number = wanted.as_u64().or_else(|| wanted.as_str()?.parse().ok());
        let (Some(number), Some(name)) = (number, stack.physical_ids.get(id)) else {
            continue;
        };
        let url = format!(
            "{}/2017-10-31/functions/{name}/concurrency",
            access.endpoint()
        );
        let body = json!({"ReservedConcurrentExecutions": number}).to_string();
        let signature = Some(("lambda", &access.credentials));
        let headers = [("content-type", "application/json")];
        let answer = access
            .send_to(Method::PUT, &url, signature, &headers, body.into())
            .await
            .map_err(DeployError::from)?;
        if !answer.status.is_success() {
            let answer = String::from_utf8_lossy(&answer.body).into_owned();
            return Err(refused(answer).into());
        }
    }
    Ok(())
}
