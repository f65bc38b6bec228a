//! What parliament says of every policy: those of roles, and those of buckets and queues, which it reads by
//! the same rules. It has nothing wrong to say of the latter, so nothing that it finds is left out.

use iac::cfn::Template;
use iac::deployer;
use serde_json::{Map, Value as Json, json};

use crate::{asks, every_variant, python, variants};

/// Reads policies by name and says what is wrong with each.
const SCRIPT: &str = "\
import json, sys, parliament
policies = json.load(sys.stdin)
findings = {n: [str(f) for f in parliament.analyze_policy_string(json.dumps(p)).findings] for n, p in policies.items()}
json.dump(findings, sys.stdout)";

/// The policies of a template under names, as they are when deployed: of roles, then of things.
fn policies(template: &Json) -> [Vec<(String, Json)>; 2] {
    let resources = template["Resources"].as_object().unwrap();
    let mut of_roles = Vec::new();
    let mut of_things = Vec::new();
    for (id, resource) in resources {
        let properties = &resource["Properties"];
        match resource["Type"].as_str().unwrap() {
            "AWS::IAM::Role" => {
                for policy in properties["Policies"].as_array().unwrap() {
                    let name = format!("{id} {}", policy["PolicyName"]);
                    of_roles.push((name, deployed(&policy["PolicyDocument"], resources)));
                }
            }
            "AWS::S3::BucketPolicy" | "AWS::SQS::QueuePolicy" => {
                let document = deployed(&properties["PolicyDocument"], resources);
                of_things.push((id.clone(), document));
            }
            _ => {}
        }
    }
    [of_roles, of_things]
}

/// What whoever deploys may do, in one: they have all the policies. An action that parliament's data is too
/// old for is left out.
fn deployers(template: &Template) -> Json {
    let statements = deployer::policies(template).into_iter().flat_map(|policy| {
        let text = policy.document.to_string();
        let known = text.replace(r#""cloudformation:DescribeEvents","#, "");
        let mut document: Json = serde_json::from_str(&known).unwrap();
        match document["Statement"].take() {
            Json::Array(statements) => statements,
            other => panic!("not statements: {other}"),
        }
    });
    json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()})
}

#[test]
fn parliament_finds_nothing() {
    let Some(python) = python("parliament_finds_nothing") else {
        return;
    };
    let mut all = Map::new();
    let mut counts = [0, 0];
    for (name, template) in every_variant() {
        for (kind, policies) in policies(template.document()).into_iter().enumerate() {
            counts[kind] += policies.len();
            for (id, policy) in policies {
                let about_someone = |statement: &Json| statement.get("Principal").is_some();
                let mut statements = policy["Statement"].as_array().unwrap().iter();
                // Which parliament does not ask for: it is not told what a policy is of.
                assert!(
                    statements.all(|statement| about_someone(statement) == (kind == 1)),
                    "{name} {id}: {policy}"
                );
                all.insert(format!("{name} {id}"), policy);
            }
        }
    }
    assert!(counts[0] > 150 && counts[1] > 100, "{counts:?}");
    for (name, template) in every_variant() {
        counts[0] += 1;
        all.insert(format!("{name} deployer"), deployers(&template));
    }
    assert_eq!(
        all.len(),
        counts[0] + counts[1],
        "each has a name of its own"
    );
    let clean: Map<_, _> = all.keys().map(|id| (id.clone(), json!([]))).collect();
    let findings = asks(&python, &["-c", SCRIPT], &json!(all).to_string());
    assert_eq!(findings, Json::Object(clean));
}

