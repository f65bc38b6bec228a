//! A method of the document.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::{Document, Problems, Surroundings, integration, security};
use crate::local::gateway::GatewayError;
use crate::local::gateway::api::{ApiMethod, BodyValidation, Parameter};
use crate::local::gateway::path::ResourcePath;

/// The longest that an integration may take, and the default.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
const TIMEOUT_MS: u64 = 29_000;

/// Which method is read.
pub(super) struct Place<'p> {
    /// `POST /uploads`, for a person.
    pub(super) text: String,
    /// `POST`
    pub(super) method: &'p str,
    pub(super) path: &'p ResourcePath,
}

pub(super) fn read(
    problems: &mut Problems,
    place: &Place<'_>,
    operation: &Value,
    document: &Document<'_>,
    around: &Surroundings<'_>,
) -> Result<ApiMethod, GatewayError> {
    problems.fields(
        &place.text,
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
    let (authorization, key_required) = security::read(problems, &place.text, operation, document);
    let validator = validator(problems, &place.text, operation, document);
    let checks = |what: &str| validator[what].as_bool().unwrap_or(false);
    let required = required(problems, place, operation);
    let body = if checks("validateRequestBody") {
        BodyValidation::Models(models(problems, &place.text, operation, document))
    } else {
        BodyValidation::Nothing
    };
    let timeout = operation["x-amazon-apigateway-integration"]["timeoutInMillis"].as_u64();
    Ok(ApiMethod {
        authorization,
        api_keys: key_required.then(|| around.keys.to_vec()),
        limit: around.stage.limit(place.path.as_str(), place.method),
        required: if checks("validateRequestParameters") {
            required
        } else {
            Vec::new()
        },
        body,
        integration: integration::read(problems, place, operation, around)?,
        timeout: Duration::from_millis(timeout.unwrap_or(TIMEOUT_MS)),
    })
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

/// Parameters that must be there. Those of the path are, or the path would be another one.
fn required(problems: &mut Problems, place: &Place<'_>, operation: &Value) -> Vec<Parameter> {
    let mut required = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let is_required = parameter["required"] == true;
        match parameter["in"].as_str() {
            Some("header") if is_required => required.push(Parameter::Header(name)),
            Some("query") if is_required => required.push(Parameter::Query(name)),
            Some("header" | "query") => {}
            Some("path") if place.path.parameters().any(|known| known == name) => {}
            Some("path") => problems.add(
                &place.text,
                format!("the path has no parameter `{name}`"),
            ),
            _ => problems.add(
                &place.text,
                format!("the parameter `{name}` is in no place that is supported: a header, the query, the path"),
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
