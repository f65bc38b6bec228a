//! The generated templates, and what the roles in them may do.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

pub(crate) const STACKS: [&str; 4] = [
    "resize-api",
    "upload-events",
    "upload-metadata",
    "single-bucket",
];

/// What roles of a template are allowed, or denied: role, then each action on a resource, sorted.
pub(crate) type Permissions = BTreeMap<String, Vec<Stated>>;

/// An action, the resource, and the condition, which is null where there is none.
pub(crate) type Stated = (String, Json, Json);

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

/// What each role is allowed.
pub(crate) fn permissions(template: &Json) -> Permissions {
    statements(template, "Allow")
}

/// What each role is denied.
pub(crate) fn denials(template: &Json) -> Permissions {
    statements(template, "Deny")
}

/// The statements of each role with this effect. Whatever else could let a role do something must not be
/// there at all.
fn statements(template: &Json, effect: &str) -> Permissions {
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
        let mut stated = Vec::new();
        for policy in properties["Policies"].as_array().unwrap() {
            for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
                let known = [json!("Allow"), json!("Deny")];
                assert!(known.contains(&statement["Effect"]), "{id}");
                if statement["Effect"] == effect {
                    stated.extend(of_statement(id, statement.as_object().unwrap()));
                }
            }
        }
        stated.sort_by_key(|(action, resource, _)| (action.clone(), resource.to_string()));
        permissions.insert(id.clone(), stated);
    }
    permissions
}

fn of_statement(role: &str, statement: &Map<String, Json>) -> Vec<Stated> {
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    for key in statement.keys() {
        assert!(known.contains(&key.as_str()), "{role} says {key}");
    }
    let condition = statement.get("Condition").cloned().unwrap_or_default();
    let mut stated = Vec::new();
    for action in statement["Action"].as_array().unwrap() {
        for resource in statement["Resource"].as_array().unwrap() {
            let action = action.as_str().unwrap().to_owned();
            assert!(!action.contains('*'), "{role} may {action}");
            stated.push((action, resource.clone(), condition.clone()));
        }
    }
    stated
}
