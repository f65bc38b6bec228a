//! The names of what can go wrong.
//!
//! A name is what Step Functions sees as the error of a task, what Retry and Catch match, and what
//! `thumbnail --json` prints. Renaming one breaks whoever matches it.

use std::fmt;

/// Why an image was not resized; with each, whether the same request may succeed later, and what to do.
///
/// The message that comes with a name says which object it is about and what to do about this very case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FailureName {
    /// The event is not a request: a field is missing, unknown, of the wrong type or out of bounds, or two
    /// contradict each other. Another try does not help: correct the field that the message names.
    InvalidRequest,
    /// The request names another bucket than the configured one. Another try does not help: name the
    /// stack's own.
    BucketNotAllowed,
    /// The source bucket has no object under this key. Another try helps once it is there: upload it, and
    /// send its key as it is, not URL-encoded.
    ObjectNotFound,
    /// S3 refused: the role lacks a permission, or the object does not exist and S3, asked by a role that
    /// may not list the bucket, does not tell which. Another try does not help: look at the key, then at
    /// the role and the bucket's policy.
    AccessDenied,
    /// The object is none of the [formats](crate::Format) that are read, or uses a part of its format that
    /// is not supported. Another try does not help: upload it in another format.
    UnsupportedFormat,
    /// The object has more bytes, or the image more pixels, than the function takes, or the results would
    /// have more than it makes. Another try does not help: upload a smaller one, ask for less, or raise the
    /// stack's `MaxMegapixels`.
    ImageTooLarge,
    /// The object starts like an image and then breaks off or contradicts itself. Another try does not
    /// help: upload it again from where it came from, or allow what breaks off with `allowTruncated`.
    CorruptImage,
    /// S3 or the table failed or did not answer in time, after the SDK's own tries. The only failure worth
    /// another try of the same request; the state machines make six.
    StorageUnavailable,
    /// The function itself is wrong: a missing environment variable, a result that cannot be
    /// encoded. Another try does not help: look at its log, correct the stack, or report it.
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
