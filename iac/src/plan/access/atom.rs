//! A statement taken apart: one principal, one action, one resource each.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::pattern::{Cover, Pattern};
use super::scope::Scope;
use super::{Effect, Grant};
use crate::plan::render::plain;
use crate::plan::values::{document, intrinsic, scalar};

/// A grant with what it takes to compare it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Atom {
    pub(super) grant: Grant,
    principal: Principal,
    action: Pattern,
    resource: Pattern,
}

/// Who a grant is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Principal {
    /// Whoever asks.
    Anyone,
    /// A role, user or group of the template, by the name it has there.
    Own(String),
    /// Somebody else, in words.
    Other(String),
    /// Everybody but these.
    Except(BTreeSet<String>),
}

impl Principal {
    fn words(&self) -> String {
        match self {
            Self::Anyone => "anyone".to_owned(),
            Self::Own(name) | Self::Other(name) => name.clone(),
            Self::Except(names) => {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                format!("anyone but {}", names.join(", "))
            }
        }
    }

    fn covers(&self, other: &Self) -> Cover {
        match (self, other) {
            (own, other) if own == other => Cover::Yes,
            // What a role may do by its own policies is not what a resource lets everybody do.
            (_, Self::Own(_)) | (Self::Own(_), _) => Cover::No,
            (Self::Anyone, _) => Cover::Yes,
            (Self::Except(own), Self::Except(other)) if own.is_subset(other) => Cover::Yes,
            (Self::Except(_), _) | (_, Self::Except(_)) => Cover::Unknown,
            _ => Cover::No,
        }
    }
}

impl Atom {
    /// A grant that stands for itself, outside of a statement.
    pub(super) fn new(effect: Effect, principal: Principal, action: &str, resource: &str) -> Self {
        Self {
            grant: Grant {
                effect,
                principal: principal.words(),
                action: action.to_owned(),
                resource: resource.to_owned(),
                condition: None,
            },
            principal,
            action: Pattern::Is(action.to_lowercase()),
            resource: Pattern::Is(resource.to_owned()),
        }
    }

    /// The same, allowed or refused under a condition only.
    pub(super) fn when(mut self, condition: Option<String>) -> Self {
        self.grant.condition = condition;
        self
    }

    /// Whether this does all that the other does.
    pub(super) fn covers(&self, other: &Self) -> Cover {
        let condition = match (&self.grant.condition, &other.grant.condition) {
            (None, _) => Cover::Yes,
            (own, other) if own == other => Cover::Yes,
            (Some(_), None) => Cover::No,
            (Some(_), Some(_)) => Cover::Unknown,
        };
        condition
            .and(|| self.principal.covers(&other.principal))
            .and(|| self.action.covers(&other.action))
            .and(|| self.resource.covers(&other.resource))
    }
}

/// The grants of a policy document. `holder` is who an identity policy belongs to; `thing` is what a
/// statement without a resource is about.
pub(super) fn policy(
    policy: &Json,
    holder: Option<&Principal>,
    thing: &str,
    scope: &Scope,
) -> Vec<Atom> {
    let opaque = |whole: &Json| {
        let who = holder.cloned().unwrap_or(Principal::Anyone);
        let action = format!("do what {} says", plain(whole));
        Atom::new(Effect::Allow, who, &action, thing)
    };
    let Some(policy) = written(policy) else {
        // Of a policy that is put together elsewhere only a change is seen.
        return (!policy.is_null())
            .then(|| opaque(policy))
            .into_iter()
            .collect();
    };
    let statements = match &policy["Statement"] {
        Json::Array(statements) => statements.as_slice(),
        Json::Null => &[],
        statement => std::slice::from_ref(statement),
    };
    let mut atoms = Vec::new();
    for statement in statements {
        if intrinsic(statement).is_some() {
            atoms.push(opaque(statement));
            continue;
        }
        let effect = match statement["Effect"].as_str() {
            Some("Deny") => Effect::Deny,
            _ => Effect::Allow,
        };
        let principals = match holder {
            Some(holder) => vec![holder.clone()],
            None => principals(statement),
        };
        let actions = patterns(statement, "Action", "NotAction", |value| {
            let text = plain(value);
            (text.to_lowercase(), text)
        });
        let mut resources = patterns(statement, "Resource", "NotResource", |value| {
            (scope.matched(value), plain(value))
        });
        if resources.is_empty() {
            resources.push((Pattern::Is(thing.to_owned()), thing.to_owned()));
        }
        let condition = condition(&statement["Condition"]);
        for principal in &principals {
            for (action, shown_action) in &actions {
                for (resource, shown_resource) in &resources {
                    atoms.push(Atom {
                        grant: Grant {
                            effect,
                            principal: principal.words(),
                            action: shown_action.clone(),
                            resource: shown_resource.clone(),
                            condition: condition.clone(),
                        },
                        principal: principal.clone(),
                        action: action.clone(),
                        resource: resource.clone(),
                    });
                }
            }
        }
    }
    atoms
}

