//! Errors of services and of the libraries that talk to them, in words.

use std::error::Error;

use aws_sdk_cloudformation::error::ProvideErrorMetadata;

use crate::causes::causes;

/// An error with all its causes, in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in causes(error) {
        text = text + ": " + &cause;
    }
    text
}

/// What an AWS service says is wrong; of an answer that never came, the causes.
pub(crate) fn reason(error: &(impl ProvideErrorMetadata + Error)) -> String {
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => with_causes(error),
    }
}
