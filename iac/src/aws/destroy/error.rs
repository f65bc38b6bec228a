//! Why a stack is not deleted.

use thiserror::Error;

/// Why a stack is not deleted, or not yet.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DestroyError {
    /// A bucket that the stack does not have.
    #[error("the stack `{stack}` has no bucket `{bucket}`; it has {known}. Nothing was changed")]
    NoSuchBucket {
        /// The stack.
        stack: String,
        /// What was to be emptied.
        bucket: String,
        /// Its buckets.
        known: String,
    },
    /// Another operation runs.
    #[error(
        "`{stack}` cannot be deleted while an operation runs ({status}): `{attach}` follows it"
    )]
    Busy {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
        /// The command that follows the operation.
        attach: String,
    },
    /// Buckets that are not empty, and that nobody said to empty.
    #[error(
        "nothing was changed, because CloudFormation deletes no bucket that is not empty, and {} is not. If \
         everything in it may go, with all versions:\n  {command}",
        buckets.join(", ")
    )]
    NotEmpty {
        /// Logical ids.
        buckets: Vec<String>,
        /// The command that empties them and deletes the stack.
        command: String,
    },
    /// Nobody can be asked.
    #[error("nothing was changed, as there is no terminal to ask at: --yes deletes `{0}`")]
    NobodyToAsk(String),
    /// The person did not type the stack's name.
    #[error("nothing was changed")]
    NotConfirmed,
    /// Objects that S3 does not delete.
    #[error(
        "S3 deletes {count} versions of objects in {bucket} not. The first is `{key}`: {reason}. The stack is as it \
         was"
    )]
    Stays {
        /// The bucket's logical id.
        bucket: String,
        /// How many.
        count: usize,
        /// The key of the first.
        key: String,
        /// S3's reason for the first.
        reason: String,
    },
    /// A template that cannot be read.
    #[error("the template of the stack `{stack}` cannot be read, so what it keeps is not known")]
    Template {
        /// The stack.
        stack: String,
        /// Why.
        #[source]
        source: serde_yaml::Error,
    },
}

impl DestroyError {
    /// The exit code: 2 wrong usage, 5 AWS or the stack, 8 not approved.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::NoSuchBucket { .. } => 2,
            Self::Busy { .. } | Self::Stays { .. } | Self::Template { .. } => 5,
            Self::NotEmpty { .. } | Self::NobodyToAsk(_) | Self::NotConfirmed => 8,
        }
    }
}
