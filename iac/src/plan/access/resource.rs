//! What a resource allows or refuses, by its type.

use serde_json::Value as Json;

use super::Effect;
use super::api;
use super::atom::{Atom, Principal, policy, principal_of};
use super::scope::Scope;
use crate::plan::render::plain;
use crate::plan::values::{reference, scalar};

/// Properties in which the policy of a resource is, beside those of IAM's own resources.
const POLICIES: [&str; 6] = [
    "PolicyDocument",
    "ResourcePolicy",
    "KeyPolicy",
    "AccessPolicies",
    "RepositoryPolicyText",
    "Policy",
];

/// Whom a policy of IAM belongs to: the properties that list them.
const HOLDERS: [&str; 6] = [
    "Roles",
    "Users",
    "Groups",
    "RoleName",
    "UserName",
    "GroupName",
];

/// The switches of a bucket that keep the public out.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
const PUBLIC_ACCESS: [&str; 4] = [
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
];

/// The grants of a resource, resolved.
pub(super) fn grants(id: &str, resource: &Json, scope: &Scope) -> Vec<Atom> {
    let properties = &resource["Properties"];
    let kind = resource["Type"].as_str().unwrap_or_default();
    match kind {
        "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group" => holder(id, properties, scope),
        "AWS::Lambda::Permission" => permission(properties, scope),
        "AWS::Lambda::Url" => url(properties),
        "AWS::ApiGateway::RestApi" => {
            let body = &properties["Body"];
            let mut atoms = api::body(id, body);
            atoms.extend(policy(&body["x-amazon-apigateway-policy"], None, id, scope));
            atoms.extend(policy(&properties["Policy"], None, id, scope));
            atoms
        }
        "AWS::ApiGateway::Method" => api::method(properties),
        "AWS::S3::Bucket" => public_access(id, properties),
        _ if kind.starts_with("AWS::IAM::") => identity_policy(id, properties, scope),
        _ => {
            let policies = POLICIES.iter().map(|name| &properties[*name]);
            policies
                .flat_map(|document| policy(document, None, id, scope))
                .collect()
        }
    }
}

/// A role, a user or a group: who may take it on, and what it may do.
fn holder(id: &str, properties: &Json, scope: &Scope) -> Vec<Atom> {
    let own = Principal::Own(id.to_owned());
    let mut atoms = policy(&properties["AssumeRolePolicyDocument"], None, id, scope);
    for inline in properties["Policies"].as_array().into_iter().flatten() {
        atoms.extend(policy(&inline["PolicyDocument"], Some(&own), "*", scope));
    }
    for managed in properties["ManagedPolicyArns"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let action = format!("do what {} allows", plain(managed));
        atoms.push(Atom::new(Effect::Allow, own.clone(), &action, "*"));
    }
    if let Some(boundary) = properties.get("PermissionsBoundary") {
        let action = format!("do what {} does not allow", plain(boundary));
        atoms.push(Atom::new(Effect::Deny, own, &action, "*"));
    }
    atoms
}

/// A policy of its own, for those whom it names.
fn identity_policy(id: &str, properties: &Json, scope: &Scope) -> Vec<Atom> {
    let named = HOLDERS.iter().flat_map(|name| match &properties[*name] {
        Json::Array(holders) => holders.as_slice(),
        Json::Null => &[],
        holder => std::slice::from_ref(holder),
    });
    let mut holders: Vec<Principal> = named
        .map(|holder| Principal::Own(reference(holder).unwrap_or_else(|| plain(holder))))
        .collect();
    if holders.is_empty() {
        holders.push(Principal::Own(format!("whoever has {id}")));
    }
    let document = &properties["PolicyDocument"];
    holders
        .iter()
        .flat_map(|holder| policy(document, Some(holder), "*", scope))
        .collect()
}

/// Who may invoke a function.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>
fn permission(properties: &Json, scope: &Scope) -> Vec<Atom> {
    let who = plain(&properties["Principal"]);
    let kind = if who.ends_with(".amazonaws.com") || who.ends_with(".amazonaws.com.cn") {
        "Service"
    } else {
        "AWS"
    };
    let mut tests: Vec<String> = [
        "SourceArn",
        "SourceAccount",
        "PrincipalOrgID",
        "FunctionUrlAuthType",
    ]
    .iter()
    .filter_map(|name| Some(format!("{name} = {}", plain(properties.get(*name)?))))
    .collect();
    tests.sort();
    let condition = (!tests.is_empty()).then(|| tests.join(" and "));
    let statement = serde_json::json!({
        "Action": properties["Action"], "Resource": properties["FunctionName"],
    });
    let document = serde_json::json!({ "Statement": statement });
    let principal = principal_of(kind, &properties["Principal"]);
    let atoms = policy(&document, Some(&principal), "", scope).into_iter();
    atoms.map(|atom| atom.when(condition.clone())).collect()
}

/// The address of a function: with `NONE`, everybody's.
fn url(properties: &Json) -> Vec<Atom> {
    let who = match properties["AuthType"].as_str() {
        Some("AWS_IAM") => Principal::Other("whoever IAM allows it".to_owned()),
        _ => Principal::Anyone,
    };
    let function = plain(&properties["TargetFunctionArn"]);
    vec![Atom::new(Effect::Allow, who, "call", &function)]
}

/// What a bucket refuses the public.
fn public_access(id: &str, properties: &Json) -> Vec<Atom> {
    let switches = &properties["PublicAccessBlockConfiguration"];
    let on = PUBLIC_ACCESS.iter().filter(|name| {
        let switch = switches.get(**name).and_then(scalar);
        switch.is_some_and(|switch| switch.eq_ignore_ascii_case("true"))
    });
    let mut atoms: Vec<_> = on
        .map(|name| {
            let action = format!("open it to the public ({name})");
            Atom::new(Effect::Deny, Principal::Anyone, &action, id)
        })
        .collect();
    let list = properties["AccessControl"].as_str().unwrap_or_default();
    if list.starts_with("Public") || list == "AuthenticatedRead" {
        let action = format!("use it as {list} says");
        atoms.push(Atom::new(Effect::Allow, Principal::Anyone, &action, id));
    }
    atoms
}
