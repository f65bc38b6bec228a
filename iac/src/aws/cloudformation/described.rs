//! What CloudFormation knows of a stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::primitives::DateTime;

use super::Situation;

/// A stack, as [DescribeStacks](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html)
/// gives it.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its ARN, which names it even after it is deleted and made again.
    pub id: String,
    /// Its status, such as `UPDATE_COMPLETE`.
    pub status: String,
    /// Why it has this status.
    pub status_reason: Option<String>,
    /// What the status allows.
    pub situation: Situation,
    /// The template's description.
    pub description: Option<String>,
    /// Values of parameters; those that are secret as `****`.
    pub parameters: BTreeMap<String, String>,
    /// Outputs in the order of their names.
    pub outputs: Vec<Output>,
    /// Tags of the stack.
    pub tags: BTreeMap<String, String>,
    /// The role that CloudFormation takes for this stack.
    pub role_arn: Option<String>,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// What is known of drift; `None` if nobody ever looked.
    pub drift: Option<Drift>,
    /// When it was created.
    pub created: Option<DateTime>,
    /// When it was last updated.
    pub updated: Option<DateTime>,
}

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it is.
    pub description: Option<String>,
}

/// How a stack differs from its template, when someone last looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// `IN_SYNC`, `DRIFTED` or `UNKNOWN`.
    pub status: String,
    /// When it was looked at.
    pub checked: Option<DateTime>,
}
