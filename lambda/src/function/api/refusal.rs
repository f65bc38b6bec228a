//! Why a request gets no answer it asked for.

#[cfg(feature = "storage")]
use crate::function::storage::StorageError;
#[cfg(feature = "table")]
use crate::function::table::TableError;

use super::Answer;
use crate::causes::chain;
use crate::{ApiError, ApiErrorName, FailureName};

/// An error for a client. What only those who run the stack should know stays in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name, which decides on the status.
    pub name: ApiErrorName,
    /// What happened and what to do about it.
    pub message: String,
    /// What the log says in place of the message.
    pub cause: Option<String>,
}

impl Refusal {
    /// A refusal that says all there is to say.
    pub fn new(name: ApiErrorName, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
            cause: None,
        }
    }

    /// A request that is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ApiErrorName::InvalidRequest, message)
    }

    /// A function that is wrong; the log says how.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self {
            name: ApiErrorName::InternalError,
            message: "the function cannot do its work; its log says why, under this request's id"
                .to_owned(),
            cause: Some(cause.into()),
        }
    }

    /// A resource and method that this function does not have.
    pub fn no_such_resource(method: &str, resource: &str) -> Self {
        Self::new(
            ApiErrorName::NotFound,
            format!("there is no {method} {resource} here"),
        )
    }

    /// The answer to a client.
    pub fn answer(&self, request_id: &str) -> Answer {
        let body = ApiError {
            error: self.name.as_str().to_owned(),
            message: self.message.clone(),
            request_id: request_id.to_owned(),
        };
        Answer::json(self.name.status(), &body, "")
    }

    fn behind(name: FailureName, cause: String) -> Self {
        if name.is_transient() {
            Self {
                name: ApiErrorName::StorageUnavailable,
                message: "what is stored cannot be reached at the moment; try again".to_owned(),
                cause: Some(cause),
            }
        } else {
            Self::internal(cause)
        }
    }
}

#[cfg(feature = "storage")]
impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::behind(error.name(), chain(&error))
    }
}

#[cfg(feature = "table")]
impl From<TableError> for Refusal {
    fn from(error: TableError) -> Self {
        Self::behind(error.name(), chain(&error))
    }
}
