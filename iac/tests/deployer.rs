//! The policy of whoever deploys: whole, small enough, and scoped to the stack.

#[path = "support/variants.rs"]
mod variants;

use std::collections::BTreeSet;

use iac::cfn::Template;
use iac::deployer::{MAX_CHARACTERS, Policy, policies, statement_id};
use serde_json::Value as Json;

/// Every variant of every stack under its name.
fn every_variant() -> impl Iterator<Item = (String, Template)> {
    variants::all().into_iter().flat_map(|(stack, variants)| {
        let named = move |(option, template)| (format!("{stack}.{option}"), template);
        variants.into_iter().map(named)
    })
}

fn resources(template: &Template) -> impl Iterator<Item = &Json> {
    let resources = template.document()["Resources"].as_object();
    resources.expect("resources").values()
}

fn statements(policies: &[Policy]) -> impl Iterator<Item = &Json> {
    let statements = policies
        .iter()
        .map(|policy| policy.document["Statement"].as_array());
    statements.flat_map(|statements| statements.expect("statements"))
}

#[test]
fn every_type_of_every_stack_has_a_statement() {
    for (name, template) in every_variant() {
        let policies = policies(&template);
        let ids: Vec<_> = statements(&policies)
            .map(|statement| statement["Sid"].as_str().expect("an id"))
            .collect();
        for resource in resources(&template) {
            let kind = resource["Type"].as_str().expect("a type");
            assert!(ids.contains(&statement_id(kind).as_str()), "{name}: {kind}");
        }
        let each: BTreeSet<_> = ids.iter().collect();
        assert_eq!(
            each.len(),
            ids.len(),
            "{name}: IAM wants each once: {ids:?}"
        );
    }
}

#[test]
fn every_policy_fits_into_iam() {
    for (name, template) in every_variant() {
        let policies = policies(&template);
        assert!(policies.len() <= 3, "{name}: {}", policies.len());
        for policy in &policies {
            let length = policy.document.to_string().len();
            assert!(
                length <= MAX_CHARACTERS,
                "{name}: {}: {length}",
                policy.name
            );
        }
    }
}

#[test]
fn roles_are_passed_only_to_the_services_that_take_them() {
    for (name, template) in every_variant() {
        let policies = policies(&template);
        let passes: Vec<_> = statements(&policies)
            .filter(|it| {
                it["Action"]
                    .as_array()
                    .is_some_and(|all| all.contains(&"iam:PassRole".into()))
            })
            .collect();
        let [pass] = passes.as_slice() else {
            panic!("{name}: one statement: {passes:?}");
        };
        let to = &pass["Condition"]["StringEquals"]["iam:PassedToService"];
        let to = to.as_array().expect("services").iter();
        let to: BTreeSet<_> = to.map(Json::as_str).collect();
        let taken: BTreeSet<_> = resources(&template)
            .filter(|it| it["Type"] == "AWS::IAM::Role")
            .map(|role| &role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0])
            .map(|statement| statement["Principal"]["Service"].as_str())
            .collect();
        assert_eq!(to, taken, "{name}");
    }
}

/// A name that a template gives, with the stack's in it, and where it stands in an ARN.
#[test]
fn every_name_that_a_template_gives_is_in_reach() {
    let properties = [
        ("AWS::Logs::LogGroup", "LogGroupName", "log-group:"),
        ("AWS::Lambda::Function", "FunctionName", "function:"),
        (
            "AWS::StepFunctions::StateMachine",
            "StateMachineName",
            "stateMachine:",
        ),
        ("AWS::DynamoDB::Table", "TableName", "table/"),
        ("AWS::S3::Bucket", "BucketName", ":::"),
    ];
    let mut looked = 0;
    for (name, template) in every_variant() {
        let policies = policies(&template);
        for resource in resources(&template) {
            let property = properties
                .iter()
                .find(|(kind, ..)| resource["Type"] == *kind);
            let Some((kind, property, before)) = property else {
                continue;
            };
            let Some(given) = resource["Properties"][property]["Fn::Sub"].as_str() else {
                continue;
            };
            let given = given.replace("${AWS::StackName}", template.name());
            let id = statement_id(kind);
            let statement = statements(&policies).find(|it| it["Sid"] == id);
            let arns = statement.expect("a statement")["Resource"].clone();
            let mut arns = arns
                .as_array()
                .expect("ARNs")
                .iter()
                .map(|arn| arn.as_str());
            let fits = arns.any(|arn| {
                let pattern = arn
                    .and_then(|arn| arn.split_once(before))
                    .expect("an ARN")
                    .1;
                given.starts_with(pattern.strip_suffix('*').expect("a pattern"))
            });
            assert!(fits, "{name}: {given}");
            looked += 1;
        }
    }
    assert!(looked > 100, "{looked}");
}

#[test]
fn everything_is_scoped_but_what_has_no_name() {
    for (name, template) in every_variant() {
        let policies = policies(&template);
        for statement in statements(&policies) {
            for arn in statement["Resource"].as_array().expect("ARNs") {
                let arn = arn.as_str().expect("text");
                let scoped = arn.contains(template.name()) || arn.contains("iac-artifacts");
                // API Gateway and CloudFront make the names of things themselves.
                let service = statement["Action"][0].as_str().expect("an action");
                let service = service.split(':').next().expect("a service");
                let unnamed = ["apigateway", "cloudfront", "execute-api"].contains(&service);
                let actions = statement["Action"].as_array().expect("actions");
                let reads = actions.iter().all(|action| {
                    let action = action.as_str().expect("text");
                    action
                        .split(':')
                        .nth(1)
                        .is_some_and(|verb| verb.starts_with("Describe"))
                });
                assert!(scoped || unnamed || reads, "{name}: {statement}");
            }
        }
    }
}
