//! Why a command on a deployed stack ended, and the exit code that says so.

use std::error::Error;
use std::path::PathBuf;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use thiserror::Error;

use super::accounts::without_accounts;
use super::cloudformation::Finding;
use super::deploy::DeployError;
use super::destroy::DestroyError;
use super::resize::ResizeError;
use crate::service_error::{reason, with_causes};

/// What services that answer with 400 call too many requests, or one that took too long.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
const OVERLOADS: [&str; 10] = [
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// What services answer when a session is over.
const EXPIRED: [&str; 3] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "TokenRefreshRequired",
];

/// Why a command on a deployed stack ended.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AwsError {
    /// No region.
    #[error(
        "no region is set: name one with --region, set AWS_REGION, or choose a profile that has one with --profile"
    )]
    NoRegion,
    /// No credentials.
    #[error(
        "there are no AWS credentials{}: choose a profile with --profile (and sign in with `aws sso login` if it \
         says so), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        profile.as_ref().map(|name| format!(" in the profile `{name}`")).unwrap_or_default()
    )]
    NoCredentials {
        /// The profile that was named.
        profile: Option<String>,
        /// Why.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// Nobody answers.
    #[error("cannot {action}: nothing answers in {place}: {reason}")]
    Unreachable {
        /// What was asked.
        action: String,
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// A service has too much to do, or a fault of its own.
    #[error("cannot {action} at the moment: {reason}; try again in some minutes")]
    Busy {
        /// What was asked.
        action: String,
        /// Its answer.
        reason: String,
    },
    /// A service refused.
    #[error("cannot {action}: {reason}")]
    Refused {
        /// What was asked.
        action: String,
        /// Its answer.
        reason: String,
        /// Whether it helps to ask again.
        refusal: Refusal,
    },
    /// A change set that failed.
    #[error(
        "CloudFormation refuses the changes to `{stack}`: {reason}{}",
        lines(findings)
    )]
    ChangeSet {
        /// The stack.
        stack: String,
        /// Why.
        reason: String,
        /// What its early validation found.
        findings: Vec<Finding>,
    },
    /// No such stack.
    #[error("there is no stack `{stack}` in {place}: check the name, the region and the account")]
    NoStack {
        /// The name.
        stack: String,
        /// Where.
        place: String,
    },
    /// A stack without what the command works with.
    #[error("the stack `{stack}` has no {part}: {remedy}")]
    NoPart {
        /// The stack.
        stack: String,
        /// What is not there.
        part: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A prefix that leaves the images.
    #[error(
        "the images of `{stack}` are under `{required}`: start --prefix with it, not with `{prefix}`"
    )]
    Prefix {
        /// The stack.
        stack: String,
        /// What was asked for.
        prefix: String,
        /// What keys start with.
        required: String,
    },
    /// An execution of another machine.
    #[error("{execution} is no backfill of the stack `{stack}`: it belongs to {machine}")]
    NotOfStack {
        /// The execution.
        execution: String,
        /// The stack.
        stack: String,
        /// Whose it is.
        machine: String,
    },
    /// A run that goes on while this command cannot look at it any more.
    #[error("cannot follow the backfill any longer; {goes_on}")]
    OutOfSight {
        /// What to do about it.
        goes_on: String,
        /// Why.
        #[source]
        source: Box<AwsError>,
    },
    /// An operation that goes on while this command cannot look at it any more.
    #[error("the operation on `{stack}` is out of sight; {goes_on}")]
    Lost {
        /// The stack.
        stack: String,
        /// What to do about it.
        goes_on: String,
        /// Why.
        #[source]
        source: Box<AwsError>,
    },
    /// A file that cannot be written.
    #[error("cannot write the report to {}", path.display())]
    Report {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A stack is not deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// A stack is not deleted.
    #[error(transparent)]
    Destroy(#[from] DestroyError),
    /// A photo is not resized.
    #[error(transparent)]
    Resize(#[from] ResizeError),
    /// Ctrl-C, SIGTERM or SIGHUP.
    #[error("interrupted; {0}")]
    Interrupted(String),
    /// The runtime cannot be started.
    #[error("cannot start")]
    Runtime(#[source] std::io::Error),
}

/// Whether it helps to ask again after a service refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It does after someone has signed in again.
    Expired,
    /// It does not.
    Final,
}

fn is_overload(status: u16, code: Option<&str>) -> bool {
    status == 429 || status >= 500 || code.is_some_and(|code| OVERLOADS.contains(&code))
}

fn lines(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| format!("\n  {finding}"));
    lines.collect()
}

impl AwsError {
    /// What a service, or the way to it, has against a request.
    pub(crate) fn of<E>(action: impl Into<String>, place: &str, error: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let action = action.into();
        match error {
            SdkError::DispatchFailure(_) if has_no_credentials(error) => Self::NoCredentials {
                profile: None,
                source: Some(with_causes(error).into()),
            },
            SdkError::DispatchFailure(_)
            | SdkError::TimeoutError(_)
            | SdkError::ResponseError(_) => Self::Unreachable {
                action,
                place: place.to_owned(),
                reason: with_causes(error),
            },
            // Not of AWS: a page of some other server, an address with a path.
            SdkError::ServiceError(answer) if error.code().is_none() => Self::Unreachable {
                action,
                place: place.to_owned(),
                reason: format!(
                    "what answers is no AWS service (HTTP {})",
                    answer.raw().status().as_u16()
                ),
            },
            SdkError::ServiceError(answer)
                if is_overload(answer.raw().status().as_u16(), error.code()) =>
            {
                Self::Busy {
                    action,
                    reason: without_accounts(&reason(error)),
                }
            }
            _ => Self::Refused {
                action,
                reason: without_accounts(&reason(error)),
                refusal: refusal(error),
            },
        }
    }

    /// Whether the same request may well be answered in a while: nobody answered, or a service that is
    /// busy.
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. })
    }

    /// Whether someone has to sign in again.
    pub fn is_signed_out(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials { .. }
                | Self::Refused {
                    refusal: Refusal::Expired,
                    ..
                }
        )
    }

    /// The exit code: 2 wrong usage, 4 a file, 5 AWS or the stack, 8 to 10 see [`DeployError`], 11 an operation that goes on out of sight,
    /// 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Prefix { .. } | Self::NotOfStack { .. } => 2,
            Self::Report { .. } | Self::Runtime(_) => 4,
            Self::Lost { .. } => 11,
            Self::Interrupted(_) => 130,
            Self::Deploy(error) => error.exit_code(),
            Self::Destroy(error) => error.exit_code(),
            Self::Resize(error) => error.exit_code(),
            _ => 5,
        }
    }
}

