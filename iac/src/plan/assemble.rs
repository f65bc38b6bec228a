//! A plan, put together from a proposal.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::access::{Allowed, Scope};
use super::compare::compare;
use super::data::{Renaming, data, name_is_taken, renamings, settle, warnings};
use super::differences::{context, difference, differences};
use super::redact::Redact;
use super::values::Values;
use super::{
    Action, Change, Difference, Plan, PlanKind, Proposal, ProposedChange, Replacement, Risk, Side,
    ValueChange, digest,
};

/// What CloudFormation answers in place of a value that nobody is to see.
const HIDDEN: &str = "****";

/// Both templates, resolved.
struct Sides {
    before: Map<String, Json>,
    after: Map<String, Json>,
    scopes: [Scope; 2],
}

pub(super) fn plan(mut proposal: Proposal) -> Plan {
    proposal.changes.iter_mut().for_each(settle);
    let deployed = digest::Deployed::of(&proposal);
    let resources = |side: &Side| Values::new(side, &proposal.stack, &proposal.region).resources();
    let mut before = proposal
        .deployed
        .as_ref()
        .map(resources)
        .unwrap_or_default();
    let mut after = resources(&proposal.proposed);
    // Of a template that is not known, or has macros, only CloudFormation knows the resources.
    for change in &proposal.changes {
        for (side, text) in [
            (&mut before, &change.before_context),
            (&mut after, &change.after_context),
        ] {
            if !side.contains_key(&change.logical_id)
                && let Some(resource) = context(text.as_ref(), &change.resource_type)
            {
                side.insert(change.logical_id.clone(), resource);
            }
        }
    }
    let sides = Sides {
        scopes: {
            let of = |side| Scope::of(side, &proposal.region);
            [
                of(&before).knowing(&of(&after)),
                of(&after).knowing(&of(&before)),
            ]
        },
        before,
        after,
    };
    let taken = name_is_taken(&proposal.changes, &sides.before, &sides.after);
    let mut changes: Vec<Change> = proposal
        .changes
        .iter()
        .map(|change| sides.change(change))
        .collect();
    for renaming in renamings(&proposal.changes, &sides.before, &sides.after) {
        tell(&mut changes, &renaming);
    }
    let place = |id: &str| {
        let place = |side: &Map<String, Json>| side.keys().position(|key| key == id);
        place(&sides.after)
            .or_else(|| place(&sides.before))
            .unwrap_or(usize::MAX)
    };
    changes.sort_by_cached_key(|change| {
        (
            rank(change),
            place(&change.logical_id),
            change.logical_id.clone(),
        )
    });
    let ids: BTreeSet<&str> = changes
        .iter()
        .map(|change| change.logical_id.as_str())
        .collect();
    let access = sides.access(&ids);
    let outputs = outputs(&proposal);
    let notes = notes(&proposal, taken);
    let empty = BTreeMap::new();
    let parameters = proposal
        .deployed
        .as_ref()
        .map_or(&empty, |side| &side.parameters);
    let mut plan = Plan {
        parameters: value_changes(parameters, &proposal.proposed.parameters),
        tags: value_changes(&proposal.tags_before, &proposal.tags_after),
        stack: proposal.stack,
        model: proposal.model,
        region: proposal.region,
        kind: proposal.kind,
        role_arn: proposal.role_arn,
        access,
        changes,
        outputs,
        notes,
        deployed,
    };
    Redact::account(&proposal.account).plan(&mut plan);
    plan
}

impl Sides {
    fn change(&self, proposed: &ProposedChange) -> Change {
        let id = proposed.logical_id.as_str();
        let before = match proposed.action {
            Action::Add | Action::Import => None,
            _ => self.before.get(id),
        };
        let after = match proposed.action {
            Action::Remove => None,
            _ => self.after.get(id),
        };
        let [old, new] = [(before, 0), (after, 1)].map(|(resource, side)| {
            resource.map_or_else(Allowed::default, |resource| {
                let (own, other) = (&self.scopes[side], &self.scopes[1 - side]);
                Allowed::by(id, resource, own).about(own, other)
            })
        });
        let data = data(proposed, before, after);
        let warnings = match (before, after) {
            (Some(before), Some(after)) => warnings(id, before, after),
            _ => Vec::new(),
        };
        let access = old.becomes(&new);
        let risk = if data.is_some() || !warnings.is_empty() {
            Risk::Data
        } else if access.is_some() {
            Risk::Access
        } else {
            Risk::Other
        };
        Change {
            logical_id: proposed.logical_id.clone(),
            physical_id: proposed.physical_id.clone(),
            resource_type: proposed.resource_type.clone(),
            action: proposed.action,
            replacement: proposed.replacement,
            risk,
            differences: differences(proposed, before, after),
            data,
            access,
            notes: warnings,
        }
    }

