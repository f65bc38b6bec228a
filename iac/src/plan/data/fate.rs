//! What a policy makes of the data of a resource that goes.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>

use serde_json::Value as Json;

use super::{Data, Fate, Holds};
use crate::plan::{Action, PolicyAction, ProposedChange, Replacement};

/// How a resource goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    /// Out of the stack.
    Out,
    /// For another in its place.
    Replaced,
    /// For another in its place, perhaps.
    Perhaps,
}

/// What stays of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    Nothing,
    Snapshot,
    All,
}

/// What becomes of the data of a resource; `None` if it holds none or stays.
pub(in crate::plan) fn data(
    change: &ProposedChange,
    before: Option<&Json>,
    after: Option<&Json>,
) -> Option<Data> {
    // What is there may be of another type than what takes its place.
    let kind = before.and_then(|resource| resource["Type"].as_str());
    let kind = kind.unwrap_or(&change.resource_type);
    let holds = Holds::of(kind)?;
    let goes = match (change.action, change.replacement) {
        (Action::Remove, _) => Goes::Out,
        (Action::Modify | Action::Dynamic, Replacement::True) => Goes::Replaced,
        (Action::Modify, Replacement::Conditional) | (Action::Dynamic, _) => Goes::Perhaps,
        (Action::Modify, Replacement::False)
        | (Action::Add | Action::Import | Action::SyncWithActual, _) => return None,
    };
    let stays = match change.policy_action {
        Some(PolicyAction::Retain | PolicyAction::ReplaceAndRetain) => Stays::All,
        Some(PolicyAction::Snapshot | PolicyAction::ReplaceAndSnapshot) => Stays::Snapshot,
        Some(PolicyAction::Delete | PolicyAction::ReplaceAndDelete) => Stays::Nothing,
        None => {
            let policy = match goes {
                Goes::Out => before.and_then(|resource| resource["DeletionPolicy"].as_str()),
                _ => after.and_then(|resource| resource["UpdateReplacePolicy"].as_str()),
            };
            match policy {
                // A stack that is there was created: what was excepted is over.
                Some("Retain" | "RetainExceptOnCreate") => Stays::All,
                Some("Snapshot") => Stays::Snapshot,
                _ => Stays::Nothing,
            }
        }
    };
    let bucket = kind == "AWS::S3::Bucket";
    let fate = match (stays, goes) {
        (Stays::All, _) => Fate::LeftBehind,
        (Stays::Snapshot, _) => Fate::Snapshot,
        // CloudFormation cannot delete a bucket with something in it.
        (Stays::Nothing, _) if bucket => Fate::MayBeLost,
        (Stays::Nothing, Goes::Perhaps) => Fate::MayBeLost,
        (Stays::Nothing, _) => Fate::Lost,
    };
    let words = words(change, kind, goes, stays);
    Some(Data { holds, fate, words })
}

fn words(change: &ProposedChange, kind: &str, goes: Goes, stays: Stays) -> String {
    let id = &change.logical_id;
    let (noun, content) = nouns(kind);
    let old = match goes {
        Goes::Out => format!("`{id}`"),
        _ => format!("the old {noun}"),
    };
    let named = match &change.physical_id {
        Some(name) => format!("{old} ({name})"),
        None => old.clone(),
    };
    let rest = match stays {
        Stays::All => format!("{named} stays with its {content}, and no stack owns it any more"),
        Stays::Snapshot => format!("{named} is deleted, and a snapshot of its {content} stays"),
        Stays::Nothing if noun == "bucket" => format!(
            "{named} is deleted if it is empty; otherwise CloudFormation cannot delete it, it stays with its {content}, and no stack owns it any more"
        ),
        Stays::Nothing => format!("{named} is deleted with all its {content}"),
    };
    match goes {
        Goes::Out => format!("{}.", capital(&rest)),
        Goes::Replaced => format!("A new, empty {noun} takes the place of `{id}`; {rest}."),
        Goes::Perhaps => format!(
            "It depends on what the deployment finds whether a new, empty {noun} takes the place of `{id}`; if so, {rest}."
        ),
    }
}

/// What a type of resource is called, and what is in it.
fn nouns(resource_type: &str) -> (&'static str, &'static str) {
    match resource_type {
        "AWS::S3::Bucket" | "AWS::S3Express::DirectoryBucket" => ("bucket", "objects"),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => ("table", "items"),
        "AWS::SQS::Queue" => ("queue", "messages"),
        "AWS::Logs::LogGroup" => ("log group", "logs"),
        "AWS::ECR::Repository" => ("repository", "images"),
        "AWS::Cognito::UserPool" => ("user pool", "users"),
        "AWS::KMS::Key" => (
            "key",
            "key material, without which nothing encrypted by it can be read",
        ),
        _ => ("resource", "contents"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}
