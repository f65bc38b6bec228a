//! Who answers behind a mapped integration, and as which role it is asked.

use axum::http::Method;
use serde_json::Value;

use super::Problems;
use super::method::Place;
use crate::local::gateway::api::{Backend, S3Request};
use crate::local::gateway::parameters::{RequestParameter, RequestSource, RequestTarget};
use crate::local::template::DeployedStack;

pub(super) fn read(
    problems: &mut Problems,
    place: &Place<'_>,
    integration: &Value,
    stack: &DeployedStack,
) -> Backend {
    let text = |name: &str| integration[name].as_str().unwrap_or_default();
    let uri = text("uri");
    let action = uri.splitn(6, ':').nth(5).unwrap_or_default();
    let service = uri.split(':').nth(4).unwrap_or_default();
    let parameters = parameters(problems, place, integration);
    let kind = text("type").to_ascii_lowercase();
    if !parameters.is_empty() && (kind.as_str(), service) != ("aws", "s3") {
        problems.add(&place.text, "`requestParameters` are supported for S3 only");
    }
    match (kind.as_str(), service, action) {
        ("mock", ..) => Backend::Mock,
        ("aws", "states", "action/StartExecution") => {
            if text("httpMethod") != "POST" {
                problems.add(&place.text, "StartExecution takes the httpMethod POST");
            }
            Backend::StartExecution {
                role_arn: role(problems, place, integration, stack),
            }
        }
        ("aws", "s3", _) if action.starts_with("path/") => Backend::S3(S3Request {
            role_arn: role(problems, place, integration, stack),
            method: s3_method(problems, place, text("httpMethod")),
            path: s3_path(problems, place, action, &parameters),
            parameters,
        }),
        _ => {
            let kind = text("type");
            problems.add(
                &place.text,
                format!("an integration of type `{kind}` with `{uri}` is not supported"),
            );
            Backend::Mock
        }
    }
}

fn parameters(
    problems: &mut Problems,
    place: &Place<'_>,
    integration: &Value,
) -> Vec<RequestParameter> {
    let mut parameters = Vec::new();
    for (target, source) in integration["requestParameters"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let parameter = RequestParameter::parse(target, source.as_str().unwrap_or_default());
        match parameter {
            Ok(parameter) => {
                if let RequestSource::Path(name) = &parameter.source
                    && place.path.parameters().all(|known| known != name)
                {
                    problems.add(
                        &place.text,
                        format!("the path has no parameter `{name}` for `{target}`"),
                    );
                }
                parameters.push(parameter);
            }
            Err(problem) => problems.add(&place.text, format!("`{target}`: {problem}")),
        }
    }
    parameters
}

fn s3_method(problems: &mut Problems, place: &Place<'_>, text: &str) -> Method {
    match text {
        "DELETE" => Method::DELETE,
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        "PUT" => Method::PUT,
        other => {
            problems.add(
                &place.text,
                format!("the httpMethod `{other}` is not supported for an object of S3"),
            );
            Method::GET
        }
    }
}

/// `path/bucket/uploads/{key}` is `/bucket/uploads/{key}`, and each of its parameters is mapped.
fn s3_path(
    problems: &mut Problems,
    place: &Place<'_>,
    action: &str,
    parameters: &[RequestParameter],
) -> String {
    let path = action.trim_start_matches("path");
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            problems.add(&place.text, format!("`{action}` has a brace too many"));
            break;
        };
        let is_mapped = parameters
            .iter()
            .any(|parameter| parameter.target == RequestTarget::Path(name.to_owned()));
        if !is_mapped {
            problems.add(
                &place.text,
                format!("`integration.request.path.{name}` is not mapped, and `{action}` needs it"),
            );
        }
        rest = tail;
    }
    path.to_owned()
}

fn role(
    problems: &mut Problems,
    place: &Place<'_>,
    integration: &Value,
    stack: &DeployedStack,
) -> String {
    let role_arn = integration["credentials"].as_str().unwrap_or_default();
    check_trust(problems, &place.text, role_arn, stack);
    role_arn.to_owned()
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
