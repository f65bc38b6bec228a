//! Change sets as AWS describes them, with values: the shapes are those of its documentation.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html>

use std::collections::BTreeMap;

use iac::plan::{
    Change, Fate, Plan, PlanKind, Proposal, ProposedChange, ProposedDetail, Verdict, named,
};
use serde_json::{Value as Json, json};

use super::change_set::{ACCOUNT, side};
use super::{settings, text};

const ANSWER: &str = include_str!("describe_change_set.json");

/// The changes of an answer, read as the client of CloudFormation reads them.
fn changes(answer: &Json) -> Vec<ProposedChange> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let changes = answer["Changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let change = &change["ResourceChange"];
            let details = change["Details"].as_array().unwrap().iter();
            let details = details.map(|detail| {
                let target = &detail["Target"];
                ProposedDetail {
                    attribute: text(&target["Attribute"]).unwrap(),
                    name: text(&target["Name"]),
                    path: text(&target["Path"]),
                    before: text(&target["BeforeValue"]),
                    after: text(&target["AfterValue"]),
                    requires_recreation: target["RequiresRecreation"].as_str().and_then(named),
                    causing_entity: text(&detail["CausingEntity"]),
                    change_source: text(&detail["ChangeSource"]),
                    evaluation: detail["Evaluation"].as_str().and_then(named),
                }
            });
            ProposedChange {
                action: named(change["Action"].as_str().unwrap()).unwrap(),
                logical_id: text(&change["LogicalResourceId"]).unwrap(),
                physical_id: text(&change["PhysicalResourceId"]),
                resource_type: text(&change["ResourceType"]).unwrap(),
                replacement: change["Replacement"]
                    .as_str()
                    .and_then(named)
                    .unwrap_or_default(),
                policy_action: change["PolicyAction"].as_str().and_then(named),
                scope: Vec::new(),
                details: details.collect(),
                before_context: text(&change["BeforeContext"]),
                after_context: text(&change["AfterContext"]),
            }
        })
        .collect()
}

/// The answer to two templates, or to templates that are not known.
fn plan(answer: &Json, templates: Option<[&Json; 2]>) -> Plan {
    let nothing = json!({});
    let [before, after] = templates.unwrap_or([&nothing, &nothing]);
    Plan::new(Proposal {
        stack: "photos".to_owned(),
        model: "resize-api".to_owned(),
        region: "eu-central-1".to_owned(),
        account: ACCOUNT.to_owned(),
        kind: PlanKind::Update,
        changes: changes(answer),
        deployed: templates
            .is_some()
            .then(|| side(before, &[("CodeKey", "old.zip")])),
        proposed: side(after, &[("CodeKey", "new.zip")]),
        tags_before: BTreeMap::new(),
        tags_after: BTreeMap::new(),
        role_arn: None,
    })
}

fn answer() -> Json {
    serde_json::from_str(ANSWER).unwrap()
}

fn change<'p>(plan: &'p Plan, id: &str) -> &'p Change {
    plan.changes
        .iter()
        .find(|change| change.logical_id == id)
        .unwrap()
}

/// The function of the answer in a template.
fn template(memory: u32) -> Json {
    json!({
        "Parameters": { "CodeKey": { "Type": "String" } },
        "Resources": {
            "Function": { "Type": "AWS::Lambda::Function", "Properties": {
                "MemorySize": memory,
                "Code": { "S3Bucket": "zips", "S3Key": { "Ref": "CodeKey" } },
                "Environment": { "Variables": { "TABLE": { "Ref": "Table" } } },
            } },
        },
    })
}

#[test]
fn an_answer_alone_is_a_plan() {
    let plan = plan(&answer(), None);
    settings().bind(|| insta::assert_snapshot!("described-by-aws", text(&plan)));
    assert_eq!(
        change(&plan, "Table").data.as_ref().unwrap().fate,
        Fate::Lost
    );
    assert_eq!(
        change(&plan, "Bucket").data.as_ref().unwrap().fate,
        Fate::LeftBehind
    );
    let access = change(&plan, "Policy").access.as_ref().unwrap();
    assert_eq!(access.verdict, Verdict::Broader);
    assert_eq!(access.gained.len(), 1);
}

#[test]
fn an_answer_and_templates_are_joined() {
    let plan = plan(&answer(), Some([&template(512), &template(1769)]));
    let function = change(&plan, "Function");
    let differences: Vec<_> = function
        .differences
        .iter()
        .map(|difference| {
            let cause = difference.cause.as_deref().unwrap_or_default();
            (
                difference.path.as_str(),
                difference.before.clone(),
                difference.after.clone(),
                cause,
            )
        })
        .collect();
    assert_eq!(
        differences,
        [
            ("MemorySize", Some(json!(512)), Some(json!(1769)), ""),
            (
                "Code.S3Key",
                Some(json!("old.zip")),
                Some(json!("new.zip")),
                "parameter CodeKey"
            ),
            (
                "Environment.Variables.TABLE",
                Some(json!("photos-Table-1A")),
                None,
                "Table"
            ),
            ("Tags", None, None, ""),
        ]
    );
    assert!(function.differences[2].known_later);
}

#[test]
fn what_aws_says_wins() {
    let mut answer = answer();
    let resource = &mut answer["Changes"][0]["ResourceChange"];
    resource["Details"][0]["Target"]["BeforeValue"] = json!("128");
    let properties = resource["BeforeContext"].as_str().unwrap();
    resource["BeforeContext"] = json!(properties.replace("512", "128"));
    let plan = plan(&answer, Some([&template(512), &template(1769)]));
    let memory = &change(&plan, "Function").differences[0];
    assert_eq!(memory.before, Some(json!("128")));
    assert_eq!(memory.after, Some(json!(1769)));
}

#[test]
fn a_policy_with_a_name_that_comes_later_cannot_be_compared() {
    let mut answer = answer();
    let resource = &mut answer["Changes"][2]["ResourceChange"];
    let after = resource["BeforeContext"].as_str().unwrap();
    resource["AfterContext"] =
        json!(after.replace("photos-Table-1A", "{{changeSet:KNOWN_AFTER_APPLY}}"));
    let plan = plan(&answer, None);
    let access = change(&plan, "Policy").access.as_ref().unwrap();
    assert_eq!(access.verdict, Verdict::CannotTell);
    assert_eq!(access.unsure.len(), 2, "{:?}", access.unsure);
}

#[test]
fn answers_that_are_cut_or_empty_are_borne() {
    let mut answer = answer();
    for change in answer["Changes"].as_array_mut().unwrap() {
        let change = &mut change["ResourceChange"];
        for context in ["BeforeContext", "AfterContext"] {
            if let Some(text) = change[context].as_str() {
                change[context] = json!(text[..text.len() / 2]);
            }
        }
        for detail in change["Details"].as_array_mut().unwrap() {
            let target = &mut detail["Target"];
            for value in ["BeforeValue", "AfterValue"] {
                if let Some(text) = target[value].as_str().filter(|text| text.len() > 40) {
                    target[value] = json!(text[..40]);
                }
            }
        }
    }
    let plan = plan(&answer, None);
    let policy = change(&plan, "Policy");
    assert_eq!(policy.differences[0].path, "PolicyDocument");
    assert!(plan.text(false).contains("PolicyDocument"));
}
