//! What the function fails with: a name that Step Functions matches, and a sentence for people.

use lambda_runtime::Diagnostic;

use crate::FailureName;
use crate::engine::EngineError;
use crate::function::panic::caught;
use crate::function::storage::StorageError;
use crate::function::table::TableError;
use crate::function::variables::ConfigError;

/// Why a request got no result. The text says what happened, to which object, and what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FunctionError {
    /// The event is not a request.
    #[error(
        "the request is not valid: {reason}; send {{\"bucket\": ..., \"key\": ...}}, and options as the API's \
         model ResizeRequest has them"
    )]
    InvalidRequest {
        /// What is wrong, naming the field.
        reason: String,
    },
    /// A record of S3's event says of no object what the function has to know.
    #[error("the record of S3's event is not valid: {reason}; look at what sent it")]
    InvalidRecord {
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
    /// A call to S3 failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A call to the metadata table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The engine refused the image.
    #[error("{object} was not resized: {}; {}", .cause.chain(), advice(.cause))]
    Image {
        /// `s3://bucket/key`.
        object: String,
        /// Why.
        #[source]
        cause: EngineError,
    },
    /// Others wrote the same result each time this function was about to.
    #[error(
        "the result {object} was written by others {attempts} times while it was being made; try again, and \
         check that the function's role has s3:GetObject on results"
    )]
    Contended {
        /// `s3://bucket/key` of the result.
        object: String,
        /// How often.
        attempts: usize,
    },
    /// The work on an object took longer than there is time.
    #[error(
        "{object} was not done within {seconds} s, because what it is stored in was slow; try again"
    )]
    Slow {
        /// `s3://bucket/key`.
        object: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Some records of an event failed.
    #[error("{failed} of {records} records failed, such as: {worst}")]
    Records {
        /// How many failed.
        failed: usize,
        /// How many there are.
        records: usize,
        /// The failure that says most about what to do.
        #[source]
        worst: Box<FunctionError>,
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
        FailureName::UnsupportedFormat => {
            "upload it as a JPEG, PNG, WebP, GIF, BMP, ICO, QOI, TIFF or AVIF"
        }
        FailureName::ImageTooLarge => "upload a smaller one",
        FailureName::CorruptImage => "upload it again from its source",
        _ => "look at the function's log",
    }
}

impl FunctionError {
    /// The name Step Functions sees.
    pub fn name(&self) -> FailureName {
        match self {
            Self::InvalidRequest { .. } | Self::InvalidRecord { .. } => FailureName::InvalidRequest,
            Self::BucketNotAllowed { .. } => FailureName::BucketNotAllowed,
            Self::Storage(error) => error.name(),
            Self::Table(error) => error.name(),
            Self::Image { cause, .. } => cause.name(),
            Self::Contended { .. } | Self::Slow { .. } => FailureName::StorageUnavailable,
            Self::Records { worst, .. } => worst.name(),
            Self::Configuration(_) | Self::Panicked { .. } => FailureName::InternalError,
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

/// The outcome of some work, whose panic is one of its failures.
pub(super) async fn guarded<T>(
    work: impl Future<Output = Result<T, FunctionError>>,
) -> Result<T, FunctionError> {
    caught(work)
        .await
        .unwrap_or_else(|text| Err(FunctionError::Panicked { text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_internal_error() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let error = guarded::<()>(async { panic!("at {}", "the disco") })
                .await
                .expect_err("it panicked");
            assert!(error.to_string().contains("at the disco"), "{error}");
            let diagnostic = Diagnostic::from(error);
            assert_eq!(diagnostic.error_type, "InternalError");
            assert_eq!(guarded(async { Ok(7) }).await.expect("no panic"), 7);
        });
    }
}
