//! Histories as AWS writes them.

use std::time::Duration;

use aws_sdk_cloudformation::primitives::DateTime;
use aws_sdk_cloudformation::types::StackStatus;

use super::{History, Progress, Verdict};
use crate::aws::cloudformation::{OperationKind, StackEvent};

const STACK: &str = "arn:aws:cloudformation:eu-west-1:123456789012:stack/photos/6a19c4b4";

/// Events, the oldest first: seconds, logical id, type, status, reason. `photos` is the stack.
fn events(lines: &str) -> Vec<StackEvent> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let event = |(number, line): (usize, &str)| {
        let mut parts = line.split('|').map(str::trim);
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let (seconds, logical_id) = (next(), next());
        StackEvent {
            id: format!("{number}-{line}"),
            // Far from any clock here.
            time: Some(DateTime::from_secs(
                4_000_000_000 + seconds.parse::<i64>().expect("seconds"),
            )),
            physical_id: Some(if logical_id == "photos" {
                STACK.to_owned()
            } else {
                format!("photos-{logical_id}-1x2y")
            }),
            logical_id,
            resource_type: next(),
            status: next(),
            reason: Some(next()).filter(|reason| !reason.is_empty()),
            hook: Some(next()).filter(|hook| !hook.is_empty()),
            token: None,
            stack_id: STACK.to_owned(),
        }
    };
    lines.enumerate().map(event).collect()
}

fn history(kind: OperationKind, lines: &str) -> History {
    let mut history = History::new(kind);
    history.add(events(lines));
    history
}

fn causes(history: &History) -> Vec<(String, String)> {
    let causes = history.causes().into_iter();
    causes
        .map(|cause| (cause.logical_id, cause.message))
        .collect()
}

const FAILED_CREATION: &str = "
    0  | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
    3  | Table  | AWS::DynamoDB::Table  | CREATE_IN_PROGRESS |
    3  | Role   | AWS::IAM::Role        | CREATE_IN_PROGRESS |
    4  | Bucket | AWS::S3::Bucket       | CREATE_IN_PROGRESS |
    4  | Table  | AWS::DynamoDB::Table  | CREATE_IN_PROGRESS | Resource creation Initiated
    5  | Role   | AWS::IAM::Role        | CREATE_IN_PROGRESS | Resource creation Initiated
    6  | Bucket | AWS::S3::Bucket       | CREATE_FAILED      | album already exists
    7  | Table  | AWS::DynamoDB::Table  | CREATE_FAILED      | Resource creation cancelled
    7  | Role   | AWS::IAM::Role        | CREATE_FAILED      | Resource creation cancelled
    8  | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | The following resource(s) failed to create: [Role, Table, Bucket]. Rollback requested by user.
    9  | Role   | AWS::IAM::Role        | DELETE_IN_PROGRESS |
    10 | Bucket | AWS::S3::Bucket       | DELETE_COMPLETE    |
    11 | Role   | AWS::IAM::Role        | DELETE_COMPLETE    |
    15 | Table  | AWS::DynamoDB::Table  | DELETE_SKIPPED     |
    16 | photos | AWS::CloudFormation::Stack | ROLLBACK_COMPLETE |
";

#[test]
fn the_first_failure_with_a_reason_of_its_own_is_the_cause() {
    let history = history(OperationKind::Create, FAILED_CREATION);
    let album = ("Bucket".to_owned(), "album already exists".to_owned());
    assert_eq!(causes(&history), [album]);
    assert_eq!(history.rolled_back(), ["Bucket", "Role"]);
    assert_eq!(history.blocks(), []);
    assert!(!history.is_cancelled());
    let kept = history.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].physical_id.as_deref(), Some("photos-Table-1x2y"));
    assert_eq!(history.duration(), Some(Duration::from_secs(16)));
    let status = StackStatus::RollbackComplete;
    assert_eq!(history.progress(), Progress::Rests(status.clone()));
    assert_eq!(history.verdict(&status), Verdict::RolledBack);
}

#[test]
fn what_cancelled_comes_before_what_failed_may_come_first_in_time() {
    // AWS may tell of a cancelled resource before it tells of the one that failed.
    let history = history(
        OperationKind::Update,
        "0 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         1 | Role   | AWS::IAM::Role  | UPDATE_FAILED | Resource update cancelled
         1 | Resize | AWS::Lambda::Function | UPDATE_FAILED | Resource handler returned message: \"No\"
         1 | Bucket | AWS::S3::Bucket | UPDATE_FAILED | Access Denied",
    );
    let told: Vec<_> = causes(&history).into_iter().map(|(id, _)| id).collect();
    assert_eq!(told, ["Resize", "Bucket"]);
}

