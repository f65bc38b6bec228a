//! What becomes of data.

mod aging;
mod fate;
mod identity;
mod renaming;

use serde::Serialize;

pub(super) use aging::warnings;
pub(super) use fate::data;
pub(super) use identity::settle;
pub(super) use renaming::{Renaming, name_is_taken, renamings};

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
            | "AWS::S3Express::DirectoryBucket"
            | "AWS::DynamoDB::Table"
            | "AWS::DynamoDB::GlobalTable"
            | "AWS::SQS::Queue"
            | "AWS::Kinesis::Stream"
            | "AWS::RDS::DBInstance"
            | "AWS::RDS::DBCluster"
            | "AWS::DocDB::DBCluster"
            | "AWS::Neptune::DBCluster"
            | "AWS::Redshift::Cluster"
            | "AWS::ElastiCache::CacheCluster"
            | "AWS::ElastiCache::ReplicationGroup"
            | "AWS::OpenSearchService::Domain"
            | "AWS::EFS::FileSystem"
            | "AWS::FSx::FileSystem"
            | "AWS::EC2::Volume"
            | "AWS::ECR::Repository"
            | "AWS::Cognito::UserPool"
            | "AWS::SecretsManager::Secret"
            | "AWS::KMS::Key" => Some(Self::Data),
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
    /// It may be deleted: that depends on what the deployment finds.
    MayBeLost,
    /// It is deleted, and a snapshot of it stays.
    Snapshot,
    /// It stays where it is, in a resource that no stack owns any more.
    LeftBehind,
}
