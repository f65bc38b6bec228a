//! What `DynamoDB` refuses, under our names.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::FailureName;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A call to the table that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The role lacks a permission.
    #[error(
        "DynamoDB refused {operation} on the table {table}: grant it to the function's role, and check the \
         table's policy"
    )]
    Denied {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// Name of the table.
        table: String,
        /// The answer of `DynamoDB`.
        #[source]
        cause: Cause,
    },
    /// `DynamoDB` failed, throttled or did not answer.
    #[error("DynamoDB did not complete {operation} on the table {table}; try again")]
    Unavailable {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// Name of the table.
        table: String,
        /// The last attempt's error.
        #[source]
        cause: Cause,
    },
    /// Another try does not change it: there is no such table, or the call is wrong.
    #[error(
        "DynamoDB rejected {operation} on the table {table}; look at the cause in the function's log"
    )]
    Rejected {
        /// The IAM name of what was tried.
        operation: &'static str,
        /// Name of the table.
        table: String,
        /// The answer of `DynamoDB`.
        #[source]
        cause: Cause,
    },
}

impl TableError {
    /// The name Step Functions sees.
    pub fn name(&self) -> FailureName {
        match self {
            Self::Denied { .. } => FailureName::AccessDenied,
            Self::Unavailable { .. } => FailureName::StorageUnavailable,
            Self::Rejected { .. } => FailureName::InternalError,
        }
    }

    /// An error of the SDK under our names.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
    pub(super) fn of<E>(operation: &'static str, table: &str, error: SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let table = table.to_owned();
        let status = match &error {
            SdkError::ServiceError(answer) => answer.raw().status().as_u16(),
            SdkError::ConstructionFailure(_) => 400,
            _ => 503,
        };
        let code = error.code().unwrap_or_default().to_owned();
        let cause = error.into();
        match code.as_str() {
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "MissingAuthenticationTokenException" => Self::Denied {
                operation,
                table,
                cause,
            },
            "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "ThrottlingException"
            | "LimitExceededException" => Self::Unavailable {
                operation,
                table,
                cause,
            },
            _ if status >= 500 => Self::Unavailable {
                operation,
                table,
                cause,
            },
            _ => Self::Rejected {
                operation,
                table,
                cause,
            },
        }
    }
}