#[test]
fn a_hook_says_why_it_refused() {
    let history = history(
        OperationKind::Create,
        "0 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         1 | Bucket | AWS::S3::Bucket | CREATE_IN_PROGRESS | | Our::Rules::Hook: buckets have tags
         2 | Bucket | AWS::S3::Bucket | CREATE_FAILED | The following hook(s) failed: [Our::Rules::Hook]",
    );
    let told =
        "The following hook(s) failed: [Our::Rules::Hook] (Our::Rules::Hook: buckets have tags)";
    assert_eq!(causes(&history), [("Bucket".to_owned(), told.to_owned())]);
}

#[test]
fn the_stack_is_the_cause_where_no_resource_is() {
    let history = history(
        OperationKind::Create,
        "0 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         1 | photos | AWS::CloudFormation::Stack | CREATE_FAILED | Validation failed with 1 error(s). Call DescribeEvents to retrieve the full list
         2 | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | Validation failure detected.
         3 | photos | AWS::CloudFormation::Stack | ROLLBACK_COMPLETE |",
    );
    let causes = causes(&history);
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].0, "photos");
}

#[test]
fn a_failure_goes_on_as_a_rollback_until_it_rests() {
    let mut history = history(
        OperationKind::Create,
        "0 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         1 | photos | AWS::CloudFormation::Stack | CREATE_FAILED | Validation failed with 1 error(s).",
    );
    assert_eq!(
        history.progress(),
        Progress::Rests(StackStatus::CreateFailed)
    );
    history.add(events(
        "2 | photos | AWS::CloudFormation::Stack | ROLLBACK_IN_PROGRESS | Validation failure detected.",
    ));
    assert_eq!(history.progress(), Progress::Runs);
}

#[test]
fn what_another_operation_did_is_not_told() {
    let lines = "
        0 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
        1 | Role   | AWS::IAM::Role | UPDATE_COMPLETE |
        2 | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE_CLEANUP_IN_PROGRESS |
        3 | photos | AWS::CloudFormation::Stack | UPDATE_COMPLETE |
        9 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
        9 | Table  | AWS::DynamoDB::Table | UPDATE_FAILED | No";
    // The next operation may begin before anybody looks ...
    let mut late = History::new(OperationKind::Update);
    assert_eq!(late.add(events(lines)), 4);
    assert_eq!(
        late.progress(),
        Progress::Ended(StackStatus::UpdateComplete)
    );
    assert_eq!(late.causes(), []);
    // ... or between two looks.
    let mut all = events(lines);
    let rest = all.split_off(4);
    let mut early = History::new(OperationKind::Update);
    early.add(all);
    assert_eq!(
        early.progress(),
        Progress::Rests(StackStatus::UpdateComplete)
    );
    assert_eq!(early.add(rest), 0);
    assert_eq!(
        early.progress(),
        Progress::Ended(StackStatus::UpdateComplete)
    );
}

#[test]
fn what_blocks_a_rollback_is_told_beside_the_cause() {
    let history = history(
        OperationKind::Update,
        "0 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         1 | Role   | AWS::IAM::Role | UPDATE_COMPLETE |
         2 | Resize | AWS::Lambda::Function | UPDATE_FAILED | No such key
         3 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | The following resource(s) failed to update: [Resize].
         4 | Role   | AWS::IAM::Role | UPDATE_FAILED | The role was deleted
         5 | Resize | AWS::Lambda::Function | UPDATE_COMPLETE |
         6 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_FAILED | The following resource(s) failed to update: [Role].",
    );
    assert_eq!(
        causes(&history),
        [("Resize".to_owned(), "No such key".to_owned())]
    );
    let blocks = history.blocks();
    assert_eq!(blocks.len(), 1);
    assert_eq!(
        (blocks[0].logical_id.as_str(), blocks[0].message.as_str()),
        ("Role", "The role was deleted")
    );
    assert_eq!(history.rolled_back(), ["Resize"]);
    let status = StackStatus::UpdateRollbackFailed;
    assert_eq!(history.verdict(&status), Verdict::Stuck);
}

