//! Typed OpenAPI 3.0 for API Gateway, with its `x-amazon-apigateway-*` extensions.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html>

mod document;
mod gateway_response;
mod headers;
mod integration;
mod schema;
mod security;

pub use document::{Method, OpenApi, Operation, Response};
pub use gateway_response::{BodyField, GatewayResponse, ResponseType};
pub use integration::{Integration, IntegrationResponse};
pub use schema::Schema;
pub use security::SecurityScheme;
