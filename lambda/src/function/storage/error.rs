//! What S3 refuses, under our names.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};

use super::GET;
use crate::FailureName;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A call to S3 that failed. The text says what happened, to which object, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The object or its bucket does not exist.
    #[error("{object} does not exist; upload it first, and send its key as it is, not URL-encoded")]
    NotFound {
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
    /// S3 refused to take the object.
    #[error(
        "S3 refused s3:PutObject on {object}: grant the function's role s3:PutObject there, and check \
         the bucket's policy"
    )]
    WriteDenied {
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// S3 failed or did not answer.
    #[error("S3 did not complete {operation} on {object}; try again")]
    Unavailable {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The last attempt's error.
        #[source]
        cause: Cause,
    },
    /// The object is not as the call's condition wants it, or another writer was faster.
    #[error("{object} changed meanwhile, so {operation} was not done; try again")]
    Changed {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// The object has the entity tag with which it is not wanted: no failure where it is asked for so.
    #[error("{object} is what it was")]
    Unchanged {
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// Another call on the object was under way, and S3 decides on a condition only after it.
    #[error("another call on {object} was under way, so {operation} was not done; try again")]
    Busy {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// `s3://bucket/key`.
        object: String,
        /// The answer of S3.
        #[source]
        cause: Cause,
    },
    /// S3 understood the request and rejected it for a reason that another try does not change.
    #[error("S3 rejected {operation} on {object}; look at the cause in the function's log")]
    Rejected {
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
    TooLarge {
        /// `s3://bucket/key`.
        object: String,
        /// Its size in bytes, or as much of it as was read.
        bytes: u64,
        /// The limit in bytes.
        max: u64,
    },
}

impl StorageError {
    /// The name Step Functions sees.
    pub fn name(&self) -> FailureName {
        match self {
            Self::NotFound { .. } => FailureName::ObjectNotFound,
            Self::ReadDenied { .. } | Self::WriteDenied { .. } => FailureName::AccessDenied,
            Self::Unavailable { .. } | Self::Changed { .. } | Self::Busy { .. } => {
                FailureName::StorageUnavailable
            }
            Self::Rejected { .. } | Self::Unchanged { .. } => FailureName::InternalError,
            Self::TooLarge { .. } => FailureName::ImageTooLarge,
        }
    }

    /// An error of the SDK under our names: by what S3 answered, or unavailable if it did not.
    pub(super) fn of<E>(operation: &'static str, object: String, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let status = match &error {
            SdkError::ServiceError(answer) => answer.raw().status().as_u16(),
            SdkError::ConstructionFailure(_) => 0,
            _ => 503,
        };
        let missing = matches!(
            error.code(),
            Some("NoSuchKey" | "NoSuchBucket" | "NotFound")
        );
        let throttled = matches!(
            error.code(),
            Some(
                "SlowDown"
                    | "RequestTimeout"
                    | "Throttling"
                    | "ThrottlingException"
                    | "InternalError"
            )
        );
        let hidden = status == 403 && names_list_bucket(error.message());
        let cause = error.into();
        match status {
            _ if throttled => Self::Unavailable {
                operation,
                object,
                cause,
            },
            _ if operation == GET && (status == 404 || missing || hidden) => {
                Self::NotFound { object, cause }
            }
            304 => Self::Unchanged { object, cause },
            403 if operation == GET => Self::ReadDenied { object, cause },
            403 => Self::WriteDenied { object, cause },
            // Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>
            412 => Self::Changed {
                operation,
                object,
                cause,
            },
            409 => Self::Busy {
                operation,
                object,
                cause,
            },
            408 | 429 | 500.. => Self::Unavailable {
                operation,
                object,
                cause,
            },
            _ => Self::Rejected {
                operation,
                object,
                cause,
            },
        }
    }
}

/// Whether a refused `GetObject` lacks `s3:ListBucket`. Nobody needs that to read an object: S3 names it
/// where there is no object and the role may not be told so, and names `s3:GetObject` where the role may
/// not read. The action is taken from its place in the sentence, since a key can contain anything.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html> (Permissions)
fn names_list_bucket(message: Option<&str>) -> bool {
    message
        .and_then(|text| text.split_once("is not authorized to perform: "))
        .is_some_and(|(_, action)| action.starts_with("s3:ListBucket"))
}
