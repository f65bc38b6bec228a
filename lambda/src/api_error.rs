//! What the APIs answer when something is wrong.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The body of every answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "What is wrong")]
pub struct ApiError {
    /// A name for the kind of error: an [`ApiErrorName`], or one of API Gateway's own.
    #[schemars(description = "A name for the kind of error")]
    pub error: String,
    /// What happened, to what, and what to do about it.
    #[schemars(description = "What to do about it")]
    pub message: String,
    /// API Gateway's id of the request.
    #[schemars(description = "Id of the request")]
    pub request_id: String,
}

/// The errors that the functions behind an API answer with. Renaming one breaks whoever matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiErrorName {
    /// A body, parameter or header is missing, unknown, malformed or out of bounds.
    InvalidRequest,
    /// There is no such image, or no such resource.
    NotFound,
    /// The result of this upload is not there (yet).
    NotReady,
    /// The image is larger than what is taken.
    ImageTooLarge,
    /// None of the [formats](crate::Format) that are read, by what the request says or by the image's first
    /// bytes.
    UnsupportedFormat,
    /// The function itself is wrong: a missing environment variable or permission. Look at its log.
    InternalError,
    /// S3 or the table failed or did not answer, after the SDK's own retries. Try again.
    StorageUnavailable,
}

impl ApiErrorName {
    /// Every name, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::InvalidRequest,
        Self::NotFound,
        Self::NotReady,
        Self::ImageTooLarge,
        Self::UnsupportedFormat,
        Self::InternalError,
        Self::StorageUnavailable,
    ];

    /// The name as clients see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "InvalidRequest",
            Self::NotFound => "NotFound",
            Self::NotReady => "NotReady",
            Self::ImageTooLarge => "ImageTooLarge",
            Self::UnsupportedFormat => "UnsupportedFormat",
            Self::InternalError => "InternalError",
            Self::StorageUnavailable => "StorageUnavailable",
        }
    }

    /// The HTTP status that it comes with.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest => 400,
            Self::NotFound | Self::NotReady => 404,
            Self::ImageTooLarge => 413,
            Self::UnsupportedFormat => 415,
            Self::InternalError => 500,
            Self::StorageUnavailable => 503,
        }
    }
}

impl fmt::Display for ApiErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
