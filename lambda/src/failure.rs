//! The names of what can go wrong.
//!
//! A name is what Step Functions sees as the error of a task, what Retry and Catch match, and what
//! `thumbnail --json` prints. Renaming one breaks whoever matches it.

use std::fmt;

/// Why an image was not resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FailureName {
    /// The event is not a request: a field is missing, unknown, of the wrong type or out of bounds.
    InvalidRequest,
    /// The request names another bucket than the configured one.
    BucketNotAllowed,
    /// The source bucket has no object under this key.
    ObjectNotFound,
    /// S3 refused: the role lacks a permission, or the object does not exist and S3, asked by a role that
    /// may not list the bucket, does not tell which.
    AccessDenied,
    /// The object is not a JPEG, PNG, WebP or GIF, or uses a part of its format that is not
    /// supported.
    UnsupportedFormat,
    /// The object has more bytes, or the image more pixels, than the function takes.
    ImageTooLarge,
    /// The object starts like an image and then breaks off or contradicts itself.
    CorruptImage,
    /// S3 failed or did not answer, after the SDK's own retries. The only failure worth another try.
    StorageUnavailable,
    /// The function itself is wrong: a missing environment variable, a result that cannot be
    /// encoded. Look at its log.
    InternalError,
}

impl FailureName {
    /// Every name, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::InvalidRequest,
        Self::BucketNotAllowed,
        Self::ObjectNotFound,
        Self::AccessDenied,
        Self::UnsupportedFormat,
        Self::ImageTooLarge,
        Self::CorruptImage,
        Self::StorageUnavailable,
        Self::InternalError,
    ];

    /// The name as Step Functions sees it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "InvalidRequest",
            Self::BucketNotAllowed => "BucketNotAllowed",
            Self::ObjectNotFound => "ObjectNotFound",
            Self::AccessDenied => "AccessDenied",
            Self::UnsupportedFormat => "UnsupportedFormat",
            Self::ImageTooLarge => "ImageTooLarge",
            Self::CorruptImage => "CorruptImage",
            Self::StorageUnavailable => "StorageUnavailable",
            Self::InternalError => "InternalError",
        }
    }

    /// Whether the same request may succeed later.
    pub const fn is_transient(self) -> bool {
        matches!(self, Self::StorageUnavailable)
    }
}

impl fmt::Display for FailureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
