//! What the function fails with: a name that Step Functions matches, and a sentence for people.

use lambda_runtime::Diagnostic;

use super::config::ConfigError;
use crate::FailureName;
use crate::engine::EngineError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a request got no result. The text says what happened, to which object, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionError {
    /// The event is not a request.
    #[error("the request is not valid: {reason}; send {{\"bucket\": ..., \"key\": ...}}")]
    InvalidRequest {
        /// What is wrong, naming the field.
        reason: String,
    },
    /// The request names a bucket this function does not serve.
    #[error(
        "this function does not read from the bucket {bucket:?}; name the one it is deployed for"
    )]
    BucketNotAllowed {
        /// The bucket asked for.
        bucket: String,
    },
    /// The object or its bucket does not exist.
    #[error("{object} does not exist; upload it first, and send its key as it is, not URL-encoded")]
    ObjectNotFound {
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// S3 refused to give the object.
    #[error(
        "S3 refused s3:GetObject on {object}: either the object does not exist (S3 answers 403 for a \
         missing object when the role may not list the bucket) or the function's role may not read \
         it; check the key, then the role and the bucket's policy"
    )]
    ReadDenied {
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// S3 refused to take the result.
    #[error(
        "S3 refused s3:PutObject on {object}: grant the function's role s3:PutObject there, and check \
         the bucket's policy"
    )]
    WriteDenied {
        /// `s3://bucket/key` of the result.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// S3 failed or did not answer.
    #[error("S3 did not complete {operation} on {object}; try again")]
    StorageUnavailable {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The last attempt's error.
        #[source]
        cause: Cause,
    },
    /// S3 understood the request and rejected it for a reason that another try does not change.
    #[error("S3 rejected {operation} on {object}; look at the cause in the function's log")]
    StorageRejected {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// The object has more bytes than the function takes.
    #[error("{object} has {bytes} bytes; at most {max} are taken: upload a smaller file")]
    ObjectTooLarge {
        /// `s3://bucket/key`.
        object: String,
        /// Its size in bytes, or as much of it as was read.
        bytes: u64,
        /// The limit in bytes.
        max: u64,
    },
    /// The engine refused the image.
    #[error("{object} was not resized: {}; {}", .cause.chain(), advice(.cause))]
    Image {
        /// `s3://bucket/key`.
        object: String,
        /// Why.
        #[source]
        cause: EngineError,
    },
    /// The function was deployed wrongly.
    #[error("{0}; correct the stack and deploy it again")]
    Configuration(#[from] ConfigError),
    /// The function has a bug.
    #[error("the function panicked: {text}; look at its log and report it")]
    Panicked {
        /// The panic's message.
        text: String,
    },
}

/// What to do about a refused image.
fn advice(error: &EngineError) -> &'static str {
    match error.name() {
        FailureName::UnsupportedFormat => "upload it as a JPEG, PNG, WebP or GIF",
        FailureName::ImageTooLarge => "upload a smaller one",
        FailureName::CorruptImage => "upload it again from its source",
        _ => "look at the function's log",
    }
}

impl FunctionError {
    /// The name Step Functions sees.
    pub fn name(&self) -> FailureName {
        match self {
            Self::InvalidRequest { .. } => FailureName::InvalidRequest,
            Self::BucketNotAllowed { .. } => FailureName::BucketNotAllowed,
            Self::ObjectNotFound { .. } => FailureName::ObjectNotFound,
            Self::ReadDenied { .. } | Self::WriteDenied { .. } => FailureName::AccessDenied,
            Self::StorageUnavailable { .. } => FailureName::StorageUnavailable,
            Self::ObjectTooLarge { .. } => FailureName::ImageTooLarge,
            Self::Image { cause, .. } => cause.name(),
            Self::StorageRejected { .. } | Self::Configuration(_) | Self::Panicked { .. } => {
                FailureName::InternalError
            }
        }
    }
}

impl From<FunctionError> for Diagnostic {
    fn from(error: FunctionError) -> Self {
        Self {
            error_type: error.name().as_str().to_owned(),
            error_message: error.to_string(),
        }
    }
}
