//! What CloudFormation answers to two templates, without the values that only AWS gives.

use std::collections::{BTreeMap, BTreeSet};

use iac::plan::{
    Action, Evaluation, PlanKind, PolicyAction, Proposal, ProposedChange, ProposedDetail,
    Recreation, Replacement, Side,
};
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

/// The account of every test: its id must be in nothing that is printed.
pub(crate) const ACCOUNT: &str = "210987654321";

/// A template with the values of its parameters: those given, and defaults.
pub(crate) fn side(template: &Json, given: &[(&str, &str)]) -> Side {
    let mut parameters = BTreeMap::new();
    let definitions = template["Parameters"].as_object();
    for (name, definition) in definitions.into_iter().flatten() {
        let default = match &definition["Default"] {
            Json::Null => format!("the-{}", name.to_lowercase()),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        parameters.insert(name.clone(), default);
    }
    for (name, value) in given {
        parameters.insert((*name).to_owned(), (*value).to_owned());
    }
    let hash = Sha256::digest(template.to_string());
    Side {
        template: template.clone(),
        template_text_sha256: hash
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
        parameters,
    }
}

/// A stack that is made.
pub(crate) fn creation(stack: &str, template: &Json) -> Proposal {
    proposal(stack, None, side(template, &[]))
}

/// A stack that is changed.
pub(crate) fn update(stack: &str, before: &Json, after: &Json) -> Proposal {
    proposal(stack, Some(side(before, &[])), side(after, &[]))
}

pub(crate) fn proposal(stack: &str, deployed: Option<Side>, proposed: Side) -> Proposal {
    let empty = Map::new();
    let before = deployed
        .as_ref()
        .map_or(&empty, |side| resources(side, &empty));
    let after = resources(&proposed, &empty);
    let mut changed_parameters: BTreeSet<&str> = BTreeSet::new();
    if let Some(deployed) = &deployed {
        let names = proposed.parameters.iter();
        let changed = names.filter(|(name, value)| deployed.parameters.get(*name) != Some(value));
        changed_parameters.extend(changed.map(|(name, _)| name.as_str()));
    }
    let mut changes = Vec::new();
    for (id, resource) in before.iter().filter(|(id, _)| !after.contains_key(*id)) {
        let mut change = change(Action::Remove, id, resource);
        change.policy_action = Some(match resource["DeletionPolicy"].as_str() {
            Some("Retain" | "RetainExceptOnCreate") => PolicyAction::Retain,
            _ => PolicyAction::Delete,
        });
        changes.push(change);
    }
    let mut replaced: BTreeSet<String> = BTreeSet::new();
    for (id, resource) in after {
        let Some(old) = before.get(id) else {
            changes.push(change(Action::Add, id, resource));
            continue;
        };
        let mut change = change(Action::Modify, id, resource);
        direct(&mut change, old, resource);
        by_parameters(&mut change, resource, &changed_parameters);
        if change.replacement == Replacement::True {
            replaced.insert(id.clone());
            change.policy_action = Some(match resource["UpdateReplacePolicy"].as_str() {
                Some("Retain") => PolicyAction::ReplaceAndRetain,
                _ => PolicyAction::ReplaceAndDelete,
            });
        }
        changes.push(change);
    }
    // What refers to something that is replaced may change as well.
    for change in changes
        .iter_mut()
        .filter(|change| change.action == Action::Modify)
    {
        for (name, value) in properties(&after[&change.logical_id]) {
            for entity in names(value).into_iter().filter(|name| {
                let (id, _) = name.split_once('.').unwrap_or((name, ""));
                replaced.contains(id)
            }) {
                change.details.push(ProposedDetail {
                    attribute: "Properties".to_owned(),
                    name: Some(name.clone()),
                    requires_recreation: Some(recreation(&change.resource_type, name)),
                    causing_entity: Some(entity),
                    change_source: Some("ResourceReference".to_owned()),
                    evaluation: Some(Evaluation::Dynamic),
                    ..ProposedDetail::default()
                });
            }
        }
    }
    changes.retain(|change| change.action != Action::Modify || !change.details.is_empty());
    Proposal {
        stack: stack.to_owned(),
        model: stack.to_owned(),
        region: "eu-central-1".to_owned(),
        account: ACCOUNT.to_owned(),
        kind: if deployed.is_some() {
            PlanKind::Update
        } else {
            PlanKind::Create
        },
        changes,
        deployed,
        proposed,
        tags_before: BTreeMap::new(),
        tags_after: BTreeMap::new(),
        role_arn: None,
    }
}

fn resources<'s>(side: &'s Side, empty: &'s Map<String, Json>) -> &'s Map<String, Json> {
    side.template["Resources"].as_object().unwrap_or(empty)
}

fn properties(resource: &Json) -> impl Iterator<Item = (&String, &Json)> {
    resource["Properties"].as_object().into_iter().flatten()
}

fn change(action: Action, id: &str, resource: &Json) -> ProposedChange {
    let is_new = action == Action::Add;
    ProposedChange {
        action,
        logical_id: id.to_owned(),
        physical_id: (!is_new).then(|| format!("{}-{ACCOUNT}", id.to_lowercase())),
        resource_type: resource["Type"].as_str().unwrap_or_default().to_owned(),
        replacement: Replacement::False,
        policy_action: None,
        scope: Vec::new(),
        details: Vec::new(),
        before_context: None,
        after_context: None,
    }
}

/// The properties that are written differently.
fn direct(change: &mut ProposedChange, old: &Json, new: &Json) {
    let names: BTreeSet<&String> = properties(old)
        .chain(properties(new))
        .map(|(name, _)| name)
        .collect();
    for name in names {
        if old["Properties"].get(name) == new["Properties"].get(name) {
            continue;
        }
        let recreation = recreation(&change.resource_type, name);
        if recreation == Recreation::Always {
            change.replacement = Replacement::True;
        }
        change.details.push(ProposedDetail {
            attribute: "Properties".to_owned(),
            name: Some(name.clone()),
            path: Some(format!("/Properties/{name}")),
            requires_recreation: Some(recreation),
            change_source: Some("DirectModification".to_owned()),
            evaluation: Some(Evaluation::Static),
            ..ProposedDetail::default()
        });
    }
    for attribute in ["DeletionPolicy", "UpdateReplacePolicy", "Metadata"] {
        if old.get(attribute) != new.get(attribute) {
            change.details.push(ProposedDetail {
                attribute: attribute.to_owned(),
                requires_recreation: Some(Recreation::Never),
                ..ProposedDetail::default()
            });
        }
    }
}

/// The properties in which a parameter stands whose value changes.
fn by_parameters(change: &mut ProposedChange, resource: &Json, changed: &BTreeSet<&str>) {
    for (property, value) in properties(resource) {
        for name in names(value)
            .iter()
            .filter(|name| changed.contains(name.as_str()))
        {
            let recreation = recreation(&change.resource_type, property);
            if recreation == Recreation::Always {
                change.replacement = Replacement::True;
            }
            change.details.push(ProposedDetail {
                attribute: "Properties".to_owned(),
                name: Some(property.clone()),
                requires_recreation: Some(recreation),
                causing_entity: Some(name.clone()),
                change_source: Some("ParameterReference".to_owned()),
                evaluation: Some(Evaluation::Static),
                ..ProposedDetail::default()
            });
        }
    }
}

/// The names that a value refers to, `Name` or `Name.Attribute`.
fn names(value: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match value {
        Json::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("Ref", Json::String(name)) => {
                        found.insert(name.clone());
                    }
                    ("Fn::GetAtt", Json::Array(path)) => {
                        let path: Vec<_> = path.iter().filter_map(Json::as_str).collect();
                        found.insert(path.join("."));
                    }
                    ("Fn::Sub", Json::String(text)) => {
                        let pieces = text.split("${").skip(1);
                        found.extend(
                            pieces.filter_map(|piece| Some(piece.split_once('}')?.0.to_owned())),
                        );
                    }
                    _ => found.extend(names(value)),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| found.extend(names(item))),
        _ => {}
    }
    found
}

/// What AWS documents for the properties of these stacks.
fn recreation(resource_type: &str, property: &str) -> Recreation {
    match (resource_type, property) {
        ("AWS::S3::Bucket", "BucketName")
        | ("AWS::DynamoDB::Table", "TableName" | "KeySchema")
        | ("AWS::SQS::Queue", "QueueName")
        | ("AWS::Logs::LogGroup", "LogGroupName")
        | ("AWS::Lambda::Function", "FunctionName")
        | ("AWS::IAM::Role", "RoleName")
        | ("AWS::StepFunctions::StateMachine", "StateMachineName" | "StateMachineType")
        | ("AWS::ApiGateway::Deployment", "RestApiId")
        | ("AWS::Lambda::Permission", _) => Recreation::Always,
        _ => Recreation::Never,
    }
}
