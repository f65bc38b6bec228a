//! What becomes of data: real templates with the mistakes that lose it.

use iac::plan::{Fate, Holds, Plan, Recreation, Replacement, Risk};
use iac::stacks::{SingleBucket, UploadMetadata};
use serde_json::{Value as Json, json};

use super::change_set::{ACCOUNT, update};
use super::{settings, text};

fn metadata() -> Json {
    let template = UploadMetadata::default().template().unwrap();
    template.document().clone()
}

fn table(template: &Json) -> String {
    let resources = template["Resources"].as_object().unwrap().iter();
    let mut tables = resources.filter(|(_, resource)| resource["Type"] == "AWS::DynamoDB::Table");
    tables.next().unwrap().0.clone()
}

/// The template with a resource under another logical id, and every reference to it.
fn renamed(template: &Json, old: &str, new: &str) -> Json {
    let text = template.to_string();
    let text = text
        .replace(&format!("\"{old}\""), &format!("\"{new}\""))
        .replace(&format!("${{{old}}}"), &format!("${{{new}}}"))
        .replace(&format!("${{{old}."), &format!("${{{new}."));
    serde_json::from_str(&text).unwrap()
}

fn plan(before: &Json, after: &Json) -> Plan {
    Plan::new(update("photos", before, after))
}

#[test]
fn a_renamed_bucket_leaves_its_data_behind() {
    let before = metadata();
    let plan = plan(
        &before,
        &renamed(&before, "ResizedBucket", "ThumbnailBucket"),
    );
    let [loss] = plan.losses().collect::<Vec<_>>()[..] else {
        panic!("one loss: {}", plan.text(false));
    };
    let data = loss.data.as_ref().unwrap();
    assert_eq!(
        (loss.logical_id.as_str(), data.fate),
        ("ResizedBucket", Fate::LeftBehind)
    );
    assert_eq!(
        data.words,
        "`ResizedBucket` (resizedbucket-${AWS::AccountId}) stays with its objects, and no stack owns it any more. It looks like a renaming to `ThumbnailBucket`, which starts empty: keep the logical id `ResizedBucket` to keep the data in the stack."
    );
    assert_eq!(plan.changes[0].logical_id, "ResizedBucket");
    settings().bind(|| insta::assert_snapshot!("renamed-bucket", text(&plan)));
}

#[test]
fn another_key_of_a_table_replaces_it() {
    let before = metadata();
    let id = table(&before);
    let mut after = before.clone();
    after["Resources"][&id]["Properties"]["KeySchema"][0]["AttributeName"] = json!("photo");
    // Kept by its policy, then not.
    for (policy, fate) in [("Retain", Fate::LeftBehind), ("Delete", Fate::Lost)] {
        after["Resources"][&id]["UpdateReplacePolicy"] = json!(policy);
        let plan = plan(&before, &after);
        let [loss] = plan.losses().collect::<Vec<_>>()[..] else {
            panic!("one loss: {}", plan.text(false));
        };
        assert_eq!(loss.logical_id, id);
        assert_eq!(loss.replacement, Replacement::True);
        assert_eq!(loss.data.as_ref().unwrap().fate, fate);
        let key = &loss.differences[0];
        assert_eq!(key.path, "KeySchema[0].AttributeName");
        assert_eq!(key.after, Some(json!("photo")));
        assert_eq!(key.requires_recreation, Some(Recreation::Always));
        settings()
            .bind(|| insta::assert_snapshot!(format!("replaced-table.{policy}"), text(&plan)));
    }
}

#[test]
fn a_queue_that_leaves_takes_its_messages_along() {
    let before = metadata();
    let mut after = before.clone();
    after["Resources"]
        .as_object_mut()
        .unwrap()
        .shift_remove("DeadLetterQueue")
        .unwrap();
    let plan = plan(&before, &after);
    let loss = plan.losses().next().unwrap();
    assert_eq!(loss.logical_id, "DeadLetterQueue");
    let data = loss.data.as_ref().unwrap();
    assert_eq!((data.holds, data.fate), (Holds::Data, Fate::Lost));
    assert!(
        data.words.ends_with("is deleted with all its messages."),
        "{}",
        data.words
    );
}

#[test]
fn a_bucket_without_a_policy_is_deleted_if_it_is_empty() {
    let mut before = metadata();
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        before["Resources"]["ResizedBucket"][policy] = json!("Delete");
    }
    let mut after = before.clone();
    after["Resources"]
        .as_object_mut()
        .unwrap()
        .shift_remove("ResizedBucket")
        .unwrap();
    let plan = plan(&before, &after);
    let loss = plan.losses().next().unwrap();
    assert_eq!(loss.data.as_ref().unwrap().fate, Fate::MayBeLost);
}

