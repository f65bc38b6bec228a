//! A machine for each object of a bucket, and the choice that such a machine makes.

use iac::asl::{
    Choice, ChoiceRule, Definition, DistributedMap, ListObjects, Machine, Path, ResultWriter,
    Selection, StateRef, Succeed, Transition,
};
use iac::cfn::Value;
use serde_json::{Value as Json, json};

use crate::{fail, finish, pass, refused};

fn succeed(machine: &mut Machine, name: &str) -> StateRef {
    let comment = String::new();
    machine.state(name, Succeed { comment })
}

/// A machine whose one state has this name.
fn of_one_state(name: &str) -> Definition {
    let mut machine = Machine::new("Of one state");
    let only = succeed(&mut machine, name);
    finish(machine, &only).expect("a machine that holds together")
}

fn map() -> DistributedMap {
    DistributedMap {
        comment: "Each object".to_owned(),
        label: "Objects".to_owned(),
        item_reader: ListObjects {
            bucket: Value::imported("source"),
            prefix: Path::root().field("prefix"),
        },
        item_selector: vec![
            ("bucket".to_owned(), Selection::Fixed("photos".into())),
            ("key".to_owned(), Selection::Item(Path::root().field("Key"))),
        ],
        item_processor: of_one_state("Done"),
        max_concurrency: 10,
        tolerated_failure_percentage: 5,
        result_writer: ResultWriter {
            bucket: "results".into(),
            prefix: "reports/all".to_owned(),
        },
        transition: Transition::End,
    }
}

/// A machine of this state alone.
fn machine(name: &str, map: DistributedMap) -> Result<Definition, String> {
    let mut machine = Machine::new("A test");
    let start = machine.state(name, map);
    finish(machine, &start)
}

fn written(name: &str, map: DistributedMap) -> Json {
    let definition = machine(name, map).expect("a machine that holds together");
    definition.document()["States"][name].clone()
}

#[test]
fn every_field_stands_where_step_functions_looks_for_it() {
    assert_eq!(
        written("Each", map()),
        json!({
            "Type": "Map",
            "Comment": "Each object",
            "Label": "Objects",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:listObjectsV2",
                "Parameters": {
                    "Bucket": { "Fn::ImportValue": "source" },
                    "Prefix.$": "$.prefix",
                },
            },
            "ItemSelector": { "bucket": "photos", "key.$": "$$.Map.Item.Value.Key" },
            "MaxConcurrency": 10,
            "ToleratedFailurePercentage": 5,
            "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
                "Comment": "Of one state",
                "StartAt": "Done",
                "States": { "Done": { "Type": "Succeed", "Comment": "" } },
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": { "Bucket": "results", "Prefix": "reports/all" },
            },
            "End": true,
        })
    );
}

#[test]
fn a_map_leads_on() {
    let mut machine = Machine::new("A test");
    let end = succeed(&mut machine, "End");
    let mut each = map();
    each.transition = Transition::Next(end);
    let start = machine.state("Each", each);
    let definition = finish(machine, &start).expect("a machine that holds together");
    assert_eq!(definition.document()["States"]["Each"]["Next"], "End");
}

#[test]
fn numbers_out_of_bounds_are_refused() {
    for (concurrency, percentage) in [(1, 0), (10_000, 100)] {
        let mut map = map();
        map.max_concurrency = concurrency;
        map.tolerated_failure_percentage = percentage;
        machine("Each", map).expect("within the bounds");
    }
    for concurrency in [0, 10_001] {
        let mut map = map();
        map.max_concurrency = concurrency;
        refused(
            machine("Each", map),
            &format!("`Each` runs {concurrency} child executions at once: it is 1 to 10000"),
        );
    }
    let mut map = map();
    map.tolerated_failure_percentage = 101;
    refused(
        machine("Each", map),
        "`Each` tolerates 101 % of failures: it is 0 to 100",
    );
}

#[test]
fn a_label_is_a_word_that_an_arn_takes() {
    for label in ["", "two words", "a:b", "Größe", &"x".repeat(41)] {
        let mut map = map();
        map.label = label.to_owned();
        refused(
            machine("Each", map),
            &format!("`Each` has the label `{label}`: it is 1 to 40 letters, digits, `-` and `_`"),
        );
    }
    let mut map = map();
    map.label = "x".repeat(40);
    machine("Each", map).expect("a label of 40 letters");
}

