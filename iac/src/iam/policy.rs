//! Policies, made by granting actions on things.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use serde::Serialize;

use super::Action;
use crate::cfn::{Arn, Handle, Value, pseudo};
use crate::resources::s3::Bucket;
use crate::sub;

/// Something that actions on an `R` can be granted on.
pub trait Grantable<R> {
    /// The `Resource` of a statement.
    fn granted(&self) -> Value<Arn<R>>;
}

impl<R> Grantable<R> for Value<Arn<R>> {
    fn granted(&self) -> Value<Arn<R>> {
        self.clone()
    }
}

/// An identity policy: what a role may do.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PolicyDocument {
    version: &'static str,
    statement: Vec<Statement>,
}

/// One statement. Each is made by a method of a policy; there is no other way to write one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: String,
    effect: Effect,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<Principal>,
    action: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource: Vec<Value<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

#[derive(Debug, Clone, Copy, Serialize)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Principal {
    Everyone(&'static str),
    Service(ServicePrincipal),
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ServicePrincipal {
    service: &'static str,
}

#[derive(Debug, Clone, Serialize)]
enum Condition {
    #[serde(rename = "Bool")]
    Bool(SecureTransport),
    #[serde(rename = "StringEquals")]
    StringEquals(SourceAccount),
    #[serde(rename = "StringLike")]
    StringLike(ListedPrefix),
}

#[derive(Debug, Clone, Serialize)]
struct ListedPrefix {
    #[serde(rename = "s3:prefix")]
    prefix: String,
}

#[derive(Debug, Clone, Serialize)]
struct SecureTransport {
    #[serde(rename = "aws:SecureTransport")]
    secure_transport: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct SourceAccount {
    #[serde(rename = "aws:SourceAccount")]
    source_account: Value<String>,
}

const VERSION: &str = "2012-10-17";

impl PolicyDocument {
    /// A policy that allows nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            version: VERSION,
            statement: Vec::new(),
        }
    }

    /// Allows actions on one thing. The `sid` says in a word what for.
    #[must_use]
    pub fn grant<R>(
        mut self,
        sid: &str,
        actions: impl IntoIterator<Item = Action<R>>,
        on: &impl Grantable<R>,
    ) -> Self {
        self.statement.push(Statement {
            sid: sid.to_owned(),
            effect: Effect::Allow,
            principal: None,
            action: actions.into_iter().map(|action| action.name()).collect(),
            resource: vec![on.granted().text()],
            condition: None,
        });
        self
    }

    /// Allows listing the keys of a bucket that start with a prefix; all of them where it is empty.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html>
    #[must_use]
    pub fn grant_listing(self, sid: &str, prefix: &str, on: &impl Grantable<Bucket>) -> Self {
        let mut policy = self.grant(sid, [super::action::s3::LIST_BUCKET], on);
        if let (false, Some(statement)) = (prefix.is_empty(), policy.statement.last_mut()) {
            statement.condition = Some(Condition::StringLike(ListedPrefix {
                prefix: format!("{prefix}*"),
            }));
        }
        policy
    }
}

impl Default for PolicyDocument {
    fn default() -> Self {
        Self::new()
    }
}

/// A service that can take on a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Amazon API Gateway, for its integrations.
    ApiGateway,
    /// AWS Lambda, for a function.
    Lambda,
    /// AWS Step Functions, for an execution.
    StepFunctions,
}

/// A trust policy: who may take on a role.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TrustPolicy {
    version: &'static str,
    statement: Vec<Statement>,
}

impl TrustPolicy {
    /// The service, and nobody else. Step Functions acts for this account's state machines only.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html>
    #[must_use]
    pub fn service(service: Service) -> Self {
        let (name, condition) = match service {
            Service::ApiGateway => ("apigateway.amazonaws.com", None),
            Service::Lambda => ("lambda.amazonaws.com", None),
            Service::StepFunctions => (
                "states.amazonaws.com",
                Some(Condition::StringEquals(SourceAccount {
                    source_account: pseudo::account_id(),
                })),
            ),
        };
        Self {
            version: VERSION,
            statement: vec![Statement {
                sid: "Assume".to_owned(),
                effect: Effect::Allow,
                principal: Some(Principal::Service(ServicePrincipal { service: name })),
                action: vec!["sts:AssumeRole"],
                resource: Vec::new(),
                condition,
            }],
        }
    }
}

/// A bucket's own policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BucketPolicyDocument {
    version: &'static str,
    statement: Vec<Statement>,
}

impl BucketPolicyDocument {
    /// Refuses every request that does not come over TLS. It allows nobody anything.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html>
    #[must_use]
    pub fn tls_only(bucket: &Handle<Bucket>) -> Self {
        Self {
            version: VERSION,
            statement: vec![Statement {
                sid: "TlsOnly".to_owned(),
                effect: Effect::Deny,
                principal: Some(Principal::Everyone("*")),
                // A deny has to name all: a list would leave out the next action that S3 gets.
                action: vec!["s3:*"],
                resource: vec![bucket.arn().text(), sub![bucket.arn(), "/*"]],
                condition: Some(Condition::Bool(SecureTransport {
                    secure_transport: "false",
                })),
            }],
        }
    }
}