#[test]
fn parliament_finds_what_is_wrong_with_a_policy_of_a_thing() {
    let Some(python) = python("parliament_finds_what_is_wrong_with_a_policy_of_a_thing") else {
        return;
    };
    let with_cdn = variants::upload_events()
        .into_iter()
        .find(|(name, _)| *name == "cdn");
    let template = with_cdn.expect("a variant").1.template().expect("a stack");
    let [_, things] = policies(template.document());
    let mut broken = Map::new();
    let mut expected = Vec::new();
    for (finding, id, place, value) in [
        (
            "UNKNOWN_ACTION",
            "ResizedBucketPolicy",
            "1/Action/0",
            json!("s3:GetObjct"),
        ),
        (
            "UNKNOWN_PREFIX",
            "DeadLetterQueuePolicy",
            "0/Action/0",
            json!("sqss:*"),
        ),
        (
            "UNKNOWN_PRINCIPAL",
            "ResizedBucketPolicy",
            "1/Principal",
            json!({ "AWS": "someone" }),
        ),
        (
            "UNKNOWN_PRINCIPAL",
            "DeadLetterQueuePolicy",
            "0/Principal",
            json!("everyone"),
        ),
        (
            "RESOURCE_MISMATCH",
            "ResizedBucketPolicy",
            "1/Resource/0",
            json!("arn:aws:s3:::resizedbucket"),
        ),
        (
            "INVALID_ARN",
            "DeadLetterQueuePolicy",
            "0/Resource/0",
            json!("DeadLetterQueue"),
        ),
        (
            "UNKNOWN_CONDITION_FOR_ACTION",
            "ResizedBucketPolicy",
            "1/Condition",
            json!({ "StringEquals": { "aws:SourceArm": "x" } }),
        ),
        (
            "MISMATCHED_TYPE",
            "ResizedBucketPolicy",
            "1/Condition/StringEquals/aws:SourceArn",
            json!("E1EXAMPLE"),
        ),
        (
            "MISMATCHED_TYPE_OPERATION_TO_NULL",
            "DeadLetterQueuePolicy",
            "0/Condition/Bool/aws:SecureTransport",
            json!("no"),
        ),
        (
            "UNKNOWN_OPERATOR",
            "DeadLetterQueuePolicy",
            "0/Condition",
            json!({ "Boolean": { "aws:SecureTransport": "false" } }),
        ),
    ] {
        let (_, policy) = things.iter().find(|(thing, _)| thing == id).expect(id);
        let mut policy = policy.clone();
        let place = format!("/Statement/{place}");
        let name = format!("{id}{place}: {value}");
        *policy.pointer_mut(&place).expect(&place) = value;
        broken.insert(name.clone(), policy);
        expected.push((name, finding));
    }
    let findings = asks(&python, &["-c", SCRIPT], &json!(broken).to_string());
    for (name, finding) in expected {
        let found = findings[&name].as_array().unwrap();
        let start = format!("{finding} - ");
        let is_it = |found: &Json| found.as_str().is_some_and(|text| text.starts_with(&start));
        assert!(found.iter().any(is_it), "{name}: no {finding} in {found:?}");
    }
}

/// A policy as it is when deployed: references replaced by ARNs of the kind they yield.
fn deployed(json: &Json, resources: &Map<String, Json>) -> Json {
    let arn = |id: &str| match resources[id]["Type"].as_str().unwrap() {
        "AWS::S3::Bucket" => format!("arn:aws:s3:::{}", id.to_lowercase()),
        "AWS::Logs::LogGroup" => format!("arn:aws:logs:eu-west-1:123456789012:log-group:{id}:*"),
        "AWS::Lambda::Function" => format!("arn:aws:lambda:eu-west-1:123456789012:function:{id}"),
        "AWS::StepFunctions::StateMachine" => {
            format!("arn:aws:states:eu-west-1:123456789012:stateMachine:{id}")
        }
        "AWS::SQS::Queue" => format!("arn:aws:sqs:eu-west-1:123456789012:{id}"),
        "AWS::DynamoDB::Table" => format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{id}"),
        other => panic!("a policy names a {other}: say what its ARN looks like"),
    };
    match json {
        Json::Object(map) => match map.iter().next() {
            Some((name, argument)) if name == "Fn::GetAtt" => {
                json!(arn(argument[0].as_str().unwrap()))
            }
            Some((name, text)) if name == "Fn::Sub" => {
                let mut text = text.as_str().unwrap().to_owned();
                for (name, value) in [
                    ("OutputPrefix", "thumbs/"),
                    ("AWS::Partition", "aws"),
                    ("AWS::Region", "eu-west-1"),
                    ("AWS::AccountId", "123456789012"),
                    ("AWS::StackName", "stack"),
                ] {
                    text = text.replace(&format!("${{{name}}}"), value);
                }
                for id in resources.keys() {
                    let reference = format!("${{{id}.Arn}}");
                    if text.contains(&reference) {
                        text = text.replace(&reference, &arn(id));
                    }
                    if resources[id]["Type"] == "AWS::CloudFront::Distribution" {
                        text = text.replace(&format!("${{{id}}}"), "E1EXAMPLE");
                    }
                }
                assert!(!text.contains("${"), "{text}");
                json!(text)
            }
            _ => map
                .iter()
                .map(|(key, value)| (key.clone(), deployed(value, resources)))
                .collect(),
        },
        Json::Array(items) => items.iter().map(|item| deployed(item, resources)).collect(),
        leaf => leaf.clone(),
    }
}
