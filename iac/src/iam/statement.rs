//! Statements: what every kind of policy is made of.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use serde::Serialize;

use crate::cfn::Value;
use crate::resources::s3::Prefix;

/// The version of the policy language; there has been no other since.
pub(crate) const VERSION: &str = "2012-10-17";

/// One statement. Each is made by a method of a policy; there is no other way to write one.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    pub(super) sid: String,
    pub(super) effect: Effect,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal: Option<Principal>,
    pub(super) action: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) resource: Vec<Value<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) condition: Option<Condition>,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

#[derive(Debug, Clone, Serialize)]
pub(super) enum Principal {
    Service(&'static str),
    #[serde(untagged)]
    Everyone(&'static str),
}

/// What has to hold of a request for a statement to count.
#[derive(Debug, Clone, Serialize)]
pub(super) enum Condition {
    Bool(SecureTransport),
    StringEquals(Source),
    StringLike(Listing),
    /// Two operators, both of which have to hold.
    #[serde(untagged)]
    OtherUserAgent(OtherUserAgent),
}

/// Which keys a list of a bucket is of.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Listing {
    #[serde(rename = "s3:prefix")]
    prefix: String,
}

/// A `User-Agent` that is there and that no pattern fits. Alone, a negated operator holds where the key is
/// missing as well.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OtherUserAgent {
    string_not_like: UserAgent<Vec<&'static str>>,
    null: UserAgent<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
struct UserAgent<T> {
    #[serde(rename = "aws:UserAgent")]
    user_agent: T,
}

impl Condition {
    /// Requests with a `User-Agent` that is like none of these.
    pub(super) fn other_user_agent(patterns: impl IntoIterator<Item = &'static str>) -> Self {
        Self::OtherUserAgent(OtherUserAgent {
            string_not_like: UserAgent {
                user_agent: patterns.into_iter().collect(),
            },
            null: UserAgent {
                user_agent: "false",
            },
        })
    }

    /// Lists of keys that start with the prefix.
    pub(super) fn listing(prefix: &Prefix) -> Self {
        let prefix = format!("{prefix}*");
        Self::StringLike(Listing { prefix })
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct SecureTransport {
    #[serde(rename = "aws:SecureTransport")]
    secure_transport: &'static str,
}

/// For whom a service acts.
#[derive(Debug, Clone, Serialize)]
pub(super) enum Source {
    #[serde(rename = "aws:SourceAccount")]
    Account(Value<String>),
    #[serde(rename = "aws:SourceArn")]
    Arn(Value<String>),
}

impl Statement {
    /// Refuses everybody everything that does not come over TLS.
    ///
    /// A deny has to name all actions of the service (`s3:*`): a list would leave out the next one that
    /// the service gets.
    pub(super) fn tls_only(all_actions: &'static str, on: Vec<Value<String>>) -> Self {
        Self {
            sid: "TlsOnly".to_owned(),
            effect: Effect::Deny,
            principal: Some(Principal::Everyone("*")),
            action: vec![all_actions],
            resource: on,
            condition: Some(Condition::Bool(SecureTransport {
                secure_transport: "false",
            })),
        }
    }
}
