//! What the person, or the CI job, that deploys a stack may do: policy documents, made from the template.
//!
//! Scoped to the stack's name wherever ARNs have it. They name any account and region, and the stack by its
//! name in this project: under another name, that is what to put in its place.

mod commands;
mod needs;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use self::commands::{Command, DEPLOY, OPERATE};
use self::needs::NEEDS;
use crate::cfn::Template;
use crate::iam::VERSION;
use crate::stacks::Bootstrap;

/// Most characters of a managed policy, spaces outside of texts not counted.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>
pub const MAX_CHARACTERS: usize = 6144;

/// A policy document, and what it is called under `generated/`.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// `deployer-policy` for what deploying takes, `operator-policy` for what the commands on a deployed stack
    /// take; the second and further ones that a limit asks for with `-2` and so on.
    pub name: String,
    /// The document.
    pub document: Json,
}

/// The policies for a stack: as few as fit IAM's limit, in the order of their statements. A type that this
/// program does not know is in none of them.
#[must_use]
pub fn policies(template: &Template) -> Vec<Policy> {
    let (deploy, operate) = statements(template);
    let mut policies = split("deployer-policy", deploy);
    policies.extend(split("operator-policy", operate));
    policies
}

fn split(name: &str, statements: Vec<Json>) -> Vec<Policy> {
    let mut parts: Vec<Vec<Json>> = Vec::new();
    for statement in statements {
        let last = parts.last_mut().filter(|last| {
            let mut longer = (*last).clone();
            longer.push(statement.clone());
            document(&longer).to_string().chars().count() <= MAX_CHARACTERS
        });
        match last {
            Some(last) => last.push(statement),
            None => parts.push(vec![statement]),
        }
    }
    let named = (1..).zip(&parts).map(|(number, part)| Policy {
        name: match number {
            1 => name.to_owned(),
            _ => format!("{name}-{number}"),
        },
        document: document(part),
    });
    named.collect()
}

/// The id of the statement that is about a type: `AWS::S3::Bucket` is `S3Bucket`.
#[must_use]
pub fn statement_id(resource_type: &str) -> String {
    resource_type.trim_start_matches("AWS::").replace("::", "")
}

fn document(statements: &[Json]) -> Json {
    json!({"Version": VERSION, "Statement": statements})
}

/// What deploying takes, and what the commands on a deployed stack take.
fn statements(template: &Template) -> (Vec<Json>, Vec<Json>) {
    let resources = template.document()["Resources"].as_object();
    let resources: Vec<_> = resources.into_iter().flatten().collect();
    let types: BTreeSet<_> = resources
        .iter()
        .filter_map(|(_, resource)| resource["Type"].as_str())
        .collect();
    let place = |arns: &[&str]| -> Vec<String> {
        let named = arns.iter().map(|arn| {
            arn.replace("{name}", template.name())
                .replace("{artifacts}", Bootstrap::STACK_NAME)
        });
        named.collect()
    };
    let mut statements = Vec::new();
    for needs in NEEDS.iter().filter(|needs| types.contains(needs.kind)) {
        statements.push(allow(
            &statement_id(needs.kind),
            needs.actions,
            &place(needs.on),
        ));
    }
    let services = services(resources.iter().map(|(_, resource)| *resource));
    if !services.is_empty() {
        let roles = place(&["arn:aws:iam::*:role/{name}-*"]);
        let mut pass = allow("PassRoles", &["iam:PassRole"], &roles);
        pass["Condition"] = json!({"StringEquals": {"iam:PassedToService": services}});
        statements.push(pass);
    }
    let of = |commands: &[Command]| -> Vec<Json> {
        let used = commands.iter().filter(|it| types.contains(it.with));
        used.map(|it| allow(it.sid, it.actions, &place(it.on)))
            .collect()
    };
    statements.extend(of(DEPLOY));
    (statements, of(OPERATE))
}

fn allow(sid: &str, actions: &[&str], on: &[String]) -> Json {
    json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": on})
}

/// The services that take the template's roles.
fn services<'t>(resources: impl Iterator<Item = &'t Json>) -> BTreeSet<String> {
    let mut services = BTreeSet::new();
    for role in resources.filter(|resource| resource["Type"] == "AWS::IAM::Role") {
        let statements = role["Properties"]["AssumeRolePolicyDocument"]["Statement"].as_array();
        for statement in statements.into_iter().flatten() {
            match &statement["Principal"]["Service"] {
                Json::String(service) => services.extend([service.clone()]),
                Json::Array(several) => {
                    services.extend(
                        several
                            .iter()
                            .filter_map(|it| Some(it.as_str()?.to_owned())),
                    );
                }
                _ => {}
            }
        }
    }
    services
}
