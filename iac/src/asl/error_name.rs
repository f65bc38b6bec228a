//! The errors that Retry and Catch match.

use lambda::FailureName;
use serde::{Serialize, Serializer};

/// The name of an error.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorName {
    /// Any error but `States.DataLimitExceeded` and `States.Runtime`. Must stand alone, and last.
    All,
    /// The connection to Lambda broke off.
    LambdaClientExecutionTimeout,
    /// Lambda answered with a server error.
    LambdaService,
    /// Lambda answered with a client error of its own.
    LambdaAws,
    /// Lambda could not be reached.
    LambdaSdkClient,
    /// Lambda throttled the call.
    LambdaTooManyRequests,
    /// The function failed with one of its own errors.
    Function(FailureName),
}

impl ErrorName {
    /// What goes wrong between Step Functions and Lambda and may go right the next time.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html>
    pub const LAMBDA_TRANSIENT: [Self; 5] = [
        Self::LambdaClientExecutionTimeout,
        Self::LambdaService,
        Self::LambdaAws,
        Self::LambdaSdkClient,
        Self::LambdaTooManyRequests,
    ];

    /// The name in the definition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "States.ALL",
            Self::LambdaClientExecutionTimeout => "Lambda.ClientExecutionTimeoutException",
            Self::LambdaService => "Lambda.ServiceException",
            Self::LambdaAws => "Lambda.AWSLambdaException",
            Self::LambdaSdkClient => "Lambda.SdkClientException",
            Self::LambdaTooManyRequests => "Lambda.TooManyRequestsException",
            Self::Function(name) => name.as_str(),
        }
    }
}

impl From<FailureName> for ErrorName {
    fn from(name: FailureName) -> Self {
        Self::Function(name)
    }
}

impl Serialize for ErrorName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
