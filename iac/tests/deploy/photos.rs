//! Small templates: what a stack of them does is decided by the test.

use serde_json::{Value, json};

/// A bucket and a queue.
pub(crate) fn plain() -> String {
    template(&json!({"Photos": bucket(None), "Failed": queue(30)})).to_string()
}

/// The same with another queue.
pub(crate) fn changed() -> String {
    template(&json!({"Photos": bucket(None), "Failed": queue(60)})).to_string()
}

/// A bucket of a name.
pub(crate) fn named(bucket_name: &str) -> String {
    template(&json!({"Photos": bucket(Some(bucket_name)), "Failed": queue(30)})).to_string()
}

/// Something that waits until it is signalled, after a bucket.
pub(crate) fn waiting() -> String {
    template(&json!({
        "Photos": bucket(None),
        "Gate": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": "Photos",
            "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT5M"}},
        },
    }))
    .to_string()
}

/// A function, and how often it is tried again.
pub(crate) fn function(tries: u32) -> String {
    template(&with_function(tries)).to_string()
}

/// The same, and then something that waits until it is signalled.
pub(crate) fn function_and_waiting(tries: u32) -> String {
    let mut resources = with_function(tries);
    resources["Gate"] = json!({
        "Type": "AWS::CloudFormation::WaitCondition",
        "DependsOn": ["Photos", "Tries"],
        "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT5M"}},
    });
    template(&resources).to_string()
}

fn with_function(tries: u32) -> Value {
    json!({
        "Photos": bucket(None),
        "Work": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "work",
            "Role": "arn:aws:iam::123456789012:role/work",
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Code": {"ZipFile": "def handler(event, context): return event"},
        }},
        "Tries": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {
            "FunctionName": {"Ref": "Work"},
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": tries,
        }},
    })
}

/// An output that no resource has: it fails after everything was created.
pub(crate) fn failing() -> String {
    let mut template = template(&json!({"Photos": bucket(None), "Failed": queue(90)}));
    template["Outputs"]["Nothing"] = json!({"Value": {"Fn::GetAtt": ["Photos", "Nothing"]}});
    template.to_string()
}

fn template(resources: &Value) -> Value {
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Photos of a test",
        "Resources": resources,
        "Outputs": {"PhotosName": {"Value": {"Ref": "Photos"}, "Description": "The bucket"}},
    })
}

fn bucket(name: Option<&str>) -> Value {
    match name {
        Some(name) => json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}}),
        None => json!({"Type": "AWS::S3::Bucket"}),
    }
}

fn queue(seconds: u32) -> Value {
    json!({"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": seconds}})
}
