//! The generated templates, and what the roles in them may do.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

pub(crate) const STACKS: [&str; 4] = [
    "resize-api",
    "upload-events",
    "upload-metadata",
    "single-bucket",
];

/// The permissions of a template: role, then what it is allowed, sorted.
pub(crate) type Permissions = BTreeMap<String, Vec<Allowed>>;

/// An action, the resource, and the condition, which is null where there is none.
pub(crate) type Allowed = (String, Json, Json);

pub(crate) fn template(stack: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../generated")
        .join(stack)
        .join("template.yaml");
    let text = std::fs::read_to_string(&path).expect("a generated template");
    serde_yaml::from_str(&text).expect("YAML")
}

/// The resources of a type, by logical id.
pub(crate) fn of_type<'t>(
    template: &'t Json,
    kind: &'t str,
) -> impl Iterator<Item = (&'t String, &'t Json)> {
    let resources = template["Resources"].as_object().unwrap();
    resources
        .iter()
        .filter(move |(_, resource)| resource["Type"] == kind)
}

/// What each role is allowed. Whatever else could let a role do something must not be there at all.
pub(crate) fn permissions(template: &Json) -> Permissions {
    for kind in ["Policy", "ManagedPolicy", "RolePolicy"] {
        let kind = format!("AWS::IAM::{kind}");
        assert_eq!(
            of_type(template, &kind).count(),
            0,
            "{kind} adds permissions outside of the roles"
        );
    }
    let mut permissions = Permissions::new();
    for (id, role) in of_type(template, "AWS::IAM::Role") {
        let properties = role["Properties"].as_object().unwrap();
        assert!(
            !properties.contains_key("ManagedPolicyArns"),
            "{id} has managed policies"
        );
        let mut allowed = Vec::new();
        for policy in properties["Policies"].as_array().unwrap() {
            for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
                assert_eq!(statement["Effect"], "Allow", "{id}");
                allowed.extend(of_statement(id, statement.as_object().unwrap()));
            }
        }
        allowed.sort_by_key(|(action, resource, _)| (action.clone(), resource.to_string()));
        permissions.insert(id.clone(), allowed);
    }
    permissions
}

fn of_statement(role: &str, statement: &Map<String, Json>) -> Vec<Allowed> {
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    for key in statement.keys() {
        assert!(known.contains(&key.as_str()), "{role} says {key}");
    }
    let condition = statement.get("Condition").cloned().unwrap_or_default();
    let mut allowed = Vec::new();
    for action in statement["Action"].as_array().unwrap() {
        for resource in statement["Resource"].as_array().unwrap() {
            let action = action.as_str().unwrap().to_owned();
            assert!(!action.contains('*'), "{role} may {action}");
            allowed.push((action, resource.clone(), condition.clone()));
        }
    }
    allowed
}
