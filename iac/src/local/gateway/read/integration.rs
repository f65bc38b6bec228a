//! What is behind a method: `x-amazon-apigateway-integration`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html>

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Problems, responses};
use crate::local::gateway::api::{Backend, Integration, Passthrough};
use crate::local::template::DeployedStack;
use crate::local::vtl::Template;

/// The longest that an integration may take, and the default.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
const TIMEOUT_MS: u64 = 29_000;

pub(super) fn read(
    problems: &mut Problems,
    place: &str,
    operation: &Value,
    stack: &DeployedStack,
) -> Integration {
    let integration = &operation["x-amazon-apigateway-integration"];
    problems.fields(
        place,
        integration,
        &[
            "credentials",
            "httpMethod",
            "passthroughBehavior",
            "requestTemplates",
            "responses",
            "timeoutInMillis",
            "type",
            "uri",
        ],
    );
    let timeout = integration["timeoutInMillis"]
        .as_u64()
        .unwrap_or(TIMEOUT_MS);
    Integration {
        backend: backend(problems, place, integration, stack),
        templates: templates(problems, place, &integration["requestTemplates"]),
        passthrough: match integration["passthroughBehavior"].as_str() {
            Some("never") => Passthrough::Never,
            Some("when_no_templates") => Passthrough::WhenNoTemplates,
            _ => Passthrough::WhenNoMatch,
        },
        timeout: Duration::from_millis(timeout),
        responses: responses::integration_responses(
            problems,
            place,
            integration,
            &operation["responses"],
        ),
    }
}

fn backend(
    problems: &mut Problems,
    place: &str,
    integration: &Value,
    stack: &DeployedStack,
) -> Backend {
    let text = |name: &str| integration[name].as_str().unwrap_or_default();
    let action = text("uri").splitn(6, ':').nth(5).unwrap_or_default();
    let service = text("uri").split(':').nth(4).unwrap_or_default();
    match text("type").to_ascii_lowercase().as_str() {
        "mock" => Backend::Mock,
        "aws" if (service, action) == ("states", "action/StartExecution") => {
            if text("httpMethod") != "POST" {
                problems.add(place, "StartExecution takes the httpMethod POST");
            }
            let role_arn = text("credentials").to_owned();
            check_trust(problems, place, &role_arn, stack);
            Backend::StartExecution { role_arn }
        }
        kind => {
            problems.add(
                place,
                format!(
                    "an integration of type `{kind}` with `{}` is not supported",
                    text("uri")
                ),
            );
            Backend::Mock
        }
    }
}

/// The engine lets its root assume a role for any service, so whether this role is for API Gateway is
/// checked here.
fn check_trust(problems: &mut Problems, place: &str, role_arn: &str, stack: &DeployedStack) {
    let name = role_arn.rsplit('/').next();
    let role = stack
        .resources_of("AWS::IAM::Role")
        .find(|(id, _)| stack.physical_ids.get(*id).map(String::as_str) == name);
    let Some((id, role)) = role else {
        return problems.add(place, format!("the role `{role_arn}` is not of this stack"));
    };
    let one_or_many = |value: &Value, wanted: &str| {
        value == wanted
            || value
                .as_array()
                .is_some_and(|all| all.iter().any(|one| one == wanted))
    };
    let statements = &role["AssumeRolePolicyDocument"]["Statement"];
    let statements = statements
        .as_array()
        .map_or(std::slice::from_ref(statements), Vec::as_slice);
    let trusted = statements.iter().any(|statement| {
        statement["Effect"] == "Allow"
            && one_or_many(&statement["Action"], "sts:AssumeRole")
            && one_or_many(
                &statement["Principal"]["Service"],
                "apigateway.amazonaws.com",
            )
    });
    if !trusted {
        problems.add(place, format!("the role `{id}` does not trust apigateway.amazonaws.com, so API Gateway could not use it"));
    }
}

pub(super) fn templates(
    problems: &mut Problems,
    place: &str,
    value: &Value,
) -> BTreeMap<String, Template> {
    let mut templates = BTreeMap::new();
    for (media_type, text) in value.as_object().into_iter().flatten() {
        match Template::parse(text.as_str().unwrap_or_default()) {
            Ok(template) => drop(templates.insert(media_type.to_ascii_lowercase(), template)),
            Err(error) => problems.add(
                place,
                format!("the mapping template for {media_type}, {error}"),
            ),
        }
    }
    templates
}
