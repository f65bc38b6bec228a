//! Snapshots of every stack, and of what each option changes in it, under `snapshots/`.
//!
//! A change here is a change to what people deploy: read it before accepting it.

#[path = "support/options.rs"]
mod options;
#[path = "support/variants.rs"]
mod variants;

use std::fmt::Debug;

use iac::artifacts::artifacts;
use iac::stacks::{Bootstrap, ResizeApi, SingleBucket, UploadEvents, UploadMetadata};
use similar::TextDiff;

use crate::options::Options;
use crate::variants::Variants;

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

#[test]
fn every_option_has_a_variant() {
    let unchanged = [
        without_a_variant(ResizeApi::NAME, &variants::resize_api()),
        without_a_variant(UploadEvents::NAME, &variants::upload_events()),
        without_a_variant(UploadMetadata::NAME, &variants::upload_metadata()),
        without_a_variant(SingleBucket::NAME, &variants::single_bucket()),
    ];
    let unchanged = unchanged.concat();
    assert!(
        unchanged.is_empty(),
        "add a variant that changes each of {unchanged:?}"
    );
}

/// The options that are the default's in every variant.
fn without_a_variant<T>(stack: &str, variants: &Variants<T>) -> Vec<String>
where
    T: Options + Default + PartialEq + Debug,
{
    assert_eq!(variants[0].1, T::default());
    let others: Vec<_> = variants[1..]
        .iter()
        .map(|(_, options)| options.choices())
        .collect();
    let by_default = T::default().choices().into_iter();
    by_default
        .filter(|choice| others.iter().all(|other| other.contains(choice)))
        .map(|(option, _)| format!("{stack}: {option}"))
        .collect()
}
