//! Whether permissions get broader, asked of every place of a template in which they are written.

use iac::plan::{Change, Plan, Verdict};
use iac::stacks::{ResizeApi, UploadEvents};
use serde_json::{Value as Json, json};

use super::change_set::{proposal, side, update};

/// Changes the properties of a resource.
type Edit = fn(&mut Json);

fn resize_api() -> Json {
    let template = ResizeApi::default().template().unwrap();
    template.document().clone()
}

fn upload_events() -> Json {
    let template = UploadEvents::default().template().unwrap();
    template.document().clone()
}

fn plan(before: &Json, after: &Json) -> Plan {
    Plan::new(update("photos", before, after))
}

/// The plan of a change to one resource, and back.
fn there_and_back(before: &Json, id: &str, change: impl FnOnce(&mut Json)) -> [Change; 2] {
    let mut after = before.clone();
    change(&mut after["Resources"][id]["Properties"]);
    [plan(before, &after), plan(&after, before)].map(|plan| {
        let mut changes = plan.changes.into_iter();
        let own = changes.find(|change| change.logical_id == id);
        own.unwrap_or_else(|| panic!("{id} does not change"))
    })
}

fn verdict(change: &Change) -> Verdict {
    change.access.as_ref().unwrap().verdict
}

/// What is new, or else what is gone, in words.
fn words(change: &Change) -> Vec<String> {
    let access = change.access.as_ref().unwrap();
    let grants = if access.gained.is_empty() {
        &access.lost
    } else {
        &access.gained
    };
    grants.iter().map(ToString::to_string).collect()
}

