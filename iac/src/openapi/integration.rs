//! What is behind a method: `x-amazon-apigateway-integration`.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html>

use serde_json::{Map, Value as Json, json};

use super::headers::{self, Header};
use super::{Method, Parameter};
use crate::cfn::{Arn, Handle, Id, Value, pseudo};
use crate::resources::iam::Role;
use crate::resources::lambda::Function;
use crate::resources::s3::{Bucket, Prefix};
use crate::resources::stepfunctions::StateMachine;
use crate::sub;
use crate::vtl::{Field, MappingTemplate};

/// What is behind a method. Where it is a call of an AWS API, a body goes through a mapping template or not
/// at all: `passthroughBehavior` is `never`, or a client could send its own call under another content type.
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
    Object {
        uri: Value<String>,
        credentials: Value<Arn<Role>>,
        key: Parameter,
        content_type: Parameter,
        existing: Existing,
    },
    Proxy {
        function: Handle<Function>,
    },
    Mock,
}

/// What becomes of an object that has the key already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// The new one takes its place; in a versioned bucket the old one is kept as a version.
    Replace,
    /// It stays, and S3 answers 412; 409 while somebody else is writing it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>
    Keep,
}

/// The parameter that becomes the type of an object.
const CONTENT_TYPE: Parameter = Parameter::header(
    "Content-Type",
    "Media type of the image, such as image/jpeg",
);

/// What a method answers for what came from behind it.
#[derive(Debug, Clone)]
pub struct IntegrationResponse {
    /// The status for the client.
    pub status: u16,
    /// The body for the client; `None` hands on what came.
    pub template: Option<MappingTemplate>,
    /// Its headers.
    pub headers: Vec<Header>,
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
                    .field("stateMachineArn", Field::Deployed(state_machine.into()))
                    .field("input", Field::BodyAsText),
            },
            responses: Vec::new(),
        }
    }

    /// Puts the body into a bucket as it is, as a role. The key is a prefix and then a parameter of the
    /// method; the method must take [`Integration::parameters`].
    ///
    /// The client's `Content-Type` becomes the object's, and the `User-Agent` of the request to S3 as well:
    /// nothing in API Gateway can go by the type of a binary body, and no key of IAM holds a `Content-Type`, but
    /// the role's policy can go by `aws:UserAgent`. Unmapped it would be `AmazonAPIGateway_` and the API's id.
    /// Of the two keys that a client's header could be put in it is this one, because API Gateway drops a `Referer`.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html>,
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>
    #[must_use]
    pub fn put_object(
        bucket: &Value<Id<Bucket>>,
        prefix: &Prefix,
        key: Parameter,
        existing: Existing,
        credentials: Value<Arn<Role>>,
    ) -> Self {
        Self {
            kind: Kind::Object {
                uri: sub![
                    "arn:",
                    pseudo::partition(),
                    ":apigateway:",
                    pseudo::region(),
                    ":s3:path/",
                    bucket,
                    format!("/{prefix}{{key}}"),
                ],
                credentials,
                key,
                content_type: CONTENT_TYPE,
                existing,
            },
            responses: Vec::new(),
        }
    }

    /// Hands the whole request to a function, whose answer is the method's. The function must permit it.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
    #[must_use]
    pub fn function(function: &Handle<Function>) -> Self {
        Self {
            kind: Kind::Proxy {
                function: function.clone(),
            },
            responses: Vec::new(),
        }
    }

    /// The function that is handed the whole request, if it is one.
    #[must_use]
    pub const fn proxied(&self) -> Option<&Handle<Function>> {
        match &self.kind {
            Kind::Proxy { function } => Some(function),
            Kind::Action { .. } | Kind::Object { .. } | Kind::Mock => None,
        }
    }

    /// What the method must take for this.
    #[must_use]
    pub fn parameters(&self) -> Vec<Parameter> {
        match self.kind {
            Kind::Object {
                key, content_type, ..
            } => vec![key, content_type],
            Kind::Action { .. } | Kind::Proxy { .. } | Kind::Mock => Vec::new(),
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
            Kind::Object {
                uri,
                credentials,
                key,
                content_type,
                existing,
            } => json!({
                "type": "aws",
                "httpMethod": Method::Put.as_str(),
                "uri": uri,
                "credentials": credentials,
                // Without a template there is nothing that a content type could get around, and with
                // `never` every body would be refused.
                "passthroughBehavior": "when_no_match",
                "requestParameters": object_parameters(*key, *content_type, *existing),
            }),
            Kind::Proxy { function } => {
                return json!({
                    "type": "aws_proxy",
                    // Of the call to Lambda, whatever the client's method is.
                    "httpMethod": Method::Post.as_str(),
                    "uri": sub![
                        "arn:",
                        pseudo::partition(),
                        ":apigateway:",
                        pseudo::region(),
                        ":lambda:path/2015-03-31/functions/",
                        function.arn(),
                        "/invocations",
                    ],
                });
            }
            Kind::Mock => json!({
                "type": "mock",
                "passthroughBehavior": "never",
                "requestTemplates": {
                    "application/json": MappingTemplate::object().field("statusCode", Field::Fixed(json!(200))).render(),
                },
            }),
        };
        let mut responses: Map<String, Json> = self
            .responses
            .iter()
            .map(|(pattern, response)| (pattern.clone(), response.document()))
            .collect();
        if matches!(self.kind, Kind::Object { .. }) {
            // Asked for an image (`Accept: image/*`), API Gateway would take the JSON of an answer for one in
            // base64, and fail after the object was stored.
            for response in responses.values_mut() {
                response["contentHandling"] = json!("CONVERT_TO_TEXT");
            }
        }
        document["responses"] = responses.into();
        document
    }
}

fn object_parameters(key: Parameter, content_type: Parameter, existing: Existing) -> Json {
    let mut parameters = json!({
        "integration.request.path.key": key.source(),
        "integration.request.header.Content-Type": content_type.source(),
        "integration.request.header.User-Agent": content_type.source(),
    });
    if existing == Existing::Keep {
        parameters["integration.request.header.If-None-Match"] = json!("'*'");
    }
    parameters
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
