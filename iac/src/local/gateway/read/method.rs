//! A method of the document.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Document, Problems, integration, security};
use crate::local::gateway::api::{ApiMethod, Parameter};
use crate::local::template::DeployedStack;

pub(super) fn read(
    problems: &mut Problems,
    place: &str,
    operation: &Value,
    document: &Document<'_>,
    keys: &[String],
    stack: &DeployedStack,
) -> ApiMethod {
    problems.fields(
        place,
        operation,
        &[
            "description",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "summary",
            "tags",
            "x-amazon-apigateway-integration",
            "x-amazon-apigateway-request-validator",
        ],
    );
    let (authorization, key_required) = security::read(problems, place, operation, document);
    let validator = validator(problems, place, operation, document);
    let checks = |what: &str| validator[what].as_bool().unwrap_or(false);
    ApiMethod {
        authorization,
        api_keys: key_required.then(|| keys.to_vec()),
        limit: None,
        required: if checks("validateRequestParameters") {
            required(problems, place, operation)
        } else {
            Vec::new()
        },
        models: if checks("validateRequestBody") {
            models(problems, place, operation, document)
        } else {
            BTreeMap::new()
        },
        integration: integration::read(problems, place, operation, stack),
    }
}

fn validator<'v>(
    problems: &mut Problems,
    place: &str,
    operation: &'v Value,
    document: &Document<'v>,
) -> &'v Value {
    let name = operation
        .get("x-amazon-apigateway-request-validator")
        .unwrap_or(document.default_validator);
    let Some(name) = name.as_str() else {
        return &Value::Null;
    };
    let validator = &document.validators[name];
    if validator.is_null() {
        problems.add(place, format!("there is no request validator `{name}`"));
    }
    validator
}

fn required(problems: &mut Problems, place: &str, operation: &Value) -> Vec<Parameter> {
    let mut required = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        match parameter["in"].as_str() {
            _ if parameter["required"] != true => {}
            Some("header") => required.push(Parameter::Header(name)),
            Some("query") => required.push(Parameter::Query(name)),
            _ => problems.add(
                place,
                format!("the parameter `{name}` is neither a header nor in the query"),
            ),
        }
    }
    required
}

fn models(
    problems: &mut Problems,
    place: &str,
    operation: &Value,
    document: &Document<'_>,
) -> BTreeMap<String, crate::local::gateway::validate::Model> {
    let mut models = BTreeMap::new();
    for (media_type, content) in operation["requestBody"]["content"]
        .as_object()
        .into_iter()
        .flatten()
    {
        match document.model(&content["schema"]) {
            Ok(model) => drop(models.insert(media_type.to_ascii_lowercase(), model)),
            Err(error) => problems.add(
                place,
                format!("the model for {media_type} is no JSON Schema of draft 4: {error}"),
            ),
        }
    }
    models
}