#[test]
fn a_folder_for_results_has_a_name_and_no_slash_around_it() {
    for prefix in ["", "/reports", "reports/"] {
        let mut map = map();
        map.result_writer.prefix = prefix.to_owned();
        refused(
            machine("Each", map),
            &format!(
                "`Each` writes results to `{prefix}`: name a folder without a slash before or behind it"
            ),
        );
    }
}

#[test]
fn fields_that_are_none_twice_or_reserved_are_refused() {
    let field = |name: &str| (name.to_owned(), Selection::Item(Path::root()));
    for (fields, expected) in [
        (
            Vec::new(),
            "`Each` selects nothing for its child executions: name a field",
        ),
        (
            vec![field("key.$")],
            "`Each` selects the field `key.$`: a name is not empty and does not end in `.$`",
        ),
        (
            vec![field("")],
            "`Each` selects the field ``: a name is not empty and does not end in `.$`",
        ),
        (
            vec![field("key"), field("key")],
            "`Each` selects the field `key` twice",
        ),
    ] {
        let mut map = map();
        map.item_selector = fields;
        refused(machine("Each", map), expected);
    }
}

/// Step Functions wants every name once in the whole machine, its processors included.
#[test]
fn a_name_in_the_machine_and_in_its_processor_is_refused() {
    let expected = "`Done` is a state of this machine or a processor and of another processor: give one of the two another name";
    refused(machine("Done", map()), expected);

    let mut two = Machine::new("A test");
    let second = two.state("Second", map());
    let mut first = map();
    first.transition = Transition::Next(second);
    let first = two.state("First", first);
    refused(finish(two, &first), expected);

    let mut inner = map();
    inner.item_processor = machine("Inner", map()).expect("a machine that holds together");
    refused(machine("Done", inner), expected);
}

#[test]
fn a_processor_is_checked_like_any_machine() {
    let mut inner = Machine::new("A processor");
    let start = fail(&mut inner);
    succeed(&mut inner, "Alone");
    refused(
        finish(inner, &start),
        "`Alone` is never reached: lead to it or leave it out",
    );
}

fn choice(machine: &mut Machine, to: &StateRef, default: &StateRef) -> StateRef {
    machine.state(
        "Choice",
        Choice {
            comment: "Which".to_owned(),
            choices: vec![ChoiceRule {
                variable: Path::root().field("key"),
                string_matches: "*/".to_owned(),
                next: to.clone(),
            }],
            default: default.clone(),
        },
    )
}

#[test]
fn a_choice_leads_to_each_of_its_states() {
    let mut machine = Machine::new("A test");
    let (one, other) = (succeed(&mut machine, "One"), succeed(&mut machine, "Other"));
    let start = choice(&mut machine, &one, &other);
    let definition = finish(machine, &start).expect("a machine that holds together");
    let states = definition.document()["States"].as_object().unwrap();
    assert_eq!(
        states.keys().collect::<Vec<_>>(),
        ["Choice", "One", "Other"]
    );
    assert_eq!(
        states["Choice"],
        json!({
            "Type": "Choice",
            "Comment": "Which",
            "Choices": [{ "Variable": "$.key", "StringMatches": "*/", "Next": "One" }],
            "Default": "Other",
        })
    );
}

/// A choice ends nothing by itself, and each of its ways is looked at.
#[test]
fn a_choice_between_dead_ends_is_one() {
    let mut machine = Machine::new("A test");
    let back = machine.declare("Choice");
    let round = machine.state("Round", pass(Transition::Next(back)));
    let start = choice(&mut machine, &round, &round);
    refused(
        finish(machine, &start),
        "`Choice` is a dead end: no end of the machine can be reached from it\n\
         `Round` is a dead end: no end of the machine can be reached from it",
    );

    let mut machine = Machine::new("A test");
    let back = machine.declare("Choice");
    let round = machine.state("Round", pass(Transition::Next(back)));
    let end = succeed(&mut machine, "End");
    let start = choice(&mut machine, &end, &round);
    finish(machine, &start).expect("one of the ways ends");
}

#[test]
fn a_choice_without_a_rule_is_refused() {
    let mut machine = Machine::new("A test");
    let default = succeed(&mut machine, "Default");
    let start = machine.state(
        "Choice",
        Choice {
            comment: String::new(),
            choices: Vec::new(),
            default,
        },
    );
    refused(
        finish(machine, &start),
        "`Choice` is a choice without a rule: add one, or lead to its default directly",
    );
}
