//! The README's tables of roles.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;

use crate::read::{STACKS, denials, of_type, permissions, template};

/// A resource of a statement as the README names it: logical ids in place of their ARNs.
fn in_words(template: &Json, resource: &Json) -> String {
    if let Json::Array(path) = &resource["Fn::GetAtt"] {
        return path[0].as_str().unwrap().to_owned();
    }
    let mut text = resource["Fn::Sub"].as_str().unwrap().to_owned();
    for (id, bucket) in of_type(template, "AWS::S3::Bucket") {
        if let Some(name) = bucket["Properties"]["BucketName"]["Fn::Sub"].as_str() {
            text = text.replace(&format!("arn:${{AWS::Partition}}:s3:::{name}"), id);
        }
    }
    // Built where the thing itself cannot be named: kind and name are what is particular to it.
    if let Some((_, name)) = text.split_once("${AWS::AccountId}:") {
        return name.replace("${AWS::StackName}-", "");
    }
    // What whoever deploys chooses stays in braces.
    let text = text.replacen("${", "", usize::from(text.contains(".Arn}")));
    text.replace(".Arn}", "").replace('$', "")
}

/// What a condition adds to a resource.
fn condition_in_words(condition: &Json) -> String {
    if let Some(prefix) = condition["StringLike"]["s3:prefix"].as_str() {
        return format!(", keys `{prefix}`");
    }
    if let Some(agents) = condition["StringNotLike"]["aws:UserAgent"].as_array() {
        let agents: Vec<String> = agents
            .iter()
            .map(|agent| format!("`{}`", agent.as_str().unwrap()))
            .collect();
        return format!(", user agent none of {}", agents.join(", "));
    }
    assert_eq!(*condition, Json::Null, "say in words what {condition} is");
    String::new()
}

/// A line for each resource of each role, with its actions; after what it may what it is denied all the same.
fn table(stack: &str) -> String {
    let template = template(stack);
    let mut denied = denials(&template);
    let mut table = format!("### `{stack}`\n\n| Role | May | On |\n|---|---|---|\n");
    for (role, allowed) in permissions(&template) {
        let mut lines: Vec<(String, String)> = Vec::new();
        let allowed = allowed.into_iter().map(|stated| ("", stated));
        let denied = denied.remove(&role).unwrap_or_default();
        let denied = denied.into_iter().map(|stated| ("never ", stated));
        for (word, (action, resource, condition)) in allowed.chain(denied) {
            let action = format!("{word}`{action}`");
            let resource = in_words(&template, &resource);
            let on = format!("`{resource}`{}", condition_in_words(&condition));
            match lines.iter_mut().find(|(_, other)| *other == on) {
                Some((actions, _)) => write!(actions, ", {action}").unwrap(),
                None => lines.push((action, on)),
            }
        }
        for (actions, on) in lines {
            writeln!(table, "| `{role}` | {actions} | {on} |").unwrap();
        }
    }
    table
}

#[test]
fn the_readme_shows_the_roles_as_they_are() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).expect("the README");
    let missing: Vec<String> = STACKS
        .into_iter()
        .map(table)
        .filter(|table| !readme.contains(&format!("{table}\n")))
        .collect();
    assert!(
        missing.is_empty(),
        "the README should say:\n{}",
        missing.join("\n")
    );
}
