//! A deployed template against another: what `iac diff` tells.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::compare::compare;
use super::differences::difference;
use super::redact::Redact;
use super::{
    Access, Action, Change, Difference, Plan, PlanKind, Proposal, ProposedChange, Replacement,
    Side, render,
};

/// How a deployed stack differs from a template. What is replaced, and what changes because something
/// else does, only CloudFormation can tell: a [`Plan`] has that.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Name of the deployed stack.
    pub stack: String,
    /// Name of the stack in this project.
    pub model: String,
    /// Region.
    pub region: String,
    /// What becomes of permissions in the stack as a whole; `None` if no resource allows anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The resources that differ, in the order of risk.
    pub changes: Vec<Change>,
    /// What differs in the rest of the template, such as its parameters and outputs.
    pub rest: Vec<Difference>,
    /// What a reader should know of the whole, a sentence each.
    pub notes: Vec<String>,
}

/// A stack and where it is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// Name of the deployed stack.
    pub stack: &'p str,
    /// Name of the stack in this project.
    pub model: &'p str,
    /// Region.
    pub region: &'p str,
    /// Id of the account, printed nowhere.
    pub account: &'p str,
}

impl Comparison {
    /// Compares what is deployed with what would be.
    #[must_use]
    pub fn new(place: Place<'_>, deployed: Side, proposed: Side) -> Self {
        let mut rest = rest(&deployed.template, &proposed.template);
        let resources = |side: &Side| side.template["Resources"].as_object().cloned();
        let (before, after) = (resources(&deployed), resources(&proposed));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let same_values = deployed.parameters == proposed.parameters;
        let plan = Plan::new(Proposal {
            stack: place.stack.to_owned(),
            model: place.model.to_owned(),
            region: place.region.to_owned(),
            account: place.account.to_owned(),
            kind: PlanKind::Update,
            changes: changes(&before, &after, same_values),
            deployed: Some(deployed),
            proposed,
            tags_before: BTreeMap::new(),
            tags_after: BTreeMap::new(),
            role_arn: None,
        });
        let mut changes = plan.changes;
        for change in &mut changes {
            let id = &change.logical_id;
            if change.action == Action::Modify && change.differences.is_empty() {
                // What no value depends on, such as `DependsOn`, or another way to write the same.
                let found = compare(&before[id], &after[id]).into_iter();
                change.differences = found
                    .map(|found| difference(found.path.to_string(), found.before, found.after))
                    .collect();
            }
        }
        changes.retain(|change| change.action != Action::Modify || !change.differences.is_empty());
        let redact = Redact::account(place.account);
        rest.iter_mut()
            .for_each(|difference| redact.difference(difference));
        changes
            .iter_mut()
            .flat_map(|change| &mut change.differences)
            .for_each(|difference| redact.difference(difference));
        Self {
            stack: plan.stack,
            model: plan.model,
            region: plan.region,
            access: plan.access,
            changes,
            rest,
            notes: plan.notes,
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.changes.is_empty() && self.rest.is_empty()
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, color: bool) -> String {
        render::text::comparison(self, color)
    }

    /// For a comment on a pull request: always fits in 65,536 characters.
    #[must_use]
    pub fn markdown(&self) -> String {
        render::markdown::comparison(self)
    }
}

/// The resources that are on one side only or are written differently; all that are on both sides where
/// the values of parameters differ.
fn changes(
    before: &Map<String, Json>,
    after: &Map<String, Json>,
    same_values: bool,
) -> Vec<ProposedChange> {
    let change = |action, id: &String, resource: &Json| ProposedChange {
        action,
        logical_id: id.clone(),
        physical_id: None,
        resource_type: resource["Type"].as_str().unwrap_or_default().to_owned(),
        replacement: Replacement::False,
        policy_action: None,
        scope: Vec::new(),
        details: Vec::new(),
        before_context: None,
        after_context: None,
    };
    let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
    let gone = gone.map(|(id, resource)| change(Action::Remove, id, resource));
    let rest = after
        .iter()
        .filter_map(|(id, resource)| match before.get(id) {
            None => Some(change(Action::Add, id, resource)),
            Some(old) if same_values && old == resource => None,
            Some(_) => Some(change(Action::Modify, id, resource)),
        });
    gone.chain(rest).collect()
}

/// What differs outside of the resources.
fn rest(before: &Json, after: &Json) -> Vec<Difference> {
    let without = |template: &Json| {
        let fields = template.as_object().into_iter().flatten();
        let fields = fields.filter(|(name, _)| *name != "Resources");
        let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
        Json::Object(fields.collect())
    };
    let found = compare(&without(before), &without(after)).into_iter();
    found
        .map(|found| difference(found.path.to_string(), found.before, found.after))
        .collect()
}
