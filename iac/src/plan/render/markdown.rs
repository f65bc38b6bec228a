//! Plans and comparisons for a comment on a pull request.
//!
//! GitHub refuses a comment of more than 65,536 characters. So what matters most comes first, and what does
//! not fit is counted.

use super::comment::{Comment, escaped};
use super::words::{counts, headline};
use crate::plan::{Comparison, Plan};

/// A plan.
pub(in crate::plan) fn plan(plan: &Plan) -> String {
    let mut out = Comment::default();
    out.add(&format!("## Plan: {}\n\n", escaped(&headline(plan))));
    if plan.is_empty() {
        out.add("Nothing changes.\n\n");
    } else {
        out.add(&format!("{}.\n\n", counts(&plan.changes)));
    }
    out.add(&format!("Digest: `{}`\n", plan.digest()));
    out.data(&plan.changes);
    if let Some(access) = &plan.access {
        out.access(access);
    }
    out.notes(&plan.notes, &plan.changes);
    out.table(&plan.changes);
    out.values("Parameters", &plan.parameters);
    out.values("Tags", &plan.tags);
    out.each(&plan.changes);
    if !plan.outputs.is_empty() {
        out.details("Outputs", &plan.outputs);
    }
    out.end(&plan.stack)
}

/// A comparison.
pub(in crate::plan) fn comparison(comparison: &Comparison) -> String {
    let Comparison {
        stack,
        model,
        region,
        ..
    } = comparison;
    let mut out = Comment::default();
    out.add(&format!(
        "## {} in {}, from what is deployed to {} as generated\n\n",
        escaped(stack),
        escaped(region),
        escaped(model)
    ));
    if comparison.is_same() {
        out.add("No difference.\n");
    } else {
        out.add(&format!("{}.\n", counts(&comparison.changes)));
    }
    out.data(&comparison.changes);
    if let Some(access) = &comparison.access {
        out.access(access);
    }
    out.notes(&comparison.notes, &comparison.changes);
    out.table(&comparison.changes);
    out.each(&comparison.changes);
    if !comparison.rest.is_empty() {
        out.details("Rest of the template", &comparison.rest);
    }
    out.end(stack)
}
