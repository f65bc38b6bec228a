//! Who may call a method, and with which keys.

use serde_json::Value;

use super::{Document, Problems, resolved};
use crate::local::gateway::GatewayError;
use crate::local::gateway::api::Authorization;
use crate::local::template::DeployedStack;

/// Reads the security of a method: who may call it, and whether a key is needed too.
pub(super) fn read(
    problems: &mut Problems,
    place: &str,
    operation: &Value,
    document: &Document<'_>,
) -> (Authorization, bool) {
    let mut authorization = Authorization::Open;
    let mut key_required = false;
    let security = operation
        .get("security")
        .unwrap_or(document.default_security);
    for name in security
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|requirement| requirement.keys())
    {
        let scheme = &document.components["securitySchemes"][name];
        let field = |field: &str| scheme[field].as_str().unwrap_or_default();
        match (
            field("type"),
            field("in"),
            field("name"),
            field("x-amazon-apigateway-authtype"),
        ) {
            ("apiKey", "header", "x-api-key", "") => key_required = true,
            ("apiKey", "header", "Authorization", "awsSigv4") => authorization = Authorization::Iam,
            _ => problems.add(
                place,
                format!("the security scheme `{name}` is not supported"),
            ),
        }
    }
    (authorization, key_required)
}

/// The values of the API keys that are enabled and in a usage plan. Which stage a plan is for needs no
/// look: a local run has one.
pub(super) fn api_keys(
    problems: &mut Problems,
    stack: &DeployedStack,
) -> Result<Vec<String>, GatewayError> {
    let mut in_plan = Vec::new();
    for (id, link) in stack.resources_of("AWS::ApiGateway::UsagePlanKey") {
        in_plan.push(resolved(stack, id, &link["KeyId"])?);
    }
    let mut keys = Vec::new();
    for (id, _) in stack.resources_of("AWS::ApiGateway::ApiKey") {
        let physical_id = stack.physical_ids.get(id).cloned().unwrap_or_default();
        if !in_plan.contains(&Value::from(physical_id.as_str())) {
            continue;
        }
        match stack.api_keys.get(&physical_id) {
            Some(value) => keys.push(value.clone()),
            None => problems.add(id, "the engine does not tell the value of this API key"),
        }
    }
    Ok(keys)
}
