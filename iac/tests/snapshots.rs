//! Snapshots of every stack, and of what each option changes in it, under `snapshots/`.
//!
//! A change here is a change to what people deploy: read it before accepting it.

#[path = "support/variants.rs"]
mod variants;

use iac::artifacts::artifacts;
use iac::stacks::Bootstrap;
use similar::TextDiff;

fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// What differs, without the line numbers, which change with every other change.
fn changes(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .to_string();
    let lines = diff
        .lines()
        .map(|line| if line.starts_with("@@ ") { "@@" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_stack_and_what_each_option_changes() {
    for (stack, variants) in variants::all() {
        let (_, default) = &variants[0];
        settings().bind(|| {
            // The pictures are their own snapshots: the committed files are what the code draws.
            let artifacts = artifacts(default).into_iter();
            for artifact in artifacts.filter(|file| !file.path.contains("/graph.")) {
                insta::assert_snapshot!(artifact.path.replace('/', "."), artifact.content);
            }
            for (name, template) in &variants[1..] {
                let diff = changes(&default.to_yaml(), &template.to_yaml());
                insta::assert_snapshot!(format!("{stack}.{name}"), diff);
            }
        });
    }
}

#[test]
fn the_stack_that_the_others_are_deployed_with() {
    let template = Bootstrap.template().expect("a stack that holds together");
    let files = artifacts(&template);
    let [file] = files.as_slice() else {
        panic!("one file, and no picture of a bucket alone: {files:?}")
    };
    settings().bind(|| {
        insta::assert_snapshot!(file.path.replace('/', "."), file.content);
    });
}

#[test]
fn what_synth_says_to_a_reviewer() {
    for (stack, variants) in variants::all() {
        let notes: Vec<String> = variants
            .iter()
            .flat_map(|(name, template)| {
                template
                    .notes()
                    .iter()
                    .map(move |note| format!("{name}: {}: {}", note.id, note.message))
            })
            .collect();
        settings().bind(|| insta::assert_snapshot!(format!("{stack}.notes"), notes.join("\n")));
    }
}
