//! Why the engine refuses an image.

use crate::FailureName;
use crate::causes::chain;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A refused image. Each variant belongs to one [`FailureName`]; the text says what is wrong with the
/// file, without saying which file: the caller knows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Not one of the [formats](crate::Format), or a part of one that is not supported.
    #[error("{0}")]
    Unsupported(String),
    /// More bytes, pixels, memory or scans than the [limits](super::Limits) allow.
    #[error("{0}")]
    TooLarge(String),
    /// The file breaks off or contradicts itself.
    #[error("{what}")]
    Corrupt {
        /// What was found.
        what: String,
        /// The decoder's error, where there is one.
        #[source]
        cause: Option<Cause>,
    },
    /// A decoder gave up by a panic; only hostile files do that.
    #[error("the decoder panicked: {0}")]
    Panicked(String),
    /// A decoder ended the process it ran in, which is not this one; only hostile files do that.
    #[error("the decoder ended its process: {0}")]
    Ended(String),
    /// The result could not be made although the source was read.
    #[error("the resized image could not be made")]
    Encode(#[source] Cause),
    /// There is no process for the decoder to run in.
    #[error("the process that decodes this format could not be started or heard")]
    Worker(#[source] std::io::Error),
}

impl EngineError {
    /// The name under which callers see this error.
    pub fn name(&self) -> FailureName {
        match self {
            Self::Unsupported(_) => FailureName::UnsupportedFormat,
            Self::TooLarge(_) => FailureName::ImageTooLarge,
            Self::Corrupt { .. } | Self::Panicked(_) | Self::Ended(_) => FailureName::CorruptImage,
            Self::Encode(_) | Self::Worker(_) => FailureName::InternalError,
        }
    }

    pub(super) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt {
            what: what.into(),
            cause: None,
        }
    }

    pub(super) fn corrupt_by(what: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Corrupt {
            what: what.into(),
            cause: Some(cause.into()),
        }
    }

    pub(super) fn encode(cause: impl Into<Cause>) -> Self {
        Self::Encode(cause.into())
    }

    /// The error and its causes in one sentence.
    pub fn chain(&self) -> String {
        chain(self)
    }
}
