//! The digest, and what becomes of long plans.

use std::collections::BTreeMap;

use iac::plan::{Plan, PlanKind, Proposal, Replacement};
use iac::stacks::{ResizeApi, UploadEvents};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::change_set::{creation, proposal, side, update};
use super::settings;

const LONGEST_COMMENT: usize = 65_536;

fn resize_api() -> Json {
    let template = ResizeApi::default().template().unwrap();
    template.document().clone()
}

fn base() -> Proposal {
    let template = resize_api();
    let mut after = template.clone();
    after["Resources"]["ResizeImageFunction"]["Properties"]["MemorySize"] = json!(1024);
    update("photos", &template, &after)
}

#[test]
fn two_plans_of_the_same_thing_have_one_digest() {
    let digest = Plan::new(base()).digest();
    assert_eq!(digest.len(), 64);
    assert!(
        digest
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert_eq!(Plan::new(base()).digest(), digest);
    // AWS promises no order.
    let mut proposal = base();
    proposal.changes.reverse();
    assert_eq!(Plan::new(proposal).digest(), digest);
}

#[test]
fn whatever_is_deployed_is_in_the_digest() {
    let digest = Plan::new(base()).digest();
    let with: Vec<(&str, fn(&mut Proposal))> = vec![
        ("stack", |proposal| proposal.stack = "other".to_owned()),
        ("region", |proposal| {
            proposal.region = "eu-west-1".to_owned()
        }),
        ("account", |proposal| {
            proposal.account = "123456789012".to_owned()
        }),
        ("kind", |proposal| proposal.kind = PlanKind::Create),
        ("role", |proposal| {
            proposal.role_arn = Some("arn".to_owned())
        }),
        ("template", |proposal| {
            proposal.proposed.template_text_sha256.push('0')
        }),
        ("parameter", |proposal| {
            proposal
                .proposed
                .parameters
                .insert("CodeKey".to_owned(), "other.zip".to_owned());
        }),
        ("parameter that nothing uses", |proposal| {
            proposal
                .proposed
                .parameters
                .insert("Unused".to_owned(), "1".to_owned());
        }),
        ("tag", |proposal| {
            proposal
                .tags_after
                .insert("stage".to_owned(), "test".to_owned());
        }),
        ("tag that stays", |proposal| {
            proposal
                .tags_before
                .insert("stage".to_owned(), "test".to_owned());
            proposal
                .tags_after
                .insert("stage".to_owned(), "test".to_owned());
        }),
        ("replacement", |proposal| {
            proposal.changes[0].replacement = Replacement::True
        }),
        ("physical id", |proposal| {
            proposal.changes[0].physical_id = Some("other".to_owned())
        }),
        ("one change more", |proposal| {
            let mut more = proposal.changes[0].clone();
            more.logical_id = "Other".to_owned();
            proposal.changes.push(more);
        }),
        ("one change less", |proposal| proposal.changes.clear()),
        ("value before", |proposal| {
            let deployed = proposal.deployed.as_mut().unwrap();
            deployed.template["Resources"]["ResizeImageFunction"]["Properties"]["MemorySize"] =
                json!(512);
        }),
        ("value given by AWS", |proposal| {
            proposal.changes[0].details[0].before = Some("256".to_owned());
        }),
        ("output", |proposal| {
            proposal.proposed.template["Outputs"]["ApiId"]["Description"] = json!("another");
        }),
    ];
    let mut seen = BTreeMap::from([(digest, "nothing")]);
    for (what, change) in with {
        let mut proposal = base();
        change(&mut proposal);
        let digest = Plan::new(proposal).digest();
        if let Some(other) = seen.insert(digest, what) {
            panic!("{what} and {other} have one digest");
        }
    }
}

#[test]
fn better_words_are_no_other_plan() {
    let mut plan = Plan::new(base());
    let digest = plan.digest();
    plan.notes.push("A note.".to_owned());
    plan.changes[0].notes.push("Another one.".to_owned());
    assert_eq!(plan.digest(), digest);
}

#[test]
fn for_programs_and_for_pull_requests() {
    let template = UploadEvents::default().template().unwrap();
    let mut options = UploadEvents::default();
    options.cdn = Some(iac::parts::Cdn::default());
    options.max_upload_bytes = 1 << 20;
    let other = options.template().unwrap();
    let plan = Plan::new(update("photos", template.document(), other.document()));
    let hidden = |text: String| text.replace(&plan.digest(), "DIGEST");
    settings().bind(|| {
        insta::assert_snapshot!("markdown", hidden(plan.markdown()));
        insta::assert_snapshot!("json", hidden(format!("{:#}", plan.json())));
    });
}

#[test]
fn colours_only_where_they_are_asked_for() {
    let plan = Plan::new(base());
    assert!(!plan.text(false).contains('\u{1b}'));
    let colored = plan.text(true);
    assert!(colored.contains('\u{1b}'));
    assert_eq!(without_colours(&colored), plan.text(false));
}

fn without_colours(text: &str) -> String {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    let rest = pieces.map(|piece| piece.split_once('m').map_or("", |(_, rest)| rest));
    first + &rest.collect::<String>()
}

/// A template with more and longer values than fit.
fn huge(value: &str) -> Json {
    let long = value.repeat(200);
    let resources = (0..300).map(|index| {
        let resource = json!({
            "Type": if index % 3 == 0 { "AWS::IAM::Role" } else { "AWS::S3::Bucket" },
            "Properties": {
                "Text": format!("{long}{index}"),
                "Lines": format!("{long}\n").repeat(5),
                "Policies": [{ "PolicyName": "p", "PolicyDocument": { "Statement": {
                    "Effect": "Allow", "Action": format!("{value}:{index}"), "Resource": long,
                } } }],
            },
        });
        (format!("Resource{index}"), resource)
    });
    json!({ "Resources": resources.collect::<Map<_, _>>() })
}

#[test]
fn a_comment_fits_however_much_changes() {
    let nothing = json!({ "Resources": {} });
    for (before, after) in [
        (&huge("a"), &huge("`<b>|\n\u{202e}")),
        (&nothing, &huge("ü")),
        (&huge("ü"), &nothing),
    ] {
        let plan = Plan::new(update("photos", before, after));
        let comment = plan.markdown();
        assert!(comment.len() <= LONGEST_COMMENT, "{}", comment.len());
        // The summary is there whatever was cut, and the cut is told.
        assert!(comment.contains(&plan.digest()));
        assert!(comment.contains("did not fit into this comment"));
    }
}

#[test]
fn nothing_to_do_says_so() {
    let template = resize_api();
    let plan = Plan::new(update("photos", &template, &template));
    assert!(plan.is_empty());
    assert!(plan.text(false).contains("Nothing changes."));
    assert!(plan.markdown().contains("Nothing changes."));
    assert!(!Plan::new(creation("photos", &template)).is_empty());
}

/// Any JSON that a template may hold, with the words that mean something in one.
fn value() -> impl Strategy<Value = Json> {
    let word = prop_oneof![
        "[a-z*?${}!.:/ \\n`|<-]{0,12}",
        Just("AWS::S3::Bucket".to_owned()),
        Just("AWS::IAM::Role".to_owned()),
        Just("{\"States\": {\"A\": 1}}".to_owned()),
        Just("${Id0.Arn}/*".to_owned()),
        Just("Retain".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        word.prop_map(Json::from),
    ];
    let key = prop_oneof![
        "[A-Za-z.$]{1,6}",
        prop::sample::select(vec![
            "Ref",
            "Fn::Sub",
            "Fn::GetAtt",
            "Fn::If",
            "Fn::Join",
            "Fn::Select",
            "Statement",
            "Effect",
            "Principal",
            "Action",
            "NotAction",
            "Resource",
            "Condition",
            "PolicyDocument",
            "Policies",
            "AssumeRolePolicyDocument",
            "Body",
            "paths",
            "security",
            "Sid",
            "Id",
            "Rules",
            "Type",
            "Properties",
            "DeletionPolicy",
            "LifecycleConfiguration",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

fn template() -> impl Strategy<Value = Json> {
    let types = prop::sample::select(vec![
        "AWS::S3::Bucket",
        "AWS::DynamoDB::Table",
        "AWS::SQS::Queue",
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::S3::BucketPolicy",
        "AWS::Lambda::Permission",
        "AWS::ApiGateway::RestApi",
        "AWS::Logs::LogGroup",
        "AWS::StepFunctions::StateMachine",
    ]);
    let resource = (types, value(), value()).prop_map(|(kind, properties, policy)| {
        json!({ "Type": kind, "Properties": properties, "DeletionPolicy": policy })
    });
    (prop::collection::vec(resource, 0..4), value(), value()).prop_map(|(resources, conditions, outputs)| {
        let resources = resources.into_iter().enumerate();
        let resources = resources.map(|(index, resource)| (format!("Id{index}"), resource));
        json!({
            "Resources": resources.collect::<Map<_, _>>(), "Conditions": conditions, "Outputs": outputs,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_template_is_too_strange(before in template(), after in template()) {
        let plan = Plan::new(update("photos", &before, &after));
        prop_assert!(plan.markdown().len() <= LONGEST_COMMENT);
        let escapes = plan.text(false).contains('\u{1b}');
        prop_assert!(!escapes);
        prop_assert_eq!(&plan.json()["digest"], &Json::from(plan.digest()));
        let created = Plan::new(creation("photos", &after));
        prop_assert!(created.markdown().len() <= LONGEST_COMMENT);
    }

    #[test]
    fn a_value_that_differs_is_another_plan_and_is_shown(before in value(), after in value()) {
        let template = |value: &Json| json!({
            "Parameters": {}, "Resources": { "Id0": { "Type": "Own::Type", "Properties": { "Value": value } } },
        });
        let plan = |before: &Json, after: &Json| {
            let sides = (side(&template(before), &[]), side(&template(after), &[]));
            Plan::new(proposal("photos", Some(sides.0), sides.1))
        };
        prop_assume!(before != after);
        let (there, back) = (plan(&before, &after), plan(&after, &before));
        prop_assert_ne!(there.digest(), back.digest());
        prop_assert_ne!(there.digest(), plan(&before, &before).digest());
    }
}
