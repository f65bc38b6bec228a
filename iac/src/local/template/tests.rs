use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{DeployedStack, Pseudo, ResolveError};

fn stack() -> DeployedStack {
    let map = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect::<BTreeMap<_, _>>()
    };
    DeployedStack {
        template: json!({
            "Parameters": {"Origins": {"Type": "CommaDelimitedList"}},
            "Conditions": {
                "IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
                "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
                "Both": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "NotProd"}]},
                "Either": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "NotProd"}]},
                "Loop": {"Fn::Not": [{"Condition": "Loop"}]},
            },
            "Resources": {
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"Path": "/app/"}},
                "Machine": {"Type": "AWS::StepFunctions::StateMachine"},
                "Photos": {"Type": "AWS::S3::Bucket"},
                "Logs": {"Type": "AWS::Logs::LogGroup"},
                "Resize": {"Type": "AWS::Lambda::Function"},
                "Images": {"Type": "AWS::DynamoDB::Table"},
                "Failures": {"Type": "AWS::SQS::Queue"},
                "Absent": {"Type": "AWS::S3::Bucket", "Condition": "NotProd"},
            },
        }),
        parameters: map(&[
            ("Env", "prod"),
            ("Prefix", "thumbs/"),
            ("Origins", "http://a, http://b"),
        ]),
        physical_ids: map(&[
            ("Role", "s-Role-1"),
            ("Machine", "arn:aws:states:eu-west-1:123:stateMachine:s-M"),
            ("Photos", "photos-1"),
            ("Logs", "/aws/lambda/x"),
            ("Resize", "s-resize"),
            ("Images", "s-Images"),
            ("Failures", "http://127.0.0.1:4566/123/s-Failures"),
        ]),
        exports: map(&[("net-Vpc", "vpc-1")]),
        api_keys: BTreeMap::new(),
        pseudo: Pseudo {
            account_id: "123".to_owned(),
            region: "eu-west-1".to_owned(),
            stack_name: "s".to_owned(),
            stack_id: "arn:aws:cloudformation:eu-west-1:123:stack/s/1".to_owned(),
        },
    }
}

fn resolved(value: &Value) -> Value {
    stack().resolve(value).expect("resolved").expect("a value")
}

#[test]
fn references_and_attributes() {
    let value = json!({
        "ref": {"Ref": "Photos"}, "parameter": {"Ref": "Prefix"},
        "role": {"Fn::GetAtt": ["Role", "Arn"]}, "machine": {"Fn::GetAtt": "Machine.Arn"},
        "name": {"Fn::GetAtt": ["Machine", "Name"]}, "bucket": {"Fn::GetAtt": ["Photos", "Arn"]},
        "logs": {"Fn::GetAtt": ["Logs", "Arn"]}, "function": {"Fn::GetAtt": ["Resize", "Arn"]},
        "table": {"Fn::GetAtt": ["Images", "Arn"]}, "queue": {"Fn::GetAtt": ["Failures", "Arn"]},
        "gone": {"Ref": "AWS::NoValue"}, "kept": [{"Ref": "AWS::NoValue"}, 1, null],
    });
    let expected = json!({
        "ref": "photos-1", "parameter": "thumbs/",
        "role": "arn:aws:iam::123:role/app/s-Role-1", "machine": "arn:aws:states:eu-west-1:123:stateMachine:s-M",
        "name": "s-M", "bucket": "arn:aws:s3:::photos-1",
        "logs": "arn:aws:logs:eu-west-1:123:log-group:/aws/lambda/x:*", "function": "arn:aws:lambda:eu-west-1:123:function:s-resize",
        "table": "arn:aws:dynamodb:eu-west-1:123:table/s-Images", "queue": "arn:aws:sqs:eu-west-1:123:s-Failures",
        "kept": [1, null],
    });
    assert_eq!(resolved(&value), expected);
}

#[test]
fn substitutions() {
    for (value, expected) in [
        (
            json!({"Fn::Sub": "${AWS::Partition}:${AWS::Region}:${Photos}/${Role.Arn}"}),
            "aws:eu-west-1:photos-1/arn:aws:iam::123:role/app/s-Role-1",
        ),
        (
            json!({"Fn::Sub": "${!input.body} $input.body $"}),
            "${input.body} $input.body $",
        ),
        (
            json!({"Fn::Sub": ["${X}-${Prefix}", {"X": {"Fn::Join": ["/", ["a", {"Ref": "Env"}, 3]]}}]}),
            "a/prod/3-thumbs/",
        ),
        (json!({"Fn::ImportValue": {"Fn::Sub": "net-Vpc"}}), "vpc-1"),
    ] {
        assert_eq!(resolved(&value), json!(expected));
    }
}

#[test]
fn lists() {
    for (value, expected) in [
        (json!({"Ref": "Origins"}), json!(["http://a", "http://b"])),
        (
            json!({"Fn::Select": [1, {"Ref": "Origins"}]}),
            json!("http://b"),
        ),
        (json!({"Fn::Select": ["0", ["x", "y"]]}), json!("x")),
        (
            json!({"Fn::Join": ["|", {"Ref": "Origins"}]}),
            json!("http://a|http://b"),
        ),
    ] {
        assert_eq!(resolved(&value), expected, "{value}");
    }
}

#[test]
fn conditions() {
    for (name, expected) in [
        ("IsProd", "yes"),
        ("NotProd", "no"),
        ("Both", "no"),
        ("Either", "yes"),
    ] {
        assert_eq!(
            resolved(&json!({"Fn::If": [name, "yes", "no"]})),
            json!(expected),
            "{name}"
        );
    }
    let dropped = json!({"a": {"Fn::If": ["NotProd", {"Ref": "Absent"}, {"Ref": "AWS::NoValue"}]}});
    assert_eq!(
        resolved(&dropped),
        json!({}),
        "the branch not taken is not resolved"
    );
}

#[test]
fn refuses_what_it_does_not_know() {
    let error = |value: Value| stack().resolve(&value).expect_err("refused");
    assert_eq!(
        error(json!({"Ref": "Absent"})),
        ResolveError::UnknownName("Absent".to_owned())
    );
    assert_eq!(
        error(json!({"Fn::Sub": "${Nope}"})),
        ResolveError::UnknownName("Nope".to_owned())
    );
    assert!(matches!(
        error(json!({"Fn::GetAtt": ["Photos", "DomainName"]})),
        ResolveError::UnknownAttribute { .. }
    ));
    assert!(matches!(
        error(json!({"Fn::Select": [1, ["a"]]})),
        ResolveError::Unsupported(_)
    ));
    assert!(matches!(
        error(json!({"Fn::Sub": "${Origins}"})),
        ResolveError::Unsupported(_)
    ));
    assert!(matches!(
        error(json!({"Fn::Sub": "${Open"})),
        ResolveError::Unsupported(_)
    ));
    assert_eq!(
        error(json!({"Fn::If": ["Loop", 1, 2]})),
        ResolveError::TooDeep
    );
}
