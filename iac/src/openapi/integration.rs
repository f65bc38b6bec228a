//! What is behind a method: `x-amazon-apigateway-integration`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html>

use serde_json::{Map, Value as Json, json};

use super::headers;
use crate::cfn::{Arn, Value, pseudo};
use crate::resources::iam::Role;
use crate::resources::stepfunctions::StateMachine;
use crate::sub;
use crate::vtl::{Field, MappingTemplate};

/// What is behind a method. A body goes through a mapping template or not at all: `passthroughBehavior`
/// is `never`, or a client could send its own call under another content type.
#[derive(Debug, Clone)]
pub struct Integration {
    kind: Kind,
    responses: Vec<(String, IntegrationResponse)>,
}

#[derive(Debug, Clone)]
enum Kind {
    Action {
        uri: Value<String>,
        credentials: Value<Arn<Role>>,
        request: MappingTemplate,
    },
    Mock,
}

/// What a method answers for what came from behind it.
#[derive(Debug, Clone)]
pub struct IntegrationResponse {
    /// The status for the client.
    pub status: u16,
    /// The body for the client; `None` hands on what came.
    pub template: Option<MappingTemplate>,
    /// Headers with fixed values.
    pub headers: Vec<(&'static str, String)>,
}

impl Integration {
    /// Starts an execution of a state machine with the whole body as its input, as a role.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html>
    #[must_use]
    pub fn start_execution(
        state_machine: &Value<Arn<StateMachine>>,
        credentials: Value<Arn<Role>>,
    ) -> Self {
        Self {
            kind: Kind::Action {
                uri: sub![
                    "arn:",
                    pseudo::partition(),
                    ":apigateway:",
                    pseudo::region(),
                    ":states:action/StartExecution",
                ],
                credentials,
                request: MappingTemplate::object()
                    .field("stateMachineArn", Field::DeployedArn(state_machine.into()))
                    .field("input", Field::BodyAsText),
            },
            responses: Vec::new(),
        }
    }

    /// Nothing: API Gateway answers by itself.
    #[must_use]
    pub const fn mock() -> Self {
        Self {
            kind: Kind::Mock,
            responses: Vec::new(),
        }
    }

    /// Answers so by default. A failure that no pattern matches would come out as this, so give
    /// patterns for `4\d{2}` and `5\d{2}` as well.
    #[must_use]
    pub fn respond(self, response: IntegrationResponse) -> Self {
        self.respond_to("default", response)
    }

    /// Answers so where the status from behind matches a regular expression.
    #[must_use]
    pub fn respond_to(mut self, pattern: &str, response: IntegrationResponse) -> Self {
        self.responses.push((pattern.to_owned(), response));
        self
    }

    pub(crate) fn document(&self) -> Json {
        let mut document = match &self.kind {
            Kind::Action {
                uri,
                credentials,
                request,
            } => json!({
                "type": "aws",
                "httpMethod": "POST",
                "uri": uri,
                "credentials": credentials,
                "passthroughBehavior": "never",
                "requestTemplates": { "application/json": request.render() },
            }),
            Kind::Mock => json!({
                "type": "mock",
                "passthroughBehavior": "never",
                "requestTemplates": {
                    "application/json": MappingTemplate::object().field("statusCode", Field::Fixed(json!(200))).render(),
                },
            }),
        };
        document["responses"] = self
            .responses
            .iter()
            .map(|(pattern, response)| (pattern.clone(), response.document()))
            .collect::<Map<_, _>>()
            .into();
        document
    }
}

impl IntegrationResponse {
    fn document(&self) -> Json {
        let mut document = json!({ "statusCode": self.status.to_string() });
        if !self.headers.is_empty() {
            document["responseParameters"] =
                headers::fixed("method.response.header", &self.headers);
        }
        if let Some(template) = &self.template {
            document["responseTemplates"] = json!({ "application/json": template.render() });
        }
        document
    }
}
