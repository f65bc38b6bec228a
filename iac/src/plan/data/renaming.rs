//! Resources that get another logical id: to CloudFormation, one that goes and one that comes.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::Holds;
use crate::plan::render::plain;
use crate::plan::values::intrinsic;
use crate::plan::{Action, ProposedChange, Replacement};

/// What looks like a renaming.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct Renaming {
    /// The logical id that goes.
    pub(in crate::plan) old: String,
    /// The logical id that comes.
    pub(in crate::plan) new: String,
}

/// The resources that hold data and look renamed: one of a type goes, one of the same type comes. Where
/// several could be meant, the one with most in common is.
pub(in crate::plan) fn renamings(
    changes: &[ProposedChange],
    before: &Map<String, Json>,
    after: &Map<String, Json>,
) -> Vec<Renaming> {
    let with = |action| changes.iter().filter(move |change| change.action == action);
    let mut pairs: Vec<_> = with(Action::Remove)
        .filter(|old| Holds::of(&old.resource_type).is_some())
        .flat_map(|old| with(Action::Add).map(move |new| (old, new)))
        .filter(|(old, new)| old.resource_type == new.resource_type)
        .map(|(old, new)| {
            let (old, new) = (&old.logical_id, &new.logical_id);
            (
                alike(before.get(old), after.get(new)),
                alike_names(old, new),
                old,
                new,
            )
        })
        .collect();
    pairs.sort_by(|a, b| (b.0, b.1, a.2, a.3).cmp(&(a.0, a.1, b.2, b.3)));
    let mut taken = BTreeSet::new();
    let mut renamings = Vec::new();
    for (_, _, old, new) in pairs {
        if taken.contains(&(true, old)) || taken.contains(&(false, new)) {
            continue;
        }
        taken.extend([(true, old), (false, new)]);
        renamings.push(Renaming {
            old: old.clone(),
            new: new.clone(),
        });
    }
    renamings
}

/// How many properties two resources share.
fn alike(old: Option<&Json>, new: Option<&Json>) -> usize {
    let properties = |resource: Option<&Json>| {
        let properties = resource.and_then(|resource| resource["Properties"].as_object());
        properties.cloned().unwrap_or_default()
    };
    let new = properties(new);
    let shared = properties(old);
    shared
        .iter()
        .filter(|(name, value)| new.get(*name) == Some(value))
        .count()
}

/// How many characters two names start and end with alike.
fn alike_names(old: &str, new: &str) -> usize {
    let same = |(a, b): &(char, char)| a == b;
    let start = old.chars().zip(new.chars()).take_while(same).count();
    let end = old
        .chars()
        .rev()
        .zip(new.chars().rev())
        .take_while(same)
        .count();
    start + end
}

/// Sentences about resources that ask for a name which another still has: CloudFormation creates the new
/// resource before the old one goes.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-update-custom-named.html>
pub(in crate::plan) fn name_is_taken(
    changes: &[ProposedChange],
    before: &Map<String, Json>,
    after: &Map<String, Json>,
) -> Vec<String> {
    let name = |resource: Option<&Json>, kind: &str| {
        let property = name_property(kind)?;
        let name = resource?["Properties"].get(property)?;
        let known =
            name.is_string() || intrinsic(name).is_some_and(|(function, _)| function == "Fn::Sub");
        known.then(|| name.clone())
    };
    let old: Vec<_> = changes
        .iter()
        .filter(|change| change.action == Action::Remove || change.replacement == Replacement::True)
        .filter_map(|change| {
            let kind = change.resource_type.as_str();
            let name = name(before.get(&change.logical_id), kind)?;
            Some((kind, name, &change.logical_id))
        })
        .collect();
    let comes = changes
        .iter()
        .filter(|change| change.action == Action::Add || change.replacement == Replacement::True);
    comes
        .filter_map(|change| {
            let kind = change.resource_type.as_str();
            let name = name(after.get(&change.logical_id), kind)?;
            let (_, _, owner) = old.iter().find(|(other, taken, _)| *other == kind && *taken == name)?;
            let id = &change.logical_id;
            let whose = if *owner == id { "the old one".to_owned() } else { format!("`{owner}`") };
            Some(format!(
                "`{id}` asks for the name {}, which {whose} still has when it is created: the deployment will fail. Choose another name, or undo what makes it a new resource.",
                plain(&name)
            ))
        })
        .collect()
}

/// The property with which a template gives a resource its name.
fn name_property(resource_type: &str) -> Option<&'static str> {
    Some(match resource_type {
        "AWS::S3::Bucket" => "BucketName",
        "AWS::DynamoDB::Table" => "TableName",
        "AWS::SQS::Queue" => "QueueName",
        "AWS::Logs::LogGroup" => "LogGroupName",
        "AWS::Lambda::Function" => "FunctionName",
        "AWS::IAM::Role" => "RoleName",
        "AWS::StepFunctions::StateMachine" => "StateMachineName",
        "AWS::SNS::Topic" => "TopicName",
        "AWS::CloudWatch::Alarm" => "AlarmName",
        _ => return None,
    })
}