#[test]
fn logs_come_after_data_and_need_no_approval_of_their_own() {
    let before = metadata();
    let mut after = before.clone();
    let resources = after["Resources"].as_object_mut().unwrap();
    resources.retain(|_, resource| {
        let kind = resource["Type"].as_str().unwrap();
        !matches!(kind, "AWS::Logs::LogGroup" | "AWS::SQS::Queue")
    });
    let plan = plan(&before, &after);
    let data: Vec<_> = plan
        .changes
        .iter()
        .filter_map(|change| change.data.as_ref())
        .collect();
    assert_eq!(data[0].holds, Holds::Data);
    assert!(data.len() > 1 && data[1..].iter().all(|data| data.holds == Holds::Logs));
    assert_eq!(plan.losses().count(), 1);
}

#[test]
fn what_depends_on_the_deployment_is_said_to() {
    let before = metadata();
    let id = table(&before);
    let mut after = before.clone();
    after["Resources"][&id]["Properties"]["KeySchema"][0]["AttributeName"] = json!("photo");
    let mut proposal = update("photos", &before, &after);
    let change = proposal
        .changes
        .iter_mut()
        .find(|change| change.logical_id == id)
        .unwrap();
    change.replacement = Replacement::Conditional;
    change.policy_action = None;
    after["Resources"][&id]["UpdateReplacePolicy"] = json!("Delete");
    proposal.proposed.template = after;
    let plan = Plan::new(proposal);
    let data = plan.changes[0].data.as_ref().unwrap();
    assert_eq!(data.fate, Fate::MayBeLost);
    assert!(
        data.words
            .starts_with("It depends on what the deployment finds"),
        "{}",
        data.words
    );
}

#[test]
fn settings_that_delete_data_sooner_are_told_first() {
    let before = metadata();
    let id = table(&before);
    let mut after = before.clone();
    after["Resources"][&id]["DeletionPolicy"] = json!("Delete");
    after["Resources"][&id]["Properties"]["TimeToLiveSpecification"] =
        json!({ "AttributeName": "expires", "Enabled": true });
    after["Resources"]["DeadLetterQueue"]["Properties"]["MessageRetentionPeriod"] = json!(60);
    let plan = plan(&before, &after);
    assert_eq!(plan.losses().count(), 0);
    let notes: Vec<_> = plan
        .changes
        .iter()
        .filter(|change| change.risk == Risk::Data)
        .flat_map(|change| change.notes.clone())
        .collect();
    assert_eq!(
        notes,
        [
            format!("DynamoDB deletes the items of `{id}` whose `expires` is in the past."),
            format!(
                "From now on `{id}` is deleted when the stack is deleted or it is taken out of the template."
            ),
            "Messages in `DeadLetterQueue` that are older than 60 seconds are deleted.".to_owned(),
        ]
    );
}

#[test]
fn a_name_that_is_taken_is_foreseen() {
    let template = SingleBucket::default().template().unwrap();
    let before = template.document();
    let plan = plan(before, &renamed(before, "Bucket", "Images"));
    let note = &plan.notes[0];
    assert!(
        note.starts_with("`Images` asks for the name photos-images-${AWS::AccountId}-eu-central-1, which `Bucket` still has"),
        "{note}"
    );
}

#[test]
fn the_account_is_in_nothing_that_is_printed() {
    let before = metadata();
    let mut after = renamed(&before, "ResizedBucket", "ThumbnailBucket");
    after["Description"] = json!(format!("of {ACCOUNT}"));
    after["Resources"]["ResizeImageRole"]["Properties"]["ManagedPolicyArns"] =
        json!([format!("arn:aws:iam::{ACCOUNT}:policy/own")]);
    let mut proposal = update("photos", &before, &after);
    proposal.role_arn = Some(format!("arn:aws:iam::{ACCOUNT}:role/deployer"));
    proposal
        .tags_after
        .insert("owner".to_owned(), format!("account {ACCOUNT}"));
    proposal.proposed.parameters.insert(
        "AlarmTopicArn".to_owned(),
        format!("arn:aws:sns:eu-central-1:{ACCOUNT}:t"),
    );
    let plan = Plan::new(proposal);
    for printed in [plan.text(false), plan.markdown(), plan.json().to_string()] {
        assert!(!printed.contains(ACCOUNT), "{printed}");
        assert!(printed.contains("${AWS::AccountId}"), "{printed}");
    }
}
