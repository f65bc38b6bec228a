//! What a deployed template says once its references are filled in.
//!
//! Pure: the facts about the stack go in, values come out. What it does not know it refuses, naming it.

mod attribute;
mod condition;
mod resolve;
mod substitute;

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

/// A deployed stack: its template, and what its names stand for.
#[derive(Debug, Clone)]
pub struct DeployedStack {
    /// The template as the engine returned it.
    pub template: Value,
    /// Parameters with their values, defaults included.
    pub parameters: BTreeMap<String, String>,
    /// Physical ids by logical id; a resource whose condition is false has none.
    pub physical_ids: BTreeMap<String, String>,
    /// Exports of other stacks, for `Fn::ImportValue`.
    pub exports: BTreeMap<String, String>,
    /// Values of enabled API keys, by physical id.
    pub api_keys: BTreeMap<String, String>,
    /// The pseudo parameters.
    pub pseudo: Pseudo,
}

/// The pseudo parameters.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
#[derive(Debug, Clone)]
pub struct Pseudo {
    /// `AWS::AccountId`
    pub account_id: String,
    /// `AWS::Region`
    pub region: String,
    /// `AWS::StackName`
    pub stack_name: String,
    /// `AWS::StackId`
    pub stack_id: String,
}

/// Why a value cannot be resolved.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// A name that is neither a parameter, a deployed resource nor a pseudo parameter.
    #[error("`{0}` is no parameter, no deployed resource and no pseudo parameter of the stack")]
    UnknownName(String),
    /// An attribute whose value cannot be told from the physical id.
    #[error("the attribute `{attribute}` of `{resource}` ({kind}) is not known to `iac local`")]
    UnknownAttribute {
        /// Logical id.
        resource: String,
        /// Attribute.
        attribute: String,
        /// Resource type.
        kind: String,
    },
    /// A condition that the template does not have.
    #[error("the template has no condition `{0}`")]
    UnknownCondition(String),
    /// An export that no stack has.
    #[error("no stack exports `{0}`")]
    UnknownExport(String),
    /// A function this resolver does not know, or with arguments of another form.
    #[error("`{0}` with these arguments is not supported by `iac local`")]
    Unsupported(String),
    /// Conditions or functions nested deeper than any real template.
    #[error("the template is nested too deeply, or a condition refers to itself")]
    TooDeep,
}

impl DeployedStack {
    /// The value with every intrinsic function in it replaced; `None` for `AWS::NoValue`.
    ///
    /// # Errors
    /// A name or a function in it is not known.
    pub fn resolve(&self, value: &Value) -> Result<Option<Value>, ResolveError> {
        resolve::resolve(self, value, 0)
    }

    /// Resources of a type that are deployed: logical id and properties, in the template's order.
    pub fn resources_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = (&'s str, &'s Value)> {
        self.resources()
            .filter(move |(id, resource)| {
                resource["Type"] == kind && self.physical_ids.contains_key(*id)
            })
            .map(|(id, resource)| (id, &resource["Properties"]))
    }

    /// All resources of the template: logical id and resource.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.template["Resources"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(id, resource)| (id.as_str(), resource))
    }
}

#[cfg(test)]
mod tests;
