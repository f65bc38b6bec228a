//! Resources and the handles by which they are referred to.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;

use super::Value;
use super::expression::Expression;
use super::owner::Owner;

/// A CloudFormation resource: serializes as its `Properties`.
pub trait Resource: Serialize {
    /// The resource type, such as `AWS::S3::Bucket`.
    const TYPE: &'static str;
}

/// A resource of a stack. Only [`Stack::add`](super::Stack::add) makes one, so whoever holds a
/// handle refers to something that is there. What `Ref` and `Fn::GetAtt` yield are methods of the
/// handle of each type, beside the resource.
pub struct Handle<R> {
    logical_id: String,
    owner: Owner,
    kind: PhantomData<fn() -> R>,
}

impl<R: Resource> Handle<R> {
    pub(crate) const fn new(logical_id: String, owner: Owner) -> Self {
        Self {
            logical_id,
            owner,
            kind: PhantomData,
        }
    }

    /// The logical id.
    #[must_use]
    pub fn logical_id(&self) -> &str {
        &self.logical_id
    }

    fn marked(&self) -> String {
        self.owner.mark(&self.logical_id)
    }

    /// `Ref`, typed by the resource's module.
    pub(crate) fn reference<T: ?Sized>(&self) -> Value<T> {
        Value::new(Expression::Ref(self.marked()))
    }

    /// `Fn::GetAtt`, typed by the resource's module.
    pub(crate) fn attribute<T: ?Sized>(&self, name: &'static str) -> Value<T> {
        Value::new(Expression::GetAtt(self.marked(), name))
    }
}

impl<R> Clone for Handle<R> {
    fn clone(&self) -> Self {
        Self {
            logical_id: self.logical_id.clone(),
            owner: self.owner,
            kind: PhantomData,
        }
    }
}

impl<R: Resource> fmt::Debug for Handle<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle<{}>({})", R::TYPE, self.logical_id)
    }
}

/// What CloudFormation does with the physical resource when the template lets go of it.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Policy {
    /// Delete it.
    Delete,
    /// Keep it.
    Retain,
    /// Keep it, unless the operation that made it failed: then delete it. For what has a fixed name, which
    /// would be taken when the operation is tried again.
    RetainExceptOnCreate,
}

/// The attributes of a resource beside its properties.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attributes {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) depends_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deletion_policy: Option<Policy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) update_replace_policy: Option<Policy>,
}

impl Attributes {
    /// Keep the resource and what is in it: when the stack is deleted and when an update replaces it.
    #[must_use]
    pub fn retain() -> Self {
        Self::with(Policy::Retain)
    }

    /// Delete the resource and what is in it, as is the default; said aloud, because the resource
    /// holds data.
    #[must_use]
    pub fn delete() -> Self {
        Self::with(Policy::Delete)
    }

    /// Keep the resource and what is in it, except when it has just been made and the rest of its stack
    /// could not be: it has a fixed name, and left behind it would be in the way of the next try.
    #[must_use]
    pub fn retain_named() -> Self {
        Self {
            deletion_policy: Some(Policy::RetainExceptOnCreate),
            ..Self::retain()
        }
    }

    fn with(policy: Policy) -> Self {
        Self {
            deletion_policy: Some(policy),
            update_replace_policy: Some(policy),
            ..Self::default()
        }
    }

    /// Create the resource after another one that no property refers to.
    #[must_use]
    pub fn after<R: Resource>(mut self, other: &Handle<R>) -> Self {
        self.depends_on.push(other.marked());
        self
    }
}
