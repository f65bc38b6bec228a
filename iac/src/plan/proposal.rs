//! What is known before a deployment: the change set as CloudFormation answers it, and both templates.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, IntoDeserializer, value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::PlanKind;

/// Everything that a [`Plan`](super::Plan) is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Name of the deployed stack.
    pub stack: String,
    /// Name of the stack in this project, such as `resize-api`.
    pub model: String,
    /// Region, such as `eu-central-1`.
    pub region: String,
    /// Id of the account: part of the digest, printed nowhere.
    pub account: String,
    /// Whether there is a stack already.
    pub kind: PlanKind,
    /// Every change of the change set, from all of its pages.
    pub changes: Vec<ProposedChange>,
    /// What is deployed; `None` before the first deployment.
    pub deployed: Option<Side>,
    /// What is to be deployed.
    pub proposed: Side,
    /// Tags of the stack as they are.
    pub tags_before: BTreeMap<String, String>,
    /// Tags of the stack as they will be.
    pub tags_after: BTreeMap<String, String>,
    /// Role that CloudFormation takes on.
    pub role_arn: Option<String>,
}

/// A template with the values of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The template, with the long forms of the intrinsic functions (`Fn::Sub`, not `!Sub`).
    pub template: Json,
    /// SHA-256 of the template's bytes as they are sent, in lower-case hex.
    pub template_text_sha256: String,
    /// The effective value of every parameter, defaults included; `****` where it is `NoEcho`.
    pub parameters: BTreeMap<String, String>,
}

/// A change of a change set.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedChange {
    /// What happens to the resource.
    pub action: Action,
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS; `None` before it is there.
    pub physical_id: Option<String>,
    /// Its type, such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Whether a new resource takes its place. Only [`Action::Modify`] has it; others say `False`.
    pub replacement: Replacement,
    /// What its `DeletionPolicy` or `UpdateReplacePolicy` makes of the resource that goes.
    pub policy_action: Option<PolicyAction>,
    /// The attributes that change, such as `Properties`.
    pub scope: Vec<String>,
    /// The fields that change.
    pub details: Vec<ProposedDetail>,
    /// The whole resource as it is, a JSON text with references resolved (`IncludePropertyValues`).
    pub before_context: Option<String>,
    /// The whole resource as it will be, a JSON text with references resolved as far as they are known.
    pub after_context: Option<String>,
}

/// A field that changes: CloudFormation's `ResourceChangeDetail` and its `ResourceTargetDefinition`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposedDetail {
    /// The attribute, such as `Properties` or `Tags`.
    pub attribute: String,
    /// The property, if the attribute is `Properties`.
    pub name: Option<String>,
    /// Where it is in the resource, such as `/Properties/Environment/Variables/MAX_WIDTH`.
    pub path: Option<String>,
    /// The value as it is; AWS cuts a long one.
    pub before: Option<String>,
    /// The value as it will be; AWS cuts a long one.
    pub after: Option<String>,
    /// Whether changing this property replaces the resource.
    pub requires_recreation: Option<Recreation>,
    /// The parameter, resource or attribute that causes the change.
    pub causing_entity: Option<String>,
    /// What the cause is, such as `ParameterReference`.
    pub change_source: Option<String>,
    /// Whether the value is known before the deployment.
    pub evaluation: Option<Evaluation>,
}

/// What CloudFormation does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Action {
    /// Creates it.
    Add,
    /// Changes it, or puts another in its place: see [`Replacement`].
    Modify,
    /// Takes it out of the stack, and deletes it unless a policy keeps it.
    Remove,
    /// Takes a resource that is there into the stack.
    Import,
    /// Cannot be told before the deployment.
    Dynamic,
    /// Changes what CloudFormation knows of it, not the resource.
    SyncWithActual,
}

/// Whether a new resource takes the place of one.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Replacement {
    /// It stays the same one.
    #[default]
    False,
    /// It depends on what the deployment finds.
    Conditional,
    /// Another takes its place.
    True,
}

/// What becomes of the resource that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PolicyAction {
    /// It is deleted.
    Delete,
    /// It stays, and no stack owns it any more.
    Retain,
    /// It is deleted after a snapshot was taken.
    Snapshot,
    /// Another takes its place, then it is deleted.
    ReplaceAndDelete,
    /// Another takes its place, and it stays.
    ReplaceAndRetain,
    /// Another takes its place, then it is deleted after a snapshot was taken.
    ReplaceAndSnapshot,
}

/// Whether changing a property replaces the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Recreation {
    /// Never.
    Never,
    /// It depends on the value.
    Conditionally,
    /// Always.
    Always,
}

/// Whether a value is known before the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Evaluation {
    /// It is, and it changes.
    Static,
    /// It depends on another resource, and may turn out to be the same.
    Dynamic,
}

/// CloudFormation's word (`ReplaceAndRetain`) as a value; `None` for a word that this program does not
/// know.
pub fn named<T: DeserializeOwned>(word: &str) -> Option<T> {
    let word: value::StrDeserializer<'_, value::Error> = word.into_deserializer();
    T::deserialize(word).ok()
}
