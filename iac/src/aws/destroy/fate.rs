//! What becomes of a stack's resources when it is deleted: what the deployed template says. Pure.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>

use std::collections::BTreeMap;

use serde::Serialize;
use serde_yaml::Value as Yaml;

use crate::aws::stack::DeployedResource;
use crate::plan::Holds;

/// A resource of a stack that is to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Leaving {
    /// Its name in the stack.
    pub(super) logical_id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Its name in its service.
    #[serde(skip)]
    pub(super) physical_id: String,
    /// What it holds that cannot be made again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) holds: Option<Holds>,
    /// What becomes of it.
    pub(super) fate: Fate,
}

/// What becomes of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Fate {
    /// It goes.
    Deleted,
    /// It goes, and a snapshot of it stays.
    Snapshot,
    /// It stays, and belongs to no stack any more.
    Kept,
}

impl Leaving {
    pub(super) fn is_bucket(&self) -> bool {
        self.kind == "AWS::S3::Bucket"
    }
}

/// The fates of all resources: what goes comes first, and of that what holds data.
pub(super) fn fates(
    template: &Yaml,
    resources: BTreeMap<String, DeployedResource>,
    retain: &[String],
) -> Vec<Leaving> {
    let mut leaving: Vec<_> = resources
        .into_iter()
        .map(|(logical_id, resource)| {
            let policy = template["Resources"][logical_id.as_str()]["DeletionPolicy"].as_str();
            let fate = match policy {
                _ if retain.contains(&logical_id) => Fate::Kept,
                Some("Retain" | "RetainExceptOnCreate") => Fate::Kept,
                Some("Snapshot") => Fate::Snapshot,
                _ => Fate::Deleted,
            };
            Leaving {
                holds: Holds::of(&resource.kind),
                kind: resource.kind,
                physical_id: resource.physical_id,
                logical_id,
                fate,
            }
        })
        .collect();
    leaving.sort_by_key(|it| (it.fate, it.holds.is_none(), it.holds));
    leaving
}

#[cfg(test)]
mod tests {
    use super::{Fate, fates};
    use crate::aws::stack::DeployedResource;

    #[test]
    fn what_is_lost_comes_first_and_what_is_kept_last() {
        let template = "
Resources:
  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: Retain}
  KeptNow: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate}
  Copied: {Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot}
  Lost: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${AWS::StackName}-lost'}}
  Stuck: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}
  Api: {Type: AWS::ApiGateway::RestApi}
  Log: {Type: AWS::Logs::LogGroup}
";
        let template = serde_yaml::from_str(template).expect("YAML with CloudFormation's tags");
        let resource = |(id, kind): (&str, &str)| {
            let resource = DeployedResource {
                kind: kind.to_owned(),
                physical_id: format!("photos-{id}"),
            };
            (id.to_owned(), resource)
        };
        let resources = [
            ("Api", "AWS::ApiGateway::RestApi"),
            ("Copied", "AWS::RDS::DBInstance"),
            ("Gone", "AWS::SQS::Queue"),
            ("Kept", "AWS::S3::Bucket"),
            ("KeptNow", "AWS::S3::Bucket"),
            ("Log", "AWS::Logs::LogGroup"),
            ("Lost", "AWS::S3::Bucket"),
            ("Stuck", "AWS::S3::Bucket"),
        ];
        let resources = resources.map(resource).into_iter().collect();
        let fates = fates(&template, resources, &["Stuck".to_owned()]);
        let told: Vec<_> = fates
            .iter()
            .map(|it| (it.logical_id.as_str(), it.fate))
            .collect();
        assert_eq!(
            told,
            [
                // Taken out of the template, and still there: nothing keeps it.
                ("Gone", Fate::Deleted),
                ("Lost", Fate::Deleted),
                ("Log", Fate::Deleted),
                ("Api", Fate::Deleted),
                ("Copied", Fate::Snapshot),
                ("Kept", Fate::Kept),
                ("KeptNow", Fate::Kept),
                ("Stuck", Fate::Kept),
            ]
        );
    }
}
