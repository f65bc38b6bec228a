//! What the CloudFormation model writes and what it refuses.

#[path = "support/variants.rs"]
mod variants;

use iac::artifacts::artifacts;
use iac::cfn::{Attributes, MAX_TEMPLATE_BODY, ModelError, Parameter, Stack, Test, Value, pseudo};
use iac::resources::lambda::Environment;
use iac::resources::logs::LogGroup;
use iac::resources::s3::Bucket;
use iac::sub;
use serde_json::json;

fn group(name: Value<String>) -> LogGroup {
    LogGroup {
        log_group_name: name,
        retention_in_days: 7.into(),
    }
}

fn refused(stack: Stack) -> Vec<String> {
    let error: ModelError = stack
        .build()
        .expect_err("the model takes what it should refuse");
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_intrinsic_function_is_written_in_the_long_form() {
    let mut stack = Stack::new("test", "A test");
    let size = stack.parameter("Size", Parameter::number("A number").default(5_u32));
    let name = stack.parameter("Name", Parameter::text("A name"));
    let condition = stack.condition("Named", &Test::Equals(name.clone(), "x".into()));
    let names = stack.parameter("Names", Parameter::list("Some names"));
    let bucket = stack.add("Bucket", Bucket::private(1));
    let joined = Value::join("-", [name.clone(), "literal".into()]);
    let imported: Value<String> = Value::imported(sub![pseudo::stack_name(), "-export"]);
    stack.output("Ref", "", &size);
    stack.output("GetAtt", "", &bucket.arn());
    stack.output("Join", "", &joined);
    stack.output("If", "", &name.clone().when(&condition, "other".into()));
    stack.output("Import", "", &imported);
    stack.output("Select", "", &names.item(1));
    stack.output("JoinList", "", &names.joined(", "));
    stack.output("Item", "", &sub!["'", names.item(0), "'"]);
    stack.output(
        "Sub",
        "",
        &sub!["$", "{literal} ", bucket.arn(), "/", &name],
    );
    stack.output(
        "Nested",
        "",
        &sub![&joined, "|", sub!["in ", &name, &imported], "|", &joined],
    );
    let template = stack.build().expect("a stack that holds together");
    let value = |name: &str| template.document()["Outputs"][name]["Value"].clone();
    let join = json!({ "Fn::Join": ["-", [{ "Ref": "Name" }, "literal"]] });
    let import = json!({ "Fn::ImportValue": { "Fn::Sub": "${AWS::StackName}-export" } });
    assert_eq!(value("Ref"), json!({ "Ref": "Size" }));
    assert_eq!(value("GetAtt"), json!({ "Fn::GetAtt": ["Bucket", "Arn"] }));
    assert_eq!(value("Join"), join);
    assert_eq!(
        value("If"),
        json!({ "Fn::If": ["Named", { "Ref": "Name" }, "other"] })
    );
    assert_eq!(value("Import"), import);
    let select = |index: u32| json!({ "Fn::Select": [index, { "Ref": "Names" }] });
    assert_eq!(value("Select"), select(1));
    assert_eq!(
        value("JoinList"),
        json!({ "Fn::Join": [", ", { "Ref": "Names" }] })
    );
    assert_eq!(
        value("Item"),
        json!({ "Fn::Sub": ["'${Names0}'", { "Names0": select(0) }] })
    );
    assert_eq!(
        value("Sub"),
        json!({ "Fn::Sub": "${!literal} ${Bucket.Arn}/${Name}" })
    );
    assert_eq!(
        value("Nested"),
        json!({ "Fn::Sub": [
            "${Value1}|in ${Name}${Value2}|${Value3}",
            { "Value1": join, "Value2": import, "Value3": join },
        ] })
    );
}

#[test]
fn sections_and_attributes_stand_in_the_usual_order() {
    let mut stack = Stack::new("test", "A test");
    let first = stack.add("First", group("first".into()));
    stack.add_with(
        "Second",
        Attributes::retain().after(&first),
        group("second".into()),
    );
    stack.output("Out", "", &first.name());
    let parameter = stack.parameter("In", Parameter::text("In"));
    stack.condition("When", &Test::Equals(parameter, "x".into()));
    let template = stack.build().expect("a stack that holds together");
    let keys = |json: &serde_json::Value| {
        json.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(template.document()),
        [
            "AWSTemplateFormatVersion",
            "Description",
            "Parameters",
            "Conditions",
            "Resources",
            "Outputs"
        ]
    );
    assert_eq!(
        keys(&template.document()["Resources"]["Second"]),
        [
            "Type",
            "DependsOn",
            "DeletionPolicy",
            "UpdateReplacePolicy",
            "Properties"
        ]
    );
}

#[test]
fn a_name_is_defined_once() {
    let mut stack = Stack::new("test", "A test");
    stack.parameter("Thing", Parameter::text("A parameter"));
    stack.add("Thing", group("x".into()));
    stack.add("Not-alphanumeric", group("y".into()));
    assert_eq!(
        refused(stack)[..2],
        [
            "`Thing` is defined twice: give one of the two another logical id",
            "`Not-alphanumeric` is not a logical id: use 1 to 255 ASCII letters and digits",
        ]
    );
}

#[test]
fn a_handle_of_another_stack_is_refused_even_if_this_one_has_the_name() {
    let mut other = Stack::new("other", "Another");
    let elsewhere = other.add("Bucket", Bucket::private(1));
    let parameter = other.parameter("Name", Parameter::text("A name"));
    let condition = other.condition("Named", &Test::Equals(parameter.clone(), "x".into()));
    let mut stack = Stack::new("test", "A test");
    stack.add(
        "Bucket",
        group(sub!["/logs/", elsewhere.name(), "/", &parameter]),
    );
    stack.output("Out", "", &elsewhere.arn());
    stack.output("Either", "", &Value::from("a").when(&condition, "b".into()));
    stack.add_with(
        "Late",
        Attributes::retain().after(&elsewhere),
        group("x".into()),
    );
    assert_eq!(
        refused(stack),
        [
            "`Bucket` refers to `Bucket` of another stack: use a handle of this one, or Value::imported",
            "`Bucket` refers to `Name` of another stack: use a handle of this one, or Value::imported",
            "`Out` refers to `Bucket` of another stack: use a handle of this one, or Value::imported",
            "`Either` refers to `Named` of another stack: use a handle of this one, or Value::imported",
            "`Late` refers to `Bucket` of another stack: use a handle of this one, or Value::imported",
        ]
    );
}

#[test]
fn resources_cannot_wait_for_each_other() {
    // A handle comes from adding, so a reference to what comes later can only be borrowed from
    // elsewhere, and is refused.
    let mut other = Stack::new("other", "Makes a handle of a bucket that comes later");
    let later = other.add("Bucket", Bucket::private(1));
    let mut stack = Stack::new("test", "A test");
    let group = stack.add("Group", group(sub!["/logs/", later.name()]));
    stack.add_with(
        "Bucket",
        Attributes::retain().after(&group),
        Bucket::private(1),
    );
    assert_eq!(
        refused(stack),
        [
            "`Group` refers to `Bucket` of another stack: use a handle of this one, or Value::imported"
        ]
    );
}

#[test]
fn what_keeps_stacks_apart_is_written_nowhere() {
    for (_, template) in variants::all()
        .into_iter()
        .flat_map(|(_, variants)| variants)
    {
        for artifact in artifacts(&template) {
            assert!(artifact.content.is_ascii(), "{}", artifact.path);
        }
    }
}

#[test]
fn what_is_over_a_limit_is_refused() {
    let mut stack = Stack::new("../evil name", &"x".repeat(1025));
    for number in 0..201 {
        stack.output(
            &format!("Out{number}"),
            "",
            &Value::<String>::from("x".repeat(300)),
        );
        stack.parameter(&format!("In{number}"), Parameter::text(""));
    }
    let problems = refused(stack);
    for expected in [
        "`../evil name` is no name for a stack",
        "has a description of 1025 bytes, over 1024",
        "has 201 Parameters, over 200",
        "has 201 Outputs, over 200",
        "has no resource",
        "over the 51200 that CloudFormation takes",
    ] {
        assert!(
            problems.iter().any(|problem| problem.contains(expected)),
            "{expected}: {problems:?}"
        );
    }
    assert_eq!(problems.len(), 6, "{problems:?}");
}

#[test]
fn a_parameter_that_refuses_its_own_default_is_refused() {
    let mut stack = Stack::new("test", "A test");
    stack.add("Group", group("x".into()));
    stack.parameter("None", Parameter::number("").range(20, 10));
    stack.parameter("Below", Parameter::number("").default(1_u32).range(5, 10));
    stack.parameter(
        "Other",
        Parameter::text("").default("c").allowed_values(["a", "b"]),
    );
    stack.parameter("Long", Parameter::text("").default("abc").length(1, 2));
    stack.parameter("Fine", Parameter::number("").default(7_u32).range(5, 10));
    let subjects: Vec<String> = refused(stack)
        .iter()
        .map(|problem| problem[1..6].replace('`', ""))
        .collect();
    assert_eq!(subjects, ["None", "Below", "Other", "Long"]);
}

#[test]
fn a_condition_that_tests_a_resource_is_refused() {
    let mut stack = Stack::new("test", "A test");
    let logs = stack.add("Logs", group("x".into()));
    stack.condition("Named", &Test::Equals(logs.name().text(), "x".into()));
    let problems = refused(stack);
    assert!(
        problems[0].starts_with("`Named` tests the resource `Logs`"),
        "{problems:?}"
    );
}

#[test]
fn variables_of_a_function_have_names_of_their_own() {
    let environment = |names: &[&'static str]| {
        let variables = names.iter().map(|name| (*name, Value::from("x")));
        serde_json::to_string(&Environment::new(variables)).map_err(|error| error.to_string())
    };
    environment(&["ONE", "TWO"]).expect("two variables");
    assert_eq!(
        environment(&["ONE", "ONE"]),
        Err("the variable `ONE` is there twice".to_owned())
    );
    for name in ["AWS_REGION", "bad name", "1ST", ""] {
        environment(&[name]).expect_err(name);
    }
}

#[test]
fn a_fingerprint_changes_with_the_resource_and_with_what_it_refers_to() {
    let fingerprint = |days: u32, comment: &str| {
        let mut stack = Stack::new("test", "A test");
        let bucket = stack.add("Bucket", Bucket::private(days));
        let group = stack.add("Group", group(sub!["/", comment, "/", bucket.name()]));
        stack.add("Unrelated", Bucket::private(days + 1));
        stack.fingerprint(&group)
    };
    assert_eq!(fingerprint(1, "a"), fingerprint(1, "a"));
    assert_ne!(fingerprint(1, "a"), fingerprint(2, "a"));
    assert_ne!(fingerprint(1, "a"), fingerprint(1, "b"));
    assert_eq!(fingerprint(1, "a").len(), 10);
}

#[test]
fn every_template_goes_with_the_call_that_deploys_it() {
    for (stack, variants) in variants::all() {
        for (option, template) in variants {
            let file = artifacts(&template).swap_remove(0);
            assert!(
                file.content.len() <= MAX_TEMPLATE_BODY,
                "{stack} {option} has {} bytes",
                file.content.len()
            );
        }
    }
}
