//! A request, as API Gateway hands it on.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Refusal;

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// API Gateway's id of it.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The resource, such as `/images/{id}`.
    pub resource: String,
    path_parameters: BTreeMap<String, String>,
    query: BTreeMap<String, Vec<String>>,
    /// By lowercase name.
    headers: BTreeMap<String, String>,
    body: Option<String>,
    is_base64: bool,
}

/// The parts of version 1.0 of the event that are used. API Gateway writes `null` for what is not there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    http_method: String,
    resource: String,
    path_parameters: Option<BTreeMap<String, String>>,
    query_string_parameters: Option<BTreeMap<String, String>>,
    multi_value_query_string_parameters: Option<BTreeMap<String, Vec<String>>>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
    request_context: Option<Context>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    request_id: Option<String>,
}

impl Request {
    /// Reads an event.
    ///
    /// # Errors
    ///
    /// What is wrong with it, naming the field.
    pub fn of(event: &str) -> Result<Self, String> {
        let event: Event = parse(event.as_bytes())?;
        let single = event.query_string_parameters.unwrap_or_default();
        let mut query: BTreeMap<_, _> = single
            .into_iter()
            .map(|(name, value)| (name, vec![value]))
            .collect();
        query.extend(
            event
                .multi_value_query_string_parameters
                .unwrap_or_default(),
        );
        Ok(Self {
            id: event
                .request_context
                .and_then(|context| context.request_id)
                .unwrap_or_default(),
            method: event.http_method.to_ascii_uppercase(),
            resource: event.resource,
            path_parameters: event.path_parameters.unwrap_or_default(),
            query,
            headers: event
                .headers
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
            body: event.body,
            is_base64: event.is_base64_encoded.unwrap_or_default(),
        })
    }

    /// A part of the path, such as `id`.
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        self.path_parameters.get(name).map(String::as_str)
    }

    /// A query parameter; an empty one is none.
    ///
    /// # Errors
    ///
    /// It is given more than once.
    pub fn query(&self, name: &str) -> Result<Option<&str>, Refusal> {
        match self.query.get(name).map_or(&[][..], Vec::as_slice) {
            [] => Ok(None),
            [value] => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
            several => Err(Refusal::invalid(format!(
                "the query parameter {name} is given {} times; give it once",
                several.len()
            ))),
        }
    }

    /// A header; `name` in lowercase.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The bytes of the body, however API Gateway wrote them.
    ///
    /// # Errors
    ///
    /// It says that it wrote them in base64 and did not.
    pub fn body(&self) -> Result<Vec<u8>, Refusal> {
        let text = self.body.as_deref().unwrap_or_default();
        if !self.is_base64 {
            return Ok(text.as_bytes().to_vec());
        }
        STANDARD.decode(text).map_err(|error| {
            Refusal::invalid(format!("the body is not the base64 it should be: {error}"))
        })
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// It is none of a `T`; the refusal names the field.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        parse(&self.body()?)
            .map_err(|problem| Refusal::invalid(format!("the body is not valid: {problem}")))
    }
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner();
        if path == "." {
            problem.to_string()
        } else {
            format!("{path}: {problem}")
        }
    })?;
    json.end().map_err(|error| error.to_string())?;
    Ok(value)
}
