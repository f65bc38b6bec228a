//! What the CloudFormation model writes and what it refuses.

use iac::cfn::{Attributes, ModelError, Parameter, Stack, Test, Value, pseudo};
use iac::iam::BucketPolicyDocument;
use iac::resources::logs::LogGroup;
use iac::resources::s3::{Bucket, BucketPolicy};
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
    let bucket = stack.add("Bucket", Bucket::private(1));
    let joined = Value::join("-", [name.clone(), "literal".into()]);
    let imported: Value<String> = Value::imported(sub![pseudo::stack_name(), "-export"]);
    stack.output("Ref", "", &size);
    stack.output("GetAtt", "", &bucket.arn());
    stack.output("Join", "", &joined);
    stack.output("If", "", &name.clone().when(&condition, "other".into()));
    stack.output("Import", "", &imported);
    stack.output("Sub", "", &sub!["${literal} ", bucket.arn(), "/", &name]);
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
fn a_handle_of_another_stack_is_refused() {
    let mut other = Stack::new("other", "Another");
    let bucket = other.add("Elsewhere", Bucket::private(1));
    let mut stack = Stack::new("test", "A test");
    stack.add("Group", group(sub!["/logs/", bucket.name()]));
    stack.output("Out", "", &bucket.arn());
    let problems = refused(stack);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("`Group` refers to `Elsewhere`, which is not in this stack"));
    assert!(problems[1].starts_with("`Out` refers to `Elsewhere`, which is not in this stack"));
}

#[test]
fn resources_that_wait_for_each_other_are_refused() {
    let mut other = Stack::new("other", "Makes a handle of a bucket that comes later");
    let later = other.add("Bucket", Bucket::private(1));
    let mut stack = Stack::new("test", "A test");
    let group = stack.add("Group", group(sub!["/logs/", later.name()]));
    let bucket = stack.add_with(
        "Bucket",
        Attributes::retain().after(&group),
        Bucket::private(1),
    );
    stack.add(
        "Policy",
        BucketPolicy {
            bucket: bucket.name(),
            policy_document: BucketPolicyDocument::tls_only(&bucket),
        },
    );
    let problems = refused(stack);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("waits for itself (Bucket -> Group -> Bucket)"),
        "{problems:?}"
    );
}

#[test]
fn a_template_over_the_limit_and_one_without_resources_are_refused() {
    let mut stack = Stack::new("test", "A test");
    stack.output("Out", "", &Value::<String>::from("x".repeat(60_000)));
    let problems = refused(stack);
    assert!(
        problems[0].contains("over the 51200 that CloudFormation takes"),
        "{problems:?}"
    );
    assert!(problems[1].contains("has no resource"), "{problems:?}");
}
