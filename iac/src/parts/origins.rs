//! The pages that may call an API, chosen when the stack is deployed.

use lambda::cors::{ALLOW_ORIGIN, MAX_AGE_SECONDS};
use lambda::upload::UPLOAD_HEADERS;

use crate::cfn::{List, Parameter, Stack, Value};
use crate::openapi::{Header, Operation};
use crate::parts::Origin;
use crate::parts::cors::preflight;
use crate::resources::s3::{CorsMethod, CorsRule};

/// The origins in the parameter `AllowedOrigins`.
///
/// A function answers each of them under its own name. What API Gateway answers by itself bears the first
/// one: it cannot look at who asks. That one is part of the API, and a deployment of an API is a snapshot
/// that CloudFormation renews when the template changes and not when a parameter does.
#[derive(Debug, Clone)]
pub struct AllowedOrigins(Value<List>);

/// Adds the parameter. Without a default it has to be given.
pub fn origins_parameter(stack: &mut Stack, default: &[Origin]) -> AllowedOrigins {
    let mut parameter = Parameter::list(
        "Origins whose pages may call the API, with commas between them. API Gateway's own answers are for the first: after another first one, run aws apigateway create-deployment --rest-api-id ApiId --stage-name prod",
    )
    .allowed_pattern(
        "https?://[a-z0-9.-]+(:[0-9]{1,5})?",
        "is an origin: https://host or https://host:port, in lowercase and without a slash at the end",
    );
    if !default.is_empty() {
        parameter = parameter.default(default.iter().map(ToString::to_string).collect::<List>());
    }
    AllowedOrigins(stack.parameter("AllowedOrigins", parameter))
}

impl AllowedOrigins {
    /// All of them for a function's environment, with commas between them.
    #[must_use]
    pub fn variable(&self) -> Value<String> {
        self.0.joined(",")
    }

    /// The headers of an answer that no function gives. It is the same for whoever asks, so it says
    /// nothing of `Vary`.
    #[must_use]
    pub fn headers(&self) -> Vec<Header> {
        vec![(ALLOW_ORIGIN, self.0.item(0))]
    }

    /// The preflight of a resource that has no function behind it.
    #[must_use]
    pub fn preflight(&self, operation_id: &str, allowed: &str) -> Operation {
        preflight(self.headers(), operation_id, allowed)
    }

    /// What a bucket lets the pages do: put objects by pre-signed URLs.
    #[must_use]
    pub fn uploads(&self) -> CorsRule {
        CorsRule {
            allowed_origins: self.0.clone(),
            allowed_methods: vec![CorsMethod::Put.into()],
            allowed_headers: UPLOAD_HEADERS.map(Into::into).to_vec(),
            exposed_headers: vec!["ETag".into()],
            max_age: MAX_AGE_SECONDS.into(),
        }
    }
}
