//! The document.
//!
//! Source: <https://spec.openapis.org/oas/v3.0.3>

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::{GatewayResponse, Integration, Schema, SecurityScheme};

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
    /// Every model that an operation refers to.
    pub schemas: Vec<Schema>,
    /// How a client says who it is; `None` lets everyone in.
    pub security: Option<SecurityScheme>,
    /// What API Gateway answers by itself.
    pub gateway_responses: Vec<GatewayResponse>,
}

/// A method of a resource.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// A name for generated clients.
    pub operation_id: String,
    /// What it does, in a line.
    pub summary: String,
    /// The body's model; the body is required and checked. `None` for a method without a body.
    pub request: Option<Schema>,
    /// What it answers.
    pub responses: Vec<Response>,
    /// Whether the API's security applies; a browser's preflight carries no credentials.
    pub secured: bool,
    /// What is behind it.
    pub integration: Integration,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// `POST`.
    Post,
    /// `OPTIONS`.
    Options,
}

/// An answer of a method.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// When it is given.
    pub description: String,
    /// The body's model.
    pub model: Option<Schema>,
    /// The names of its headers.
    pub headers: Vec<&'static str>,
}

/// The name of the validator that every method with a body uses.
const VALIDATOR: &str = "body";

impl OpenApi {
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
                let methods: Map<_, _> = operations
                    .iter()
                    .map(|operation| (name(operation.method), self.operation(operation)))
                    .collect();
                (path.clone(), Json::Object(methods))
            }).collect::<Map<_, _>>(),
            "components": {
                "schemas": self.schemas.iter().map(|schema| (schema.name().to_owned(), json!(schema))).collect::<Map<_, _>>(),
            },
            "x-amazon-apigateway-request-validators": {
                VALIDATOR: { "validateRequestBody": true, "validateRequestParameters": true },
            },
            "x-amazon-apigateway-request-validator": VALIDATOR,
            "x-amazon-apigateway-gateway-responses": self.gateway_responses.iter().map(|response| {
                (response.response_type.as_str().to_owned(), response.document())
            }).collect::<Map<_, _>>(),
        });
        if let Some(security) = self.security {
            document["components"]["securitySchemes"] =
                json!({ security.name(): security.document() });
        }
        document
    }

    fn operation(&self, operation: &Operation) -> Json {
        let mut document = json!({
            "operationId": operation.operation_id,
            "summary": operation.summary,
        });
        if let Some(security) = self.security.filter(|_| operation.secured) {
            document["security"] = json!([{ security.name(): [] }]);
        }
        if let Some(request) = &operation.request {
            document["requestBody"] = json!({
                "required": true,
                "content": content(request),
            });
        }
        document["responses"] = operation
            .responses
            .iter()
            .map(|response| (response.status.to_string(), response.document()))
            .collect::<Map<_, _>>()
            .into();
        document["x-amazon-apigateway-integration"] = operation.integration.document();
        document
    }
}

impl Response {
    fn document(&self) -> Json {
        let mut document = json!({ "description": self.description });
        if !self.headers.is_empty() {
            // A response header without a schema is refused.
            document["headers"] = self
                .headers
                .iter()
                .map(|header| {
                    (
                        (*header).to_owned(),
                        json!({ "schema": { "type": "string" } }),
                    )
                })
                .collect::<Map<_, _>>()
                .into();
        }
        if let Some(model) = &self.model {
            document["content"] = content(model);
        }
        document
    }
}

fn content(schema: &Schema) -> Json {
    json!({ "application/json": { "schema": schema.reference() } })
}

fn name(method: Method) -> String {
    match method {
        Method::Post => "post",
        Method::Options => "options",
    }
    .to_owned()
}
