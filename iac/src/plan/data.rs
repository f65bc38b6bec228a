//! What becomes of data.

use serde::Serialize;

/// What a type of resource holds that a template cannot make again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Holds {
    /// What people or programs put there: objects, items, messages, keys.
    Data,
    /// What was written about it: logs.
    Logs,
}

impl Holds {
    /// What a resource of a type holds; `None` if the template can make it again as it was.
    #[must_use]
    pub fn of(resource_type: &str) -> Option<Self> {
        match resource_type {
            "AWS::S3::Bucket"
            | "AWS::DynamoDB::Table"
            | "AWS::DynamoDB::GlobalTable"
            | "AWS::SQS::Queue" => Some(Self::Data),
            "AWS::Logs::LogGroup" => Some(Self::Logs),
            _ => None,
        }
    }
}

/// What becomes of the data of a resource that is replaced or deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    /// What it is.
    pub holds: Holds,
    /// What becomes of it.
    pub fate: Fate,
    /// The same in a sentence or two, with the resource's name.
    pub words: String,
}

/// What becomes of data. The worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Fate {
    /// It is deleted.
    Lost,
    /// It is deleted if the resource is replaced, which only the deployment decides.
    MayBeLost,
    /// It is deleted, and a snapshot of it stays.
    Snapshot,
    /// It stays where it is, in a resource that no stack owns any more.
    LeftBehind,
}
