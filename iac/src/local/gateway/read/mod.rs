//! From a deployed template to an [`Api`]. What is not known here is a problem with a name.

mod integration;
mod method;
mod responses;
mod security;
mod stage;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::api::{Api, METHODS, Resource};
use super::{GatewayError, validate};
use crate::local::template::DeployedStack;

/// Collects what is wrong or not supported, so that a person sees all of it at once.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    fn add(&mut self, place: &str, problem: impl std::fmt::Display) {
        self.0.push(format!("{place}: {problem}"));
    }

    /// The fields of an object, all of which must be among `known`.
    fn fields<'v>(
        &mut self,
        place: &str,
        value: &'v Value,
        known: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(fields) = value.as_object() else {
            if !value.is_null() {
                self.add(place, "is no object");
            }
            return None;
        };
        for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
            self.add(place, format!("`{name}` is not supported"));
        }
        Some(fields)
    }
}

const REST_API: &str = "AWS::ApiGateway::RestApi";
const STAGE: &str = "AWS::ApiGateway::Stage";

/// Types that say something about an API that is read here, or nothing that matters on one machine.
const KNOWN_TYPES: [&str; 7] = [
    REST_API,
    STAGE,
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGateway::UsagePlanKey",
];

impl Api {
    /// Reads the one REST API of a stack.
    ///
    /// # Errors
    /// There is not exactly one, or it uses what the gateway does not have.
    pub fn of_stack(stack: &DeployedStack) -> Result<Self, GatewayError> {
        let mut problems = Problems::default();
        for (id, resource) in stack.resources() {
            let kind = resource["Type"].as_str().unwrap_or_default();
            let of_gateway =
                kind.starts_with("AWS::ApiGateway::") || kind.starts_with("AWS::ApiGatewayV2::");
            if of_gateway && !KNOWN_TYPES.contains(&kind) {
                problems.add(id, format!("the resource type `{kind}` is not supported"));
            }
        }
        let apis: Vec<_> = stack.resources_of(REST_API).collect();
        let stages: Vec<_> = stack.resources_of(STAGE).collect();
        let ([(api_id, api)], [(stage_id, stage)]) = (apis.as_slice(), stages.as_slice()) else {
            return Err(GatewayError::NotOneApi(apis.len().max(stages.len())));
        };
        let api = resolved(stack, api_id, api)?;
        let stage_properties = resolved(stack, stage_id, stage)?;
        problems.fields(
            api_id,
            &api,
            &[
                "Body",
                "Description",
                "DisableExecuteApiEndpoint",
                "EndpointConfiguration",
                "FailOnWarnings",
                "Mode",
                "Name",
                "Tags",
            ],
        );
        let stage = stage::read(&mut problems, stage_id, &stage_properties);
        let keys = security::api_keys(&mut problems, stack)?;
        let document = Document::read(&mut problems, &api["Body"]);
        let responses = responses::gateway_responses(&mut problems, document.gateway_responses);
        let resources = document.resources(&mut problems, &stage, &keys, stack);
        if problems.0.is_empty() {
            let id = stack.physical_ids.get(*api_id).cloned().unwrap_or_default();
            Ok(Self {
                id,
                stage: stage.name,
                stage_variables: stage.variables,
                resources,
                responses,
            })
        } else {
            Err(GatewayError::Unsupported(problems.0))
        }
    }
}

fn resolved(stack: &DeployedStack, place: &str, value: &Value) -> Result<Value, GatewayError> {
    match stack.resolve(value) {
        Ok(value) => Ok(value.unwrap_or_default()),
        Err(source) => Err(GatewayError::Resolve {
            place: place.to_owned(),
            source,
        }),
    }
}

/// The parts of an `OpenAPI` document that methods are read with.
struct Document<'v> {
    paths: &'v Value,
    components: &'v Value,
    validators: &'v Value,
    default_validator: &'v Value,
    default_security: &'v Value,
    gateway_responses: &'v Value,
}

impl<'v> Document<'v> {
    fn read(problems: &mut Problems, body: &'v Value) -> Self {
        problems.fields(
            "Body",
            body,
            &[
                "components",
                "info",
                "openapi",
                "paths",
                "security",
                "servers",
                "tags",
                "x-amazon-apigateway-gateway-responses",
                "x-amazon-apigateway-request-validator",
                "x-amazon-apigateway-request-validators",
            ],
        );
        if !body["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.0."))
        {
            problems.add("Body", "only OpenAPI 3.0 is supported");
        }
        problems.fields(
            "components",
            &body["components"],
            &["schemas", "securitySchemes"],
        );
        Self {
            paths: &body["paths"],
            components: &body["components"],
            validators: &body["x-amazon-apigateway-request-validators"],
            default_validator: &body["x-amazon-apigateway-request-validator"],
            default_security: &body["security"],
            gateway_responses: &body["x-amazon-apigateway-gateway-responses"],
        }
    }

    fn resources(
        &self,
        problems: &mut Problems,
        stage: &stage::Stage,
        keys: &[String],
        stack: &DeployedStack,
    ) -> BTreeMap<String, Resource> {
        let mut resources = BTreeMap::new();
        for (path, item) in self.paths.as_object().into_iter().flatten() {
            if path.contains('{') {
                problems.add(path, "path parameters are not supported");
            }
            problems.fields(path, item, &METHODS.map(|(name, _)| name));
            let mut resource = Resource::default();
            for (name, method) in METHODS {
                if let Some(operation) = item.get(name) {
                    let place = format!("{method} {path}");
                    let mut method_model =
                        method::read(problems, &place, operation, self, keys, stack);
                    method_model.limit = stage.limit(path, method.as_str());
                    resource.methods.insert(method.to_string(), method_model);
                }
            }
            resources.insert(path.clone(), resource);
        }
        resources
    }

    fn model(&self, schema: &Value) -> Result<validate::Model, String> {
        validate::Model::new(schema, self.components)
    }
}