/// Whether a request was never sent because nobody gave credentials for it.
fn has_no_credentials(error: &dyn Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.into_iter().any(<dyn Error>::is::<CredentialsError>)
}

fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Refusal {
    if error.code().is_some_and(|code| EXPIRED.contains(&code)) {
        Refusal::Expired
    } else {
        Refusal::Final
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::primitives::SdkBody;
    use aws_sdk_sfn::config::http::HttpResponse;
    use aws_sdk_sfn::error::{ErrorMetadata, SdkError};
    use aws_sdk_sfn::operation::describe_execution::DescribeExecutionError;

    use super::AwsError;

    fn answered(status: u16, code: Option<&str>) -> AwsError {
        let mut metadata = ErrorMetadata::builder().message("words");
        if let Some(code) = code {
            metadata = metadata.code(code);
        }
        let status = status.try_into().expect("a status");
        let error = SdkError::service_error(
            DescribeExecutionError::generic(metadata.build()),
            HttpResponse::new(status, SdkBody::empty()),
        );
        AwsError::of("look", "eu-west-1", &error)
    }

    #[test]
    fn what_may_pass_is_told_from_what_stays() {
        for (status, code, may_pass) in [
            (400, "ThrottlingException", true),
            (400, "Throttling", true),
            (429, "TooManyRequestsException", true),
            (500, "InternalServerError", true),
            (503, "ServiceUnavailable", true),
            (400, "ExpiredTokenException", false),
            (400, "ExecutionDoesNotExist", false),
            (400, "StateMachineLimitExceeded", false),
            (403, "AccessDeniedException", false),
            (404, "ResourceNotFoundException", false),
        ] {
            let error = answered(status, Some(code));
            assert_eq!(error.is_transient(), may_pass, "{error}");
            assert_eq!(error.exit_code(), 5, "{error}");
            let text = error.to_string();
            assert!(text.contains(&format!("{code}: words")), "{text}");
            assert_eq!(
                text.ends_with("; try again in some minutes"),
                may_pass,
                "{text}"
            );
        }
        // The page of a load balancer or a portal.
        for status in [302, 404, 503] {
            assert!(answered(status, None).is_transient());
        }
    }
}