#[test]
fn each_place_in_which_permissions_are_written_is_seen() {
    let api = resize_api();
    let places: [(&str, Edit, &str); 7] = [
        (
            "ResizeImageRole",
            |role| {
                role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] =
                    json!({ "AWS": "*" });
            },
            "anyone may sts:AssumeRole on ResizeImageRole",
        ),
        (
            "ResizeImageRole",
            |role| {
                role["ManagedPolicyArns"] = json!(["arn:aws:iam::aws:policy/AdministratorAccess"]);
            },
            "ResizeImageRole may do what arn:aws:iam::aws:policy/AdministratorAccess allows on *",
        ),
        (
            "SourceBucketPolicy",
            |policy| {
                let statement = json!({
                    "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                    "Resource": { "Fn::Sub": "${SourceBucket.Arn}/*" },
                });
                policy["PolicyDocument"]["Statement"]
                    .as_array_mut()
                    .unwrap()
                    .push(statement);
            },
            "anyone may s3:GetObject on ${SourceBucket.Arn}/*",
        ),
        (
            "SourceBucket",
            |bucket| bucket["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = json!(false),
            "nobody may open it to the public (BlockPublicPolicy) on SourceBucket",
        ),
        (
            "Api",
            |api| {
                api["Body"]["paths"]["/resize"]["get"] = json!({ "responses": {} });
            },
            "anyone may call GET /resize on Api",
        ),
        (
            "Api",
            |api| {
                api["Policy"] = json!({ "Statement": {
                    "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:root" },
                    "Action": "execute-api:Invoke", "Resource": "*",
                } });
            },
            "arn:aws:iam::111111111111:root may execute-api:Invoke on *",
        ),
        (
            "StateMachineRole",
            |role| {
                let statements = &mut role["Policies"][0]["PolicyDocument"]["Statement"];
                let imported = json!({ "Fn::Transform": { "Name": "Statements" } });
                statements.as_array_mut().unwrap().push(imported);
            },
            "StateMachineRole may do what {\"Fn::Transform\":{\"Name\":\"Statements\"}} says on *",
        ),
    ];
    for (id, change, expected) in places {
        let [there, back] = there_and_back(&api, id, change);
        assert_eq!(
            verdict(&there),
            Verdict::Broader,
            "{expected}: {:?}",
            there.access
        );
        assert_eq!(words(&there), [expected]);
        // The trust of everybody takes the service's place: back it is another one's again.
        if !expected.starts_with("anyone may sts") {
            assert_eq!(
                verdict(&back),
                Verdict::Narrower,
                "{expected}: {:?}",
                back.access
            );
            assert_eq!(words(&back), [expected]);
        }
    }
}

#[test]
fn a_boundary_takes_away() {
    let [there, back] = there_and_back(&resize_api(), "ApiRole", |role| {
        role["PermissionsBoundary"] = json!("arn:aws:iam::aws:policy/ReadOnlyAccess");
    });
    assert_eq!(
        (verdict(&there), verdict(&back)),
        (Verdict::Narrower, Verdict::Broader)
    );
}

#[test]
fn who_may_invoke_a_function_depends_on_where_it_comes_from() {
    let [there, back] = there_and_back(&upload_events(), "ResizeImagePermission", |permission| {
        permission
            .as_object_mut()
            .unwrap()
            .shift_remove("SourceAccount")
            .unwrap();
        permission
            .as_object_mut()
            .unwrap()
            .shift_remove("SourceArn")
            .unwrap();
    });
    assert_eq!(verdict(&there), Verdict::Broader);
    assert_eq!(
        words(&there),
        ["the service s3.amazonaws.com may lambda:InvokeFunction on ${ResizeImageFunction.Arn}"]
    );
    assert_eq!(verdict(&back), Verdict::Narrower);
}

#[test]
fn a_grant_that_moves_changes_nothing_for_the_stack() {
    let before = resize_api();
    let mut after = before.clone();
    let policies = after["Resources"]["StateMachineRole"]["Properties"]
        .as_object_mut()
        .unwrap()
        .shift_remove("Policies")
        .unwrap();
    after["Resources"]["StateMachinePolicy"] = json!({
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "moved", "Roles": [{ "Ref": "StateMachineRole" }],
            "PolicyDocument": policies[0]["PolicyDocument"],
        },
    });
    let plan = plan(&before, &after);
    let verdicts: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.logical_id.as_str(), verdict(change)))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("StateMachinePolicy", Verdict::Broader),
            ("StateMachineRole", Verdict::Narrower)
        ]
    );
    assert!(
        plan.access
            .is_none_or(|access| access.verdict == Verdict::Same)
    );
}

#[test]
fn the_same_thing_in_other_words_is_the_same() {
    // A name that is fixed, and the reference to what bears it.
    let [there, back] = there_and_back(&upload_events(), "ResizeImageRole", |role| {
        let text = role.to_string();
        let name =
            "arn:${AWS::Partition}:s3:::${AWS::StackName}-source-${AWS::AccountId}-${AWS::Region}";
        assert!(text.contains(name));
        *role = serde_json::from_str(&text.replace(name, "${SourceBucket.Arn}")).unwrap();
    });
    assert_eq!(
        (verdict(&there), verdict(&back)),
        (Verdict::Same, Verdict::Same)
    );
}

#[test]
fn a_parameter_can_broaden_what_a_role_may() {
    let template = resize_api();
    let deployed = side(&template, &[("OutputPrefix", "thumbs/small/")]);
    let proposed = side(&template, &[("OutputPrefix", "thumbs/")]);
    let plan = Plan::new(proposal("photos", Some(deployed), proposed));
    let access = plan.access.unwrap();
    assert_eq!(access.verdict, Verdict::Broader);
    let gained: Vec<_> = access.gained.iter().map(ToString::to_string).collect();
    assert_eq!(
        gained,
        [
            "ResizeImageRole may s3:GetObject on ${ResizedBucket.Arn}/thumbs/*",
            "ResizeImageRole may s3:PutObject on ${ResizedBucket.Arn}/thumbs/*"
        ]
    );
    let role = plan
        .changes
        .iter()
        .find(|change| change.logical_id == "ResizeImageRole");
    let difference = &role.unwrap().differences[0];
    assert_eq!(difference.cause.as_deref(), Some("parameter OutputPrefix"));
}
