//! Policies, made by granting actions on things and by denying them again.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use serde::Serialize;

use super::Action;
use super::statement::{Condition, Effect, Principal, Source, Statement, VERSION};
use crate::cfn::{Arn, Value, pseudo};
use crate::resources::s3::{Bucket, Prefix};

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
        self,
        sid: &str,
        actions: impl IntoIterator<Item = Action<R>>,
        on: &impl Grantable<R>,
    ) -> Self {
        self.grant_on_each(sid, actions, [on.granted()])
    }

    /// Allows actions on several things of a kind.
    #[must_use]
    pub fn grant_on_each<R>(
        self,
        sid: &str,
        actions: impl IntoIterator<Item = Action<R>>,
        on: impl IntoIterator<Item = Value<Arn<R>>>,
    ) -> Self {
        self.state(Effect::Allow, sid, actions, on, None)
    }

    /// Allows listing the keys of a bucket; only those that start with the prefix, if there is one.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-policies-s3.html>
    #[must_use]
    pub fn grant_listing(
        self,
        sid: &str,
        prefix: Option<&Prefix>,
        on: &impl Grantable<Bucket>,
    ) -> Self {
        let actions = [super::action::s3::LIST_BUCKET];
        let condition = prefix.map(Condition::listing);
        self.state(Effect::Allow, sid, actions, [on.granted()], condition)
    }

    /// Denies actions on one thing, whatever else allows them, to a request whose `User-Agent` is like none of
    /// these patterns, in which `*` stands for any text, `?` for any character, and the case of letters
    /// counts. A request without a `User-Agent` is not denied.
    ///
    /// The header is what the caller says of itself. So this keeps out mistakes, and nobody who is bad.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-useragent>
    #[must_use]
    pub fn deny_unless_user_agent_like<R>(
        self,
        sid: &str,
        actions: impl IntoIterator<Item = Action<R>>,
        on: &impl Grantable<R>,
        patterns: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let condition = Condition::other_user_agent(patterns);
        self.state(Effect::Deny, sid, actions, [on.granted()], Some(condition))
    }

    fn state<R>(
        mut self,
        effect: Effect,
        sid: &str,
        actions: impl IntoIterator<Item = Action<R>>,
        on: impl IntoIterator<Item = Value<Arn<R>>>,
        condition: Option<Condition>,
    ) -> Self {
        self.statement.push(Statement {
            sid: sid.to_owned(),
            effect,
            principal: None,
            action: actions.into_iter().map(|action| action.name()).collect(),
            resource: on.into_iter().map(|resource| resource.text()).collect(),
            condition,
        });
        self
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
                Some(Condition::StringEquals(Source::Account(
                    pseudo::account_id(),
                ))),
            ),
        };
        Self {
            version: VERSION,
            statement: vec![Statement {
                sid: "Assume".to_owned(),
                effect: Effect::Allow,
                principal: Some(Principal::Service(name)),
                action: vec!["sts:AssumeRole"],
                resource: Vec::new(),
                condition,
            }],
        }
    }
}