/// The document, also where it is a JSON text or an `Fn::Sub` of one.
fn written(policy: &Json) -> Option<Json> {
    match intrinsic(policy) {
        Some(("Fn::Sub", text @ Json::String(_))) => document(text),
        _ => document(policy),
    }
}

/// A value or a list of them.
fn each(value: &Json) -> &[Json] {
    match value {
        Json::Null => &[],
        Json::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// The patterns of a statement, each with what is shown of it.
fn patterns(
    statement: &Json,
    field: &str,
    inverse: &str,
    text: impl Fn(&Json) -> (String, String),
) -> Vec<(Pattern, String)> {
    let mut patterns: Vec<_> = each(&statement[field])
        .iter()
        .map(|value| {
            let (matched, shown) = text(value);
            (Pattern::Is(matched), shown)
        })
        .collect();
    let except = each(&statement[inverse]);
    if !except.is_empty() {
        let (matched, shown): (BTreeSet<_>, Vec<_>) = except.iter().map(text).unzip();
        let shown = format!("everything but {}", shown.join(", "));
        patterns.push((Pattern::IsNot(matched), shown));
    }
    patterns
}

/// Who a statement of a resource's policy is for.
fn principals(statement: &Json) -> Vec<Principal> {
    let mut principals = named(&statement["Principal"]);
    let except = named(&statement["NotPrincipal"]);
    if !except.is_empty() {
        let names = except.iter().map(Principal::words).collect();
        principals.push(Principal::Except(names));
    }
    principals
}

fn named(principal: &Json) -> Vec<Principal> {
    let fields = match principal {
        Json::Object(fields) if intrinsic(principal).is_none() => fields,
        Json::Null => return Vec::new(),
        text => return vec![principal_of("AWS", text)],
    };
    let each = fields
        .iter()
        .flat_map(|(kind, values)| each(values).iter().map(move |value| (kind, value)));
    each.map(|(kind, value)| principal_of(kind, value))
        .collect()
}

/// One principal by its kind and name.
pub(super) fn principal_of(kind: &str, name: &Json) -> Principal {
    let name = plain(name);
    match kind {
        _ if name == "*" => Principal::Anyone,
        "Service" => Principal::Other(format!("the service {name}")),
        "Federated" => Principal::Other(format!("whoever {name} signs in")),
        _ => Principal::Other(name),
    }
}

/// A condition in one line, the same for the same condition.
fn condition(condition: &Json) -> Option<String> {
    let tests = condition.as_object()?.iter().flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| {
            let mut values: Vec<String> = each(values).iter().map(plain).collect();
            values.sort();
            format!("{operator} {key} = {}", values.join(" or "))
        })
    });
    let mut tests: Vec<String> = tests.collect();
    tests.sort();
    // An operator without keys tests nothing, or something that is not known here.
    let unread = condition.as_object().is_some_and(|c| !c.is_empty()) && tests.is_empty();
    if unread {
        tests.push(scalar(condition).unwrap_or_else(|| condition.to_string()));
    }
    (!tests.is_empty()).then(|| tests.join(" and "))
}
