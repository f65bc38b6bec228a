//! One template against another, without a change set.

use iac::plan::{Comparison, Place, Risk, Verdict};
use iac::stacks::ResizeApi;
use serde_json::{Value as Json, json};

use super::change_set::{ACCOUNT, side};
use super::settings;

fn compare(before: &Json, after: &Json) -> Comparison {
    let place = Place {
        stack: "photos",
        model: "resize-api",
        region: "eu-central-1",
        account: ACCOUNT,
    };
    Comparison::new(place, side(before, &[]), side(after, &[]))
}

fn resize_api() -> Json {
    let template = ResizeApi::default().template().unwrap();
    template.document().clone()
}

#[test]
fn a_template_is_the_same_as_itself() {
    let template = resize_api();
    let comparison = compare(&template, &template);
    assert!(comparison.is_same());
    assert!(comparison.text(false).ends_with("No difference.\n"));
}

#[test]
fn every_part_of_a_template_is_compared() {
    let before = resize_api();
    let mut after = before.clone();
    after["Description"] = json!(format!("In {ACCOUNT}"));
    after["Parameters"]["MaxWidth"]["Default"] = json!(1000);
    after["Outputs"]["ApiId"]["Description"] = json!("Another");
    let resources = &mut after["Resources"];
    resources["ResizeImageFunction"]["DependsOn"] = json!("ApiLogGroup");
    resources["ResizeImageStateMachine"]["Properties"]["Definition"]["States"]["ResizeImage"]["Retry"]
        [0]["MaxAttempts"] = json!(2);
    resources["ResizeImageRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][1]["Action"] =
        json!(["s3:*"]);
    resources
        .as_object_mut()
        .unwrap()
        .shift_remove("SourceBucket")
        .unwrap();
    let comparison = compare(&before, &after);
    assert_eq!(
        comparison.access.as_ref().unwrap().verdict,
        Verdict::Broader
    );
    assert_eq!(comparison.changes[0].logical_id, "SourceBucket");
    assert_eq!(comparison.changes[0].risk, Risk::Data);
    let text = comparison.text(false);
    assert!(!text.contains(ACCOUNT) && !comparison.markdown().contains(ACCOUNT));
    settings().bind(|| insta::assert_snapshot!("comparison", text));
    settings().bind(|| insta::assert_snapshot!("comparison.markdown", comparison.markdown()));
}

#[test]
fn no_difference_is_missed() {
    // Each leaf of a template, changed alone.
    let before = resize_api();
    let mut pointers = Vec::new();
    leaves(&before, String::new(), &mut pointers);
    assert!(pointers.len() > 400, "{}", pointers.len());
    for pointer in pointers {
        let mut after = before.clone();
        *after.pointer_mut(&pointer).unwrap() = json!("something else");
        let comparison = compare(&before, &after);
        assert!(!comparison.is_same(), "{pointer}");
    }
}

fn leaves(value: &Json, pointer: String, found: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Json::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| leaves(value, format!("{pointer}/{}", escaped(key)), found)),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| leaves(value, format!("{pointer}/{index}"), found)),
        _ => found.push(pointer),
    }
}