    /// What changes for the stack as a whole: what moves from one resource to another changes nothing.
    fn access(&self, changed: &BTreeSet<&str>) -> Option<super::Access> {
        let mut after = self.before.clone();
        for id in changed {
            after.shift_remove(*id);
            if let Some(resource) = self.after.get(*id) {
                after.insert((*id).to_owned(), resource.clone());
            }
        }
        let [before, after] = [(&self.before, 0), (&after, 1)].map(|(resources, side)| {
            let (own, other) = (&self.scopes[side], &self.scopes[1 - side]);
            Allowed::by_all(resources, own).about(own, other)
        });
        before.becomes(&after)
    }
}

/// Tells of a renaming on both of its ends.
fn tell(changes: &mut [Change], Renaming { old, new }: &Renaming) {
    for change in changes {
        if change.logical_id == *old
            && let Some(data) = &mut change.data
        {
            data.words = format!(
                "{} It looks like a renaming to `{new}`, which starts empty: keep the logical id `{old}` to keep the data in the stack.",
                data.words
            );
        }
        if change.logical_id == *new {
            change
                .notes
                .push(format!("It starts empty: what `{old}` holds stays there."));
        }
    }
}

/// The order of risk within a risk: the worst fate of data, the broadest permissions, what is replaced
/// before what changes before what comes.
fn rank(change: &Change) -> impl Ord + use<> {
    let data = change.data.as_ref().map(|data| (data.holds, data.fate));
    // What goes before what only warns.
    let data = (change.risk == Risk::Data).then_some((data.is_none(), data));
    let access = change.access.as_ref().map(|access| access.verdict);
    let access = (change.risk == Risk::Access).then_some(access);
    let action = match (change.replacement, change.action) {
        (Replacement::True, _) => 0,
        (Replacement::Conditional, _) | (_, Action::Dynamic) => 1,
        (_, Action::Remove) => 2,
        (_, Action::Modify) => 3,
        (_, Action::Add | Action::Import) => 4,
        (_, Action::SyncWithActual) => 5,
    };
    (change.risk, data, access, action)
}

fn value_changes(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<ValueChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let each = names.into_iter().map(|name| ValueChange {
        name: name.clone(),
        before: before.get(name).cloned(),
        after: after.get(name).cloned(),
    });
    each.filter(|change| change.before != change.after)
        .collect()
}

/// What changes in the outputs of a stack that is there.
fn outputs(proposal: &Proposal) -> Vec<Difference> {
    let Some(deployed) = &proposal.deployed else {
        return Vec::new();
    };
    let read = |side: &Side| {
        let outputs = match &side.template["Outputs"] {
            Json::Null => Json::Object(Map::new()),
            outputs => outputs.clone(),
        };
        let values = Values::new(side, &proposal.stack, &proposal.region);
        values.resolve(&outputs, 0).unwrap_or_default()
    };
    let found = compare(&read(deployed), &read(&proposal.proposed)).into_iter();
    found
        .map(|found| difference(found.path.to_string(), found.before, found.after))
        .collect()
}

fn notes(proposal: &Proposal, taken: Vec<String>) -> Vec<String> {
    let mut notes = taken;
    let hidden = proposal.proposed.parameters.iter();
    let hidden = hidden.filter(|(_, value)| *value == HIDDEN);
    let hidden: Vec<_> = hidden.map(|(name, _)| format!("`{name}`")).collect();
    if !hidden.is_empty() {
        notes.push(format!(
            "CloudFormation tells nobody the value of {}: whether it changes is not seen here, and the digest does not depend on it.",
            hidden.join(", ")
        ));
    }
    if proposal.kind == PlanKind::Update && proposal.deployed.is_none() {
        notes.push(
            "The deployed template is not known: values are those that CloudFormation gives."
                .to_owned(),
        );
    }
    notes
}
