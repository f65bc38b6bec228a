//! Methods of resources: what they take and what they answer.

use serde_json::{Map, Value as Json, json};

use super::{Integration, Parameter, Schema};

/// A method of a resource.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// A name for generated clients.
    pub operation_id: String,
    /// What it does, in a line.
    pub summary: String,
    /// What it takes in the path, the query and the headers.
    pub parameters: Vec<Parameter>,
    /// What it takes as a body.
    pub body: Body,
    /// What it answers.
    pub responses: Vec<Response>,
    /// Whether the API's security applies; a browser's preflight carries no credentials.
    pub secured: bool,
    /// What is behind it.
    pub integration: Integration,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `PUT`.
    Put,
    /// `POST`.
    Post,
    /// `OPTIONS`.
    Options,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub enum Body {
    /// None is looked at.
    None,
    /// JSON, required and checked against a model.
    Json(Schema),
    /// Bytes of one of these media types, handed on as they are. API Gateway checks parameters only: asked
    /// to check a body, it refuses every binary one, because no model fits.
    Binary {
        /// The media types.
        media_types: Vec<&'static str>,
        /// JSON that is taken as well, and left to what is behind the method to check.
        json: Option<Schema>,
    },
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

impl Operation {
    /// A method without parameters, body or answers, to which the API's security applies.
    #[must_use]
    pub fn new(
        method: Method,
        operation_id: &str,
        summary: &str,
        integration: Integration,
    ) -> Self {
        Self {
            method,
            operation_id: operation_id.to_owned(),
            summary: summary.to_owned(),
            parameters: Vec::new(),
            body: Body::None,
            responses: Vec::new(),
            secured: true,
            integration,
        }
    }

    /// Takes a parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// Takes a body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Answers so.
    #[must_use]
    pub fn answers(mut self, response: Response) -> Self {
        self.responses.push(response);
        self
    }

    /// Lets everyone in.
    #[must_use]
    pub const fn unsecured(mut self) -> Self {
        self.secured = false;
        self
    }

    /// The models that the method refers to.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &Schema> {
        let answers = self.responses.iter();
        let answers = answers.filter_map(|answer| answer.model.as_ref());
        self.body.model().into_iter().chain(answers)
    }

    /// The method in the document, without security and validator, which depend on the others. Whatever
    /// else is known of parts of its path is said here as well.
    pub(super) fn document(&self, in_path: &[Parameter]) -> Json {
        let mut document = json!({
            "operationId": self.operation_id,
            "summary": self.summary,
        });
        let others = in_path.iter().filter(|it| !self.parameters.contains(it));
        let parameters = self.parameters.iter().chain(others);
        let parameters: Vec<Json> = parameters.map(Parameter::document).collect();
        if !parameters.is_empty() {
            document["parameters"] = parameters.into();
        }
        if let Some(model) = self.body.model() {
            document["requestBody"] = json!({ "required": true, "content": content(model) });
        }
        document["responses"] = self
            .responses
            .iter()
            .map(|response| (response.status.to_string(), response.document()))
            .collect::<Map<_, _>>()
            .into();
        document["x-amazon-apigateway-integration"] = self.integration.document();
        document
    }
}

impl Body {
    /// The model of JSON that is taken. Bytes have none: API Gateway would have to make up a name for it.
    const fn model(&self) -> Option<&Schema> {
        match self {
            Self::Json(schema) => Some(schema),
            Self::Binary { json, .. } => json.as_ref(),
            Self::None => None,
        }
    }
}

impl Method {
    /// The method as a request bears it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Options => "OPTIONS",
        }
    }
}

impl Response {
    /// An answer without headers of its own.
    #[must_use]
    pub fn new(status: u16, description: &str, model: Option<&Schema>) -> Self {
        Self {
            status,
            description: description.to_owned(),
            model: model.cloned(),
            headers: Vec::new(),
        }
    }

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
