//! Requests from pages of other origins.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>

use super::Answer;
use crate::cors::{
    ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, MAX_AGE, MAX_AGE_SECONDS, REQUEST_HEADERS,
};
use crate::environment::ALLOWED_ORIGINS;
use crate::function::variables::{ConfigError, Variables};

/// What a page may send. A resource that a function does not answer is refused by API Gateway.
const METHODS: &str = "GET,POST,OPTIONS";
/// The header that a page may send beside [`REQUEST_HEADERS`]: a file's name.
const FILENAME: &str = "X-Filename";

/// Whose pages may call the API and read its answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cors {
    origins: Vec<String>,
}

impl Cors {
    /// The origins in [`ALLOWED_ORIGINS`].
    ///
    /// # Errors
    ///
    /// The variable is not UTF-8.
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let list = variables.optional(ALLOWED_ORIGINS)?.unwrap_or_default();
        let origins = list
            .split(',')
            .map(str::trim)
            .filter(|origin| !origin.is_empty())
            .map(str::to_owned)
            .collect();
        Ok(Self { origins })
    }

    /// The headers of every answer to a page of this origin, errors too: without them the page cannot read
    /// what is wrong.
    pub fn headers(&self, origin: Option<&str>) -> Vec<(&'static str, String)> {
        if self.origins.is_empty() {
            return Vec::new();
        }
        // The answer depends on who asks: a cache must not hand it to another.
        let mut headers = vec![("Vary", "Origin".to_owned())];
        let allowed = |origin: &&str| {
            self.origins
                .iter()
                .any(|allowed| allowed == origin || allowed == "*")
        };
        if let Some(origin) = origin.filter(allowed) {
            headers.extend([
                (ALLOW_ORIGIN, origin.to_owned()),
                ("Access-Control-Expose-Headers", "Location".to_owned()),
            ]);
        }
        headers
    }

    /// The answer to a browser that asks whether a page may call. A page of another origin is not told.
    pub fn preflight(&self, origin: Option<&str>) -> Answer {
        let allowed = self
            .headers(origin)
            .iter()
            .any(|(name, _)| *name == ALLOW_ORIGIN);
        let mut headers = Vec::new();
        if allowed {
            headers.extend([
                (ALLOW_METHODS, METHODS.to_owned()),
                (ALLOW_HEADERS, format!("{REQUEST_HEADERS},{FILENAME}")),
                (MAX_AGE, MAX_AGE_SECONDS.to_string()),
            ]);
        }
        Answer {
            status: 204,
            headers,
            body: String::new(),
            about: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors(origins: &str) -> Cors {
        Cors::from_env(&Variables::of(&[(ALLOWED_ORIGINS, origins)])).expect("UTF-8")
    }

    fn allowed(origins: &str, origin: Option<&str>) -> Option<String> {
        cors(origins)
            .headers(origin)
            .into_iter()
            .find(|(name, _)| *name == ALLOW_ORIGIN)
            .map(|(_, value)| value)
    }

    #[test]
    fn only_the_very_origins_are_allowed() {
        let two = "https://a.example, http://localhost:8080,";
        let a = Some("https://a.example");
        assert_eq!(allowed(two, a).as_deref(), a);
        let local = Some("http://localhost:8080");
        assert_eq!(allowed(two, local).as_deref(), local);
        for other in [
            "http://a.example",
            "https://a.example.evil.example",
            "https://evil.example/https://a.example",
            "https://a.example:443",
            "HTTPS://A.EXAMPLE",
            "null",
            "",
            "*",
        ] {
            assert_eq!(allowed(two, Some(other)), None, "{other}");
        }
        assert_eq!(allowed(two, None), None);
        assert_eq!(allowed("", a), None);
        assert_eq!(allowed("*", a).as_deref(), a);
    }

    #[test]
    fn an_answer_that_depends_on_the_origin_says_so() {
        let vary = ("Vary", "Origin".to_owned());
        assert!(cors("https://a.example").headers(None).contains(&vary));
        assert!(cors("").headers(Some("https://a.example")).is_empty());
    }

    #[test]
    fn other_origins_get_an_empty_preflight() {
        let cors = cors("https://a.example");
        let names = |origin| {
            let answer = cors.preflight(Some(origin));
            assert_eq!(answer.status, 204);
            answer.headers.len()
        };
        assert_eq!(names("https://a.example"), 3);
        assert_eq!(names("https://b.example"), 0);
    }
}
