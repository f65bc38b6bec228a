//! Typed OpenAPI 3.0 for API Gateway, with its `x-amazon-apigateway-*` extensions.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html>

mod document;
mod gateway_response;
mod headers;
mod integration;
mod operation;
mod parameter;
mod schema;
mod security;

pub use document::OpenApi;
pub use gateway_response::{BodyField, GatewayResponse, ResponseType};
pub use headers::Header;
pub use integration::{Existing, Integration, IntegrationResponse};
pub use operation::{Body, Method, Operation, Response};
pub use parameter::Parameter;
pub use schema::Schema;
pub use security::SecurityScheme;
