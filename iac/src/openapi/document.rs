//! The document.
//!
//! Source: <https://spec.openapis.org/oas/v3.0.3>

use serde_json::{Map, Value as Json, json};

use super::{Body, GatewayResponse, Operation, Parameter, Schema, SecurityScheme};

/// A REST API for API Gateway to import: OpenAPI 3.0 with Amazon's extensions.
#[derive(Debug, Clone)]
pub struct OpenApi {
    /// The title.
    pub title: String,
    /// What the API is for.
    pub description: String,
    /// The version of the API's contract.
    pub version: String,
    /// The resources with their methods.
    pub paths: Vec<(String, Vec<Operation>)>,
    /// How a client says who it is; `None` lets everyone in.
    pub security: Option<SecurityScheme>,
    /// What API Gateway answers by itself.
    pub gateway_responses: Vec<GatewayResponse>,
}

/// What API Gateway checks of a request before anything behind it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Validator {
    /// The body and the parameters.
    Body,
    /// The parameters.
    Parameters,
}

impl Validator {
    /// The one that a body can be checked with.
    const fn of(operation: &Operation) -> Self {
        match operation.body {
            Body::Json(_) | Body::None => Self::Body,
            Body::Binary { .. } => Self::Parameters,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Parameters => "parameters",
        }
    }
}

impl OpenApi {
    /// Every method with its path.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &Operation)> {
        self.paths
            .iter()
            .flat_map(|(path, all)| all.iter().map(|operation| (path.as_str(), operation)))
    }

    /// The document, with CloudFormation's intrinsic functions in it.
    #[must_use]
    pub fn document(&self) -> Json {
        let mut document = json!({
            "openapi": "3.0.1",
            "info": {
                "title": self.title,
                "description": self.description,
                "version": self.version,
            },
            "paths": self.paths.iter().map(|(path, operations)| {
                (path.clone(), self.resource(operations))
            }).collect::<Map<_, _>>(),
            "components": {
                "schemas": self.models(),
            },
            "x-amazon-apigateway-request-validators": {
                Validator::Body.as_str(): { "validateRequestBody": true, "validateRequestParameters": true },
            },
            "x-amazon-apigateway-request-validator": Validator::Body.as_str(),
            "x-amazon-apigateway-gateway-responses": self.gateway_responses.iter().map(|response| {
                (response.response_type.as_str().to_owned(), response.document())
            }).collect::<Map<_, _>>(),
        });
        let binary = self.binary_media_types();
        if !binary.is_empty() {
            document["x-amazon-apigateway-request-validators"][Validator::Parameters.as_str()] =
                json!({ "validateRequestBody": false, "validateRequestParameters": true });
            document["x-amazon-apigateway-binary-media-types"] = json!(binary);
        }
        if let Some(security) = self.security {
            document["components"]["securitySchemes"] =
                json!({ security.name(): security.document() });
        }
        document
    }

    fn resource(&self, operations: &[Operation]) -> Json {
        // Each method has to say what the parts of its path are, a preflight too.
        let in_path: Vec<Parameter> = operations
            .iter()
            .flat_map(|operation| &operation.parameters)
            .filter(|parameter| parameter.is_in_path())
            .copied()
            .collect();
        let method = |operation: &Operation| operation.method.as_str().to_ascii_lowercase();
        operations
            .iter()
            .map(|operation| (method(operation), self.operation(operation, &in_path)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn operation(&self, operation: &Operation, in_path: &[Parameter]) -> Json {
        let mut document = operation.document(in_path);
        if let Some(security) = self.security.filter(|_| operation.secured) {
            document["security"] = json!([{ security.name(): [] }]);
        }
        let validator = Validator::of(operation);
        if validator != Validator::Body {
            document["x-amazon-apigateway-request-validator"] = json!(validator.as_str());
        }
        document
    }

    /// Every model that an operation refers to, in the order in which they come up. Where one holds
    /// another whole, it refers to it.
    fn models(&self) -> Map<String, Json> {
        let operations = self.operations();
        let schemas: Vec<&Schema> = operations
            .flat_map(|(_, operation)| operation.schemas())
            .collect();
        let model = |schema: &Schema| (schema.name().to_owned(), schema.referring_to(&schemas));
        schemas.iter().map(|schema| model(schema)).collect()
    }

    fn binary_media_types(&self) -> Vec<&'static str> {
        let mut all = Vec::new();
        for (_, operation) in self.operations() {
            if let Body::Binary { media_types, .. } = &operation.body {
                for media_type in media_types {
                    if !all.contains(media_type) {
                        all.push(*media_type);
                    }
                }
            }
        }
        all
    }
}
