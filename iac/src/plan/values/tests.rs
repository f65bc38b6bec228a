//! What is filled in, and what stays.

use std::collections::BTreeMap;

use super::*;

fn resolved(value: &Json) -> Option<Json> {
    let side = Side {
        template: json!({
            "Parameters": {
                "Width": { "Type": "Number", "Default": 720 },
                "Prefix": { "Type": "String", "Default": "thumbs/" },
                "Origins": { "Type": "CommaDelimitedList" },
                "Logs": { "Type": "String", "Default": "false" },
                "Unset": { "Type": "String" },
            },
            "Conditions": {
                "Logged": { "Fn::Equals": [{ "Ref": "Logs" }, "true"] },
                "Silent": { "Fn::Not": [{ "Condition": "Logged" }] },
                "Either": { "Fn::Or": [{ "Condition": "Logged" }, { "Condition": "Silent" }] },
                "Loop": { "Fn::Not": [{ "Condition": "Loop" }] },
                "Later": { "Fn::Equals": [{ "Ref": "Bucket" }, "true"] },
            },
        }),
        template_text_sha256: String::new(),
        parameters: BTreeMap::from([
            (
                "Origins".to_owned(),
                "https://a.example, https://b.example".to_owned(),
            ),
            ("Prefix".to_owned(), "small/".to_owned()),
        ]),
    };
    Values::new(&side, "photos", "eu-central-1").resolve(value, 0)
}

#[test]
fn what_is_known_is_filled_in() {
    let list = json!({ "Ref": "Origins" });
    for (value, expected) in [
        (json!({ "Ref": "Width" }), json!(720)),
        (json!({ "Ref": "Prefix" }), json!("small/")),
        (json!({ "Ref": "AWS::Region" }), json!("eu-central-1")),
        (
            list.clone(),
            json!(["https://a.example", "https://b.example"]),
        ),
        (
            json!({ "Fn::Select": [1, list] }),
            json!("https://b.example"),
        ),
        (
            json!({ "Fn::Join": ["|", list] }),
            json!("https://a.example|https://b.example"),
        ),
        (
            json!({ "Fn::Sub": "${AWS::StackName}-${Width}.${!x}" }),
            json!("photos-720.${x}"),
        ),
        (
            json!({ "Fn::Sub": ["'${O}'", { "O": { "Fn::Select": ["0", list] } }] }),
            json!("'https://a.example'"),
        ),
        (json!({ "Fn::If": ["Logged", 1, 2] }), json!(2)),
        (
            json!({ "Fn::If": ["Either", { "Ref": "Width" }, 2] }),
            json!(720),
        ),
        (json!([{ "Ref": "AWS::NoValue" }, 1]), json!([1])),
        (
            json!({ "A": { "Fn::If": ["Silent", { "Ref": "AWS::NoValue" }, 2] } }),
            json!({}),
        ),
    ] {
        assert_eq!(resolved(&value), Some(expected), "{value}");
    }
    assert_eq!(resolved(&json!({ "Ref": "AWS::NoValue" })), None);
}

#[test]
fn what_only_the_deployment_knows_stays_a_reference() {
    for (value, expected) in [
        (json!({ "Ref": "Bucket" }), json!({ "Ref": "Bucket" })),
        (json!({ "Ref": "Unset" }), json!({ "Ref": "Unset" })),
        (
            json!({ "Fn::Sub": "${Bucket}" }),
            json!({ "Ref": "Bucket" }),
        ),
        (
            json!({ "Fn::Sub": "${Bucket.Arn}" }),
            json!({ "Fn::GetAtt": ["Bucket", "Arn"] }),
        ),
        (
            json!({ "Fn::Sub": "${Bucket.Arn}/${Prefix}*" }),
            json!({ "Fn::Sub": "${Bucket.Arn}/small/*" }),
        ),
        (
            json!({ "Fn::Sub": ["${A}/${!B}", { "A": { "Ref": "Bucket" } }] }),
            json!({ "Fn::Sub": "${Bucket}/${!B}" }),
        ),
        (
            json!({ "Fn::Sub": ["${A}", { "A": { "Fn::ImportValue": "x" } }] }),
            json!({ "Fn::Sub": ["${A}", { "A": { "Fn::ImportValue": "x" } }] }),
        ),
        (
            json!({ "Fn::If": ["Later", { "Ref": "Width" }, 2] }),
            json!({ "Fn::If": ["Later", 720, 2] }),
        ),
        (
            json!({ "Fn::If": ["Loop", 1, 2] }),
            json!({ "Fn::If": ["Loop", 1, 2] }),
        ),
        (
            json!({ "Fn::Sub": "open ${Bucket" }),
            json!("open ${Bucket"),
        ),
    ] {
        assert_eq!(resolved(&value), Some(expected), "{value}");
    }
}
