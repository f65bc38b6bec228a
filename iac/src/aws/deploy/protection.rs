//! What keeps a stack's data from its own updates: a stack policy that names each resource which holds some.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html>

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::aws::AwsError;
use crate::aws::cloudformation::StackClient;
use crate::plan::Holds;

/// Protects a stack that holds data from deletion, and its data from updates. Says whether deletion was not
/// refused before.
///
/// # Errors
/// CloudFormation refuses or does not answer.
pub(in crate::aws) async fn protect(
    client: &StackClient,
    template: &Json,
    is_protected: bool,
) -> Result<bool, AwsError> {
    if holders(template).is_empty() {
        return Ok(false);
    }
    if !is_protected {
        client.set_termination_protection(true).await?;
    }
    close(client, template).await?;
    Ok(!is_protected)
}

/// Closes the policy over everything that holds data, unless somebody wrote another.
///
/// # Errors
/// CloudFormation refuses or does not answer.
pub(super) async fn close(client: &StackClient, template: &Json) -> Result<(), AwsError> {
    let holders = holders(template);
    let there = client.policy().await?;
    let ours = there.as_deref().map(protected);
    match ours {
        // Somebody else's, or just this one.
        Some(None) => Ok(()),
        Some(Some(protected)) if protected == holders => Ok(()),
        None if holders.is_empty() => Ok(()),
        _ => client.set_policy(&policy(&holders)).await,
    }
}

/// Opens the policy for what may happen to these; what else holds data in this template stays as it is.
///
/// # Errors
/// CloudFormation refuses or does not answer.
pub(super) async fn open(
    client: &StackClient,
    template: &Json,
    losses: &BTreeSet<String>,
) -> Result<(), AwsError> {
    let there = client.policy().await?;
    let Some(protected) = there.as_deref().and_then(protected) else {
        return Ok(());
    };
    if losses.is_disjoint(&protected) {
        return Ok(());
    }
    let left = holders(template).difference(losses).cloned().collect();
    client.set_policy(&policy(&left)).await
}

/// The logical ids of a template's resources that hold data.
pub(super) fn holders(template: &Json) -> BTreeSet<String> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources
        .filter(|(_, resource)| {
            let kind = resource["Type"].as_str().unwrap_or_default();
            Holds::of(kind) == Some(Holds::Data)
        })
        .map(|(id, _)| id.clone())
        .collect()
}

/// A policy that lets updates change everything and replace or delete everything but these.
pub(super) fn policy(protected: &BTreeSet<String>) -> String {
    let mut statements = vec![json!({
        "Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*",
    })];
    if !protected.is_empty() {
        let resources = protected.iter().map(|id| format!("{PREFIX}{id}"));
        statements.push(json!({
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["Update:Replace", "Update:Delete"],
            "Resource": resources.collect::<Vec<_>>(),
        }));
    }
    json!({ "Statement": statements }).to_string()
}

const PREFIX: &str = "LogicalResourceId/";

/// What a policy protects, if it is one of ours; `None` for what someone else wrote.
pub(super) fn protected(text: &str) -> Option<BTreeSet<String>> {
    let read: Json = serde_json::from_str(text).ok()?;
    let resources = read["Statement"][1]["Resource"].as_array().into_iter();
    let ids = resources.flatten().filter_map(|resource| {
        let id = resource.as_str()?.strip_prefix(PREFIX)?;
        Some(id.to_owned())
    });
    let ids: BTreeSet<_> = ids.collect();
    let ours: Json = serde_json::from_str(&policy(&ids)).ok()?;
    (ours == read).then_some(ids)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{holders, policy, protected};
    use crate::stacks;

    #[test]
    fn buckets_tables_and_queues_are_protected() {
        let template = stacks::find("upload-metadata").expect("a stack");
        let template = template.template().expect("a template");
        let ids = holders(template.document());
        for id in [
            "SourceBucket",
            "ResizedBucket",
            "ImageMetadata",
            "DeadLetterQueue",
        ] {
            assert!(ids.contains(id), "{id}: {ids:?}");
        }
        assert!(!ids.contains("ResizeImageFunction") && !ids.contains("SourceBucketPolicy"));
        let read: Json = serde_json::from_str(&policy(&ids)).expect("JSON");
        assert_eq!(read["Statement"][1]["Effect"], "Deny");
        assert_eq!(
            read["Statement"][1]["Action"],
            json!(["Update:Replace", "Update:Delete"])
        );
        let resources = read["Statement"][1]["Resource"].as_array().expect("a list");
        assert!(resources.contains(&json!("LogicalResourceId/SourceBucket")));
    }

    #[test]
    fn our_own_policy_is_known_again_and_no_other() {
        for ids in [vec![], vec!["A"], vec!["B", "A"]] {
            let ids = ids.into_iter().map(str::to_owned).collect();
            assert_eq!(protected(&policy(&ids)), Some(ids));
        }
        let mut other: Json =
            serde_json::from_str(&policy(&["A".to_owned()].into())).expect("JSON");
        other["Statement"][1]["Action"] = json!("Update:*");
        assert_eq!(protected(&other.to_string()), None);
        assert_eq!(protected("{}"), None);
        assert_eq!(protected("no JSON"), None);
    }
}
