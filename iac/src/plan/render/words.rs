//! Words for what happens.

use super::paint::Role;
use crate::plan::{Action, Change, Difference, Fate, Plan, Recreation, Replacement, Verdict};

/// What happens to a resource, in a word, and how bad that is.
pub(super) fn happens(change: &Change) -> (&'static str, Role) {
    match (change.action, change.replacement) {
        (Action::Add, _) => ("add", Role::Good),
        (Action::Import, _) => ("import", Role::Good),
        (Action::Remove, _) => ("remove", Role::Bad),
        (Action::Modify, Replacement::True) => ("replace", Role::Bad),
        (Action::Modify, Replacement::Conditional) | (Action::Dynamic, _) => {
            ("replace?", Role::Changed)
        }
        (Action::Modify, Replacement::False) => ("change", Role::Changed),
        (Action::SyncWithActual, _) => ("sync", Role::Aside),
    }
}

/// How many resources are replaced, removed, changed, added, ...
pub(super) fn counts(changes: &[Change]) -> String {
    let each = [
        ("replace", "to replace"),
        ("replace?", "to replace perhaps"),
        ("remove", "to remove"),
        ("change", "to change"),
        ("add", "to add"),
        ("import", "to import"),
        ("sync", "to bring in line"),
    ];
    let counted = each.iter().filter_map(|(word, words)| {
        let count = changes
            .iter()
            .filter(|change| happens(change).0 == *word)
            .count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    let counted: Vec<_> = counted.collect();
    if counted.is_empty() {
        "no resource changes".to_owned()
    } else {
        counted.join(", ")
    }
}

pub(super) fn verdict(verdict: Verdict) -> (&'static str, Role) {
    match verdict {
        Verdict::Broader => ("broader", Role::Bad),
        Verdict::CannotTell => ("cannot tell whether broader", Role::Changed),
        Verdict::Narrower => ("narrower", Role::Good),
        Verdict::Same => ("the same", Role::Aside),
    }
}

/// What becomes of data, in two words.
pub(super) fn fate(fate: Fate) -> (&'static str, Role) {
    match fate {
        Fate::Lost => ("LOST", Role::Bad),
        Fate::MayBeLost => ("MAY BE LOST", Role::Bad),
        Fate::Snapshot => ("LOST BUT FOR A SNAPSHOT", Role::Bad),
        Fate::LeftBehind => ("LEFT BEHIND", Role::Changed),
    }
}

/// What is to be said beside a value: that it replaces, what causes it.
pub(super) fn aside(difference: &Difference) -> String {
    let replaces = match difference.requires_recreation {
        Some(Recreation::Always) => Some("replaces".to_owned()),
        Some(Recreation::Conditionally) => Some("may replace".to_owned()),
        Some(Recreation::Never) | None => None,
    };
    let cause = difference.cause.as_ref().map(|cause| format!("by {cause}"));
    let all: Vec<_> = replaces.into_iter().chain(cause).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!("  ({})", all.join("; "))
    }
}

/// The first line of a plan.
pub(super) fn headline(plan: &Plan) -> String {
    let named = if plan.stack == plan.model {
        String::new()
    } else {
        format!(" ({})", plan.model)
    };
    let what = match plan.kind {
        crate::plan::PlanKind::Create => "create",
        crate::plan::PlanKind::Update => "update",
    };
    format!("{what} {}{named} in {}", plan.stack, plan.region)
}
