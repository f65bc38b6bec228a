//! What is behind a method: `x-amazon-apigateway-integration`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html>

use std::collections::BTreeMap;

use serde_json::Value;

use super::method::Place;
use super::{Problems, Surroundings, backend, responses};
use crate::local::engine::{ACCOUNT_ID, REGION};
use crate::local::gateway::GatewayError;
use crate::local::gateway::api::{Integration, MappedIntegration, Passthrough};
use crate::local::permission::permissions;
use crate::local::vtl::Template;

const EXTENSION: &str = "x-amazon-apigateway-integration";

pub(super) fn read(
    problems: &mut Problems,
    place: &Place<'_>,
    operation: &Value,
    around: &Surroundings<'_>,
) -> Result<Integration, GatewayError> {
    let integration = &operation[EXTENSION];
    match integration["type"].as_str().unwrap_or_default() {
        kind if kind.eq_ignore_ascii_case("aws_proxy") => {
            function(problems, place, integration, around)
        }
        _ => Ok(Integration::Mapped(mapped(
            problems, place, operation, around,
        ))),
    }
}

fn mapped(
    problems: &mut Problems,
    place: &Place<'_>,
    operation: &Value,
    around: &Surroundings<'_>,
) -> MappedIntegration {
    let integration = &operation[EXTENSION];
    check_template_parameters(problems, place, operation);
    problems.fields(
        &place.text,
        integration,
        &[
            "credentials",
            "httpMethod",
            "passthroughBehavior",
            "requestParameters",
            "requestTemplates",
            "responses",
            "timeoutInMillis",
            "type",
            "uri",
        ],
    );
    MappedIntegration {
        backend: backend::read(problems, place, integration, around.stack),
        templates: templates(problems, &place.text, &integration["requestTemplates"]),
        passthrough: match integration["passthroughBehavior"].as_str() {
            Some("never") => Passthrough::Never,
            Some("when_no_templates") => Passthrough::WhenNoTemplates,
            _ => Passthrough::WhenNoMatch,
        },
        responses: responses::integration_responses(
            problems,
            &place.text,
            integration,
            &operation["responses"],
        ),
    }
}

/// `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/ARN/invocations`
fn function(
    problems: &mut Problems,
    place: &Place<'_>,
    integration: &Value,
    around: &Surroundings<'_>,
) -> Result<Integration, GatewayError> {
    // Templates, parameters and responses would mean nothing, and a role another way of permission.
    let known = [
        "httpMethod",
        "passthroughBehavior",
        "timeoutInMillis",
        "type",
        "uri",
    ];
    problems.fields(&place.text, integration, &known);
    let text = |name: &str| integration[name].as_str().unwrap_or_default();
    if text("httpMethod") != "POST" {
        problems.add(
            &place.text,
            "a function is invoked with the httpMethod POST",
        );
    }
    let function_arn = text("uri")
        .split_once(":lambda:path/2015-03-31/functions/")
        .and_then(|(_, rest)| rest.strip_suffix("/invocations"))
        .filter(|arn| arn.starts_with("arn:"));
    let Some(function_arn) = function_arn else {
        problems.add(
            &place.text,
            format!("`{}` names no function to invoke", text("uri")),
        );
        return Ok(Integration::Function {
            name: String::new(),
        });
    };
    let name = function_arn.rsplit(':').next().unwrap_or_default();
    // Whatever a parameter's value is, so that only `*` covers it.
    let path = place.path.filled_with("any-value");
    let source = format!(
        "arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{}/{}/{}{path}",
        around.api_id, around.stage.name, place.method
    );
    let found = permissions(
        around.stack,
        function_arn,
        "apigateway.amazonaws.com",
        &source,
    );
    let found = found.map_err(|source| GatewayError::Resolve {
        place: "AWS::Lambda::Permission".to_owned(),
        source,
    })?;
    if found.is_empty() {
        problems.add(
            &place.text,
            format!(
                "no AWS::Lambda::Permission lets apigateway.amazonaws.com invoke `{name}` for {source}, so \
                 the API would answer 500"
            ),
        );
    }
    Ok(Integration::Function {
        name: name.to_owned(),
    })
}

/// `$input.params` may read what the method declares: parameters of the path and of the query.
fn check_template_parameters(problems: &mut Problems, place: &Place<'_>, operation: &Value) {
    let integration = &operation[EXTENSION];
    let of_responses = integration["responses"].as_object().into_iter().flatten();
    let of_responses = of_responses.map(|(_, response)| &response["responseTemplates"]);
    let texts = of_responses.chain([&integration["requestTemplates"]]);
    let texts = texts.filter_map(Value::as_object).flatten();
    let declared = operation["parameters"].as_array();
    for template in texts.filter_map(|(_, text)| Template::parse(text.as_str()?).ok()) {
        for name in template.parameters() {
            let is_in_query = declared
                .into_iter()
                .flatten()
                .any(|parameter| parameter["in"] == "query" && parameter["name"] == name);
            if !is_in_query && place.path.parameters().all(|known| known != name) {
                problems.add(
                    &place.text,
                    format!("`$input.params('{name}')` reads no parameter of the path or the query that the method declares"),
                );
            }
        }
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
