//! How a client says who it is.

use serde_json::{Value as Json, json};

/// A security scheme that API Gateway checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityScheme {
    /// A key in the `x-api-key` header.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html>
    ApiKey,
    /// A request signed with Signature Version 4 by somebody whom IAM allows `execute-api:Invoke`.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html>
    Iam,
}

impl SecurityScheme {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "apiKey",
            Self::Iam => "sigv4",
        }
    }

    pub(crate) fn document(self) -> Json {
        match self {
            Self::ApiKey => json!({ "type": "apiKey", "name": "x-api-key", "in": "header" }),
            Self::Iam => json!({
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            }),
        }
    }
}