#[test]
fn a_cancelled_operation_has_no_cause() {
    let cancelled = history(
        OperationKind::Update,
        "0 | photos | AWS::CloudFormation::Stack | UPDATE_IN_PROGRESS | User Initiated
         1 | Role   | AWS::IAM::Role | UPDATE_IN_PROGRESS |
         2 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_IN_PROGRESS | User Initiated
         3 | Role   | AWS::IAM::Role | UPDATE_FAILED | Resource update cancelled
         4 | photos | AWS::CloudFormation::Stack | UPDATE_ROLLBACK_COMPLETE |",
    );
    assert_eq!(cancelled.causes(), []);
    assert!(cancelled.is_cancelled());
    let deleted = history(
        OperationKind::Create,
        "0 | photos | AWS::CloudFormation::Stack | CREATE_IN_PROGRESS | User Initiated
         2 | photos | AWS::CloudFormation::Stack | DELETE_IN_PROGRESS | User Initiated
         4 | photos | AWS::CloudFormation::Stack | DELETE_COMPLETE |",
    );
    assert!(deleted.is_cancelled());
    let status = StackStatus::DeleteComplete;
    assert_eq!(deleted.progress(), Progress::Rests(status.clone()));
    assert_eq!(deleted.verdict(&status), Verdict::RolledBack);
}

#[test]
fn a_deletion_that_fails_has_its_causes() {
    let history = history(
        OperationKind::Delete,
        "0 | photos | AWS::CloudFormation::Stack | DELETE_IN_PROGRESS | User Initiated
         1 | Role   | AWS::IAM::Role  | DELETE_COMPLETE |
         2 | Bucket | AWS::S3::Bucket | DELETE_FAILED | The bucket you tried to delete is not empty
         3 | photos | AWS::CloudFormation::Stack | DELETE_FAILED | The following resource(s) failed to delete: [Bucket].",
    );
    assert_eq!(causes(&history).len(), 1);
    assert_eq!(history.blocks(), []);
    assert_eq!(history.rolled_back(), ["Role"]);
    assert!(!history.is_cancelled());
}

#[test]
fn each_kind_of_operation_has_ends_of_its_own() {
    use OperationKind::{ContinueRollback, Create, Delete, Import, Rollback, Update};
    use Verdict::{Deleted, RolledBack, Stuck, Succeeded};
    for (kind, status, verdict) in [
        (Create, "CREATE_COMPLETE", Succeeded),
        (Create, "ROLLBACK_COMPLETE", RolledBack),
        (Create, "DELETE_COMPLETE", RolledBack),
        (Create, "CREATE_FAILED", Stuck),
        (Create, "ROLLBACK_FAILED", Stuck),
        (Create, "DELETE_FAILED", Stuck),
        (Update, "UPDATE_COMPLETE", Succeeded),
        (Update, "UPDATE_ROLLBACK_COMPLETE", RolledBack),
        (Update, "UPDATE_ROLLBACK_FAILED", Stuck),
        (Update, "UPDATE_FAILED", Stuck),
        (Delete, "DELETE_COMPLETE", Deleted),
        (Delete, "DELETE_FAILED", Stuck),
        (ContinueRollback, "UPDATE_ROLLBACK_COMPLETE", Succeeded),
        (ContinueRollback, "UPDATE_ROLLBACK_FAILED", Stuck),
        (Rollback, "ROLLBACK_COMPLETE", Succeeded),
        (Rollback, "UPDATE_ROLLBACK_COMPLETE", Succeeded),
        (Rollback, "ROLLBACK_FAILED", Stuck),
        (Import, "IMPORT_COMPLETE", Succeeded),
        (Import, "IMPORT_ROLLBACK_COMPLETE", RolledBack),
        (Import, "IMPORT_ROLLBACK_FAILED", Stuck),
        (Update, "SOMETHING_NEW", Stuck),
    ] {
        let history = History::new(kind);
        assert_eq!(
            history.verdict(&StackStatus::from(status)),
            verdict,
            "{kind:?} {status}"
        );
    }
}

#[test]
fn a_time_is_of_one_thing_that_happened_to_a_resource() {
    let history = history(OperationKind::Create, FAILED_CREATION);
    let took = |id: &str, status: &str| {
        let events = history.events().iter();
        let mut events = events.filter(|event| event.logical_id == id && event.status == status);
        history.took(events.next().expect("an event"))
    };
    assert_eq!(
        took("Bucket", "CREATE_FAILED"),
        Some(Duration::from_secs(2))
    );
    assert_eq!(
        took("Role", "DELETE_COMPLETE"),
        Some(Duration::from_secs(2))
    );
    assert_eq!(
        took("Bucket", "DELETE_COMPLETE"),
        None,
        "nobody said when it began"
    );
}

#[test]
fn what_runs_is_what_is_waited_for() {
    let lines: Vec<_> = FAILED_CREATION.lines().take(8).collect();
    let history = history(OperationKind::Create, &lines.join("\n"));
    let running: Vec<_> = history
        .running()
        .iter()
        .map(|event| event.logical_id.as_str())
        .collect();
    assert_eq!(running, ["Table", "Role"]);
}
