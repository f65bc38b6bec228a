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
        let message = "API Gateway takes at most 10 MB: send a smaller image";
        answers.push(answer(
            ResponseType::RequestTooLarge,
            Some(413),
            says(message),
        ));
    }
    if !wanted.content_types.is_empty() {
        let message = format!("Send Content-Type: {}", in_words(&wanted.content_types));
        answers.push(answer(
            ResponseType::UnsupportedMediaType,
            Some(415),
            says(&message),
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
    content_types: Map<String, Json>,
    is_binary: bool,
}

impl Wanted {
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
        let json = |taken: bool| taken.then_some("application/json");
        let content_types: Vec<&str> = match &operation.body {
            Body::None => return,
            Body::Json(model) => {
                self.models
                    .insert(place.to_owned(), model.expectation().into());
                json(true).into_iter().collect()
            }
            Body::Binary {
                media_types,
                json: model,
            } => {
                self.is_binary = true;
                let json = json(model.is_some());
                media_types.iter().copied().chain(json).collect()
            }
        };
        self.content_types
            .insert(place.to_owned(), json!(content_types.join(", ")));
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

fn in_words(content_types: &Map<String, Json>) -> String {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let of_each = |(place, types): (&String, &Json)| format!("{} for {place}", text(types));
    match content_types.len() {
        1 => content_types.values().map(text).collect(),
        _ => content_types
            .iter()
            .map(of_each)
            .collect::<Vec<_>>()
            .join("; "),
    }
}
