//! AWS Identity and Access Management.

use serde::Serialize;

use crate::cfn::{Arn, Handle, Resource, Value};
use crate::iam::{PolicyDocument, TrustPolicy};

/// A role. It has no `ManagedPolicyArns`: what it may do stands in its own policies, to be read.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Role {
    /// What the role is for.
    pub description: Value<String>,
    /// Who may take it on.
    pub assume_role_policy_document: TrustPolicy,
    /// What it may do.
    pub policies: Vec<Policy>,
}

/// An inline policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Policy {
    /// A name, unique in the role.
    pub policy_name: Value<String>,
    /// The policy.
    pub policy_document: PolicyDocument,
}

impl Resource for Role {
    const TYPE: &'static str = "AWS::IAM::Role";
}

impl Handle<Role> {
    /// The role's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Role>> {
        self.attribute("Arn")
    }
}
