//! Plans and comparisons for a terminal.

use super::excerpt::visible;
use super::paint::Role;
use super::words::{counts, headline};
use super::writer::Writer;
use crate::plan::{Comparison, Plan, PlanKind};

/// A plan.
pub(in crate::plan) fn plan(plan: &Plan, color: bool) -> String {
    let mut out = Writer::new(color);
    out.title(&format!("Plan: {}", headline(plan)));
    if plan.is_empty() {
        out.line("Nothing changes.");
    } else {
        out.line(&format!("{}.", capital(&counts(&plan.changes))));
    }
    let new = plan.kind == PlanKind::Create;
    out.changes(&plan.changes, plan.access.as_ref(), new);
    out.values("Parameters", &plan.parameters, new);
    out.values("Tags", &plan.tags, new);
    if !plan.outputs.is_empty() {
        out.section("Outputs", Role::Title);
        out.differences(&plan.outputs, 2);
    }
    if let Some(role) = &plan.role_arn {
        out.section("Role", Role::Title);
        out.line(&format!("  {}", visible(role)));
    }
    out.notes(&plan.notes);
    let digest = plan.digest();
    out.line("");
    out.line(&format!("Digest: {digest}"));
    out.end()
}

/// A comparison.
pub(in crate::plan) fn comparison(comparison: &Comparison, color: bool) -> String {
    let Comparison {
        stack,
        model,
        region,
        ..
    } = comparison;
    let mut out = Writer::new(color);
    out.title(&format!(
        "{stack} in {region}, from what is deployed to {model} as generated"
    ));
    if comparison.is_same() {
        out.line("No difference.");
    } else {
        out.line(&format!("{}.", capital(&counts(&comparison.changes))));
    }
    out.changes(&comparison.changes, comparison.access.as_ref(), false);
    if !comparison.rest.is_empty() {
        out.section("Rest of the template", Role::Title);
        out.differences(&comparison.rest, 2);
    }
    out.notes(&comparison.notes);
    out.end()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
