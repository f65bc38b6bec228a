//! What a method takes beside a body.

use serde_json::{Value as Json, json};

/// A parameter, text of at least one character where it is required. API Gateway looks whether it is
/// there; what it may be is for what is behind the method to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    name: &'static str,
    place: Place,
    required: bool,
    description: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
}

impl Parameter {
    /// A part of the path, such as the `key` of `/uploads/{key}`.
    #[must_use]
    pub const fn path(name: &'static str, description: &'static str) -> Self {
        Self::of(Place::Path, name, description)
    }

    /// A part of the query.
    #[must_use]
    pub const fn query(name: &'static str, description: &'static str) -> Self {
        Self::of(Place::Query, name, description)
    }

    /// A header.
    #[must_use]
    pub const fn header(name: &'static str, description: &'static str) -> Self {
        Self::of(Place::Header, name, description)
    }

    /// Need not be there. Of a path every part is.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = matches!(self.place, Place::Path);
        self
    }

    const fn of(place: Place, name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            place,
            required: true,
            description,
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, in words.
    #[must_use]
    pub const fn description(&self) -> &'static str {
        self.description
    }

    /// Whether it is a part of the path, which no request lacks.
    #[must_use]
    pub const fn is_in_path(&self) -> bool {
        matches!(self.place, Place::Path)
    }

    /// Whether a request without it is refused.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// Where it comes from, as the parameters of an integration name it.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html>
    pub(super) fn source(self) -> String {
        let place = match self.place {
            Place::Path => "path",
            Place::Query => "querystring",
            Place::Header => "header",
        };
        format!("method.request.{place}.{}", self.name)
    }

    pub(super) fn document(&self) -> Json {
        json!({
            "name": self.name,
            "in": match self.place {
                Place::Path => "path",
                Place::Query => "query",
                Place::Header => "header",
            },
            "required": self.required,
            "description": self.description,
            "schema": { "type": "string" },
        })
    }
}
