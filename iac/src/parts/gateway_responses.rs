//! What API Gateway answers by itself, with bodies that say what is wrong and what to send.

use serde_json::{Map, Value as Json, json};

use crate::openapi::{Body, BodyField, GatewayResponse, Header, Operation, ResponseType};

/// The answers for an API with these paths. Every one bears the headers.
#[must_use]
pub fn gateway_responses(
    headers: &[Header],
    paths: &[(String, Vec<Operation>)],
) -> Vec<GatewayResponse> {
    let answer = |response_type, status, body: Vec<(&'static str, BodyField)>| GatewayResponse {
        response_type,
        status,
        body: [("error", BodyField::ErrorType)]
            .into_iter()
            .chain(body)
            .chain([("requestId", BodyField::RequestId)])
            .collect(),
        headers: headers.to_vec(),
    };
    let says = |message: &str| vec![("message", BodyField::Fixed(json!(message)))];
    let wanted = Wanted::of(paths);
    let limit = wanted.limit();
    let mut answers = Vec::new();
    if let Some(expected) = only(&wanted.models) {
        let body = vec![
            ("message", BodyField::ValidationError),
            ("expected", BodyField::Fixed(expected)),
        ];
        answers.push(answer(ResponseType::BadRequestBody, Some(400), body));
    }
    if !wanted.parameters.is_empty() {
        let expected = Json::Object(wanted.parameters);
        let body = vec![
            ("message", BodyField::Message),
            ("expected", BodyField::Fixed(expected)),
        ];
        answers.push(answer(ResponseType::BadRequestParameters, Some(400), body));
    }
    if wanted.is_binary {
        let message = format!("At most {limit} are taken here: send a smaller image");
        answers.push(answer(
            ResponseType::RequestTooLarge,
            Some(413),
            says(&message),
        ));
    }
    if !wanted.models.is_empty() {
        answers.push(answer(
            ResponseType::UnsupportedMediaType,
            Some(415),
            says("Send Content-Type: application/json"),
        ));
    }
    answers.extend([
        answer(
            ResponseType::MissingAuthenticationToken,
            Some(403),
            says("The API has no such method and path, or the request is not signed"),
        ),
        answer(
            ResponseType::Default4xx,
            None,
            vec![("message", BodyField::Message)],
        ),
        answer(
            ResponseType::Default5xx,
            None,
            vec![("message", BodyField::Message)],
        ),
    ]);
    answers
}

/// What the methods of an API want, by method and path.
#[derive(Default)]
struct Wanted {
    models: Map<String, Json>,
    parameters: Map<String, Json>,
    is_binary: bool,
    is_proxied: bool,
}

impl Wanted {
    /// The largest image in a body: what Lambda takes where a function gets it, or API Gateway's own bound.
    const fn limit(&self) -> &'static str {
        if self.is_proxied { "4.5 MB" } else { "10 MB" }
    }

    fn of(paths: &[(String, Vec<Operation>)]) -> Self {
        let mut wanted = Self::default();
        for (path, operations) in paths {
            for operation in operations {
                wanted.add(&format!("{} {path}", operation.method.as_str()), operation);
            }
        }
        wanted
    }

    fn add(&mut self, place: &str, operation: &Operation) {
        let needed: Map<String, Json> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.is_required() && !parameter.is_in_path())
            .map(|parameter| (parameter.name().to_owned(), json!(parameter.description())))
            .collect();
        if !needed.is_empty() {
            self.parameters.insert(place.to_owned(), needed.into());
        }
        match &operation.body {
            Body::None => {}
            Body::Json(model) => {
                self.models
                    .insert(place.to_owned(), model.expectation().into());
            }
            // Of whatever type: API Gateway refuses none.
            Body::Binary { .. } => {
                self.is_binary = true;
                self.is_proxied |= operation.integration.proxied().is_some();
            }
        }
    }
}

/// What is said of the one method, or of each of several under its name; `None` where there is none.
fn only(of_methods: &Map<String, Json>) -> Option<Json> {
    match of_methods.len() {
        0 => None,
        1 => of_methods.values().next().cloned(),
        _ => Some(of_methods.clone().into()),
    }
}
