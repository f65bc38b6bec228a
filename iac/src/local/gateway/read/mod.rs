//! From a deployed template to an [`Api`]. What is not known here is a problem with a name.

mod backend;
mod integration;
mod method;
mod responses;
mod security;
mod stage;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::api::{Api, METHODS, Resource};
use super::media_type::MediaTypes;
use super::path::ResourcePath;
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
                "BinaryMediaTypes",
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
        let binary = binary_types(&mut problems, &api, &api["Body"]);
        let id = stack.physical_ids.get(*api_id).cloned().unwrap_or_default();
        let around = Surroundings {
            api_id: &id,
            stage: &stage,
            keys: &keys,
            stack,
        };
        let resources = document.resources(&mut problems, &around)?;
        if problems.0.is_empty() {
            Ok(Self {
                deployment_id: stage.deployment_id,
                stage: stage.name,
                stage_variables: stage.variables,
                id,
                resources,
                binary,
                responses,
            })
        } else {
            Err(GatewayError::Unsupported(problems.0))
        }
    }
}

/// The binary media types: a property of the API and a field of its document mean the same.
fn binary_types(problems: &mut Problems, api: &Value, body: &Value) -> MediaTypes {
    let list = |value: &Value| {
        let items = value.as_array().into_iter().flatten();
        let texts = items.filter_map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Vec<_>>()
    };
    let mut all = list(&api["BinaryMediaTypes"]);
    all.extend(list(&body["x-amazon-apigateway-binary-media-types"]));
    match MediaTypes::parse(all.iter().map(String::as_str)) {
        Ok(types) => types,
        Err(text) => {
            problems.add("BinaryMediaTypes", format!("`{text}` is no media type"));
            MediaTypes::default()
        }
    }
}

/// What is around a document: its methods depend on it.
struct Surroundings<'v> {
    api_id: &'v str,
    stage: &'v stage::Stage,
    keys: &'v [String],
    stack: &'v DeployedStack,
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
                "x-amazon-apigateway-binary-media-types",
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

    /// The resources, the better fit first.
    fn resources(
        &self,
        problems: &mut Problems,
        around: &Surroundings<'_>,
    ) -> Result<Vec<Resource>, GatewayError> {
        let mut resources: Vec<Resource> = Vec::new();
        for (text, item) in self.paths.as_object().into_iter().flatten() {
            problems.fields(text, item, &METHODS.map(|(name, _)| name));
            let path = match ResourcePath::parse(text) {
                Ok(path) => path,
                Err(problem) => {
                    problems.add(text, problem);
                    continue;
                }
            };
            for other in &resources {
                if let Some(conflict) = path.conflict(&other.path) {
                    problems.add(text, format!("this and `{}` {conflict}", other.path));
                }
            }
            let mut methods = BTreeMap::new();
            for (name, method) in METHODS {
                if let Some(operation) = item.get(name) {
                    let place = method::Place {
                        text: format!("{method} {path}"),
                        method: method.as_str(),
                        path: &path,
                    };
                    let read = method::read(problems, &place, operation, self, around)?;
                    methods.insert(method.to_string(), read);
                }
            }
            resources.push(Resource { path, methods });
        }
        resources.sort_by_key(|resource| resource.path.preference());
        Ok(resources)
    }

    fn model(&self, schema: &Value) -> Result<validate::Model, String> {
        validate::Model::new(schema, self.components)
    }
}
