//! Plans of real templates: each stack as it is created, and as each of its options changes it.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "plan/answers.rs"]
mod answers;
#[path = "plan/approval.rs"]
mod approval;
#[path = "plan/change_set.rs"]
mod change_set;
#[path = "plan/comparison.rs"]
mod comparison;
#[path = "plan/losses.rs"]
mod losses;
#[path = "plan/permissions.rs"]
mod permissions;
#[path = "support/variants.rs"]
mod variants;

use change_set::{creation, update};
use iac::plan::Plan;

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    // Of this file or of one below it.
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../snapshots/plan"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// The plan as text, but for the digest: a template's bytes are the business of other tests.
fn text(plan: &Plan) -> String {
    plan.text(false).replace(&plan.digest(), "DIGEST")
}

#[test]
fn every_stack_as_it_is_created_and_changed() {
    for (stack, variants) in variants::all() {
        let (_, default) = &variants[0];
        settings().bind(|| {
            let plan = Plan::new(creation(stack, default.document()));
            insta::assert_snapshot!(format!("{stack}.create"), text(&plan));
            for (name, template) in &variants[1..] {
                let plan = Plan::new(update(stack, default.document(), template.document()));
                insta::assert_snapshot!(format!("{stack}.{name}"), text(&plan));
            }
        });
    }
}
