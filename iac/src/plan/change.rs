//! A change as people and programs read it.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Access, Action, Data, Recreation, Replacement, ValueChange};

/// What happens to one resource, with everything that a reviewer wants to know of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS, the account left out; `None` before it is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical_id: Option<String>,
    /// Its type, such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// What happens to it.
    pub action: Action,
    /// Whether another takes its place.
    pub replacement: Replacement,
    /// Where it stands in the order of risk.
    pub risk: Risk,
    /// What becomes of the data that the resource holds, where the resource goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
    /// What becomes of permissions, where the change is about them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The values that change, in the order of the template.
    pub differences: Vec<Difference>,
    /// What else a reviewer should know, a sentence each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// The order of risk: the first is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Risk {
    /// Data is replaced, deleted or left behind.
    Data,
    /// Permissions change: of roles, of resources, of the API.
    Access,
    /// Everything else.
    Other,
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Where, such as `Definition.States.Resize.Retry[0].MaxAttempts`.
    pub path: String,
    /// The value as it is; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// The value as it will be; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
    /// Whether the value as it will be is known only after the deployment.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub known_later: bool,
    /// Whether it replaces the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires_recreation: Option<Recreation>,
    /// What makes it change if nobody changed it here, such as `parameter CodeKey` or `Role.Arn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

impl From<&ValueChange> for Difference {
    fn from(change: &ValueChange) -> Self {
        Self {
            path: change.name.clone(),
            before: change.before.clone().map(Json::from),
            after: change.after.clone().map(Json::from),
            known_later: false,
            requires_recreation: None,
            cause: None,
        }
    }
}
