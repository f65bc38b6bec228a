//! Where operations begin in a list of events.

use super::{Mark, OperationKind, StackEvent, beginning};

const STACK: &str = "arn:aws:cloudformation:eu-west-1:123456789012:stack/photos/6a19c4b4";

/// Events of the stack, the newest first: status and reason. `resource` is one of another thing.
fn events(lines: &[(&str, &str)]) -> Vec<StackEvent> {
    let event = |(number, (status, reason)): (usize, &(&str, &str))| StackEvent {
        id: number.to_string(),
        time: None,
        logical_id: "photos".to_owned(),
        physical_id: (*reason != "resource").then(|| STACK.to_owned()),
        resource_type: String::new(),
        status: (*status).to_owned(),
        reason: Some((*reason).to_owned()),
        hook: None,
        token: None,
        stack_id: STACK.to_owned(),
    };
    lines.iter().enumerate().map(event).collect()
}

/// The kind of the last operation, and the event before it.
fn last(lines: &[(&str, &str)]) -> Option<(OperationKind, Option<String>)> {
    let operation = beginning(&events(lines), true)?;
    assert_eq!(operation.stack_id, STACK);
    let Mark(mark) = operation.mark;
    Some((operation.kind, mark))
}

const USER: &str = "User Initiated";

#[test]
fn an_operation_begins_where_someone_asked_for_it() {
    use OperationKind::{ContinueRollback, Create, Delete, Rollback, Update};
    for (lines, kind, mark) in [
        (
            &[
                ("CREATE_COMPLETE", ""),
                ("CREATE_COMPLETE", "resource"),
                ("CREATE_IN_PROGRESS", USER),
                ("REVIEW_IN_PROGRESS", USER),
            ][..],
            Create,
            Some("3"),
        ),
        (
            // What CloudFormation does by itself belongs to the update; what was before does not.
            &[
                ("UPDATE_ROLLBACK_COMPLETE", ""),
                ("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", ""),
                (
                    "UPDATE_ROLLBACK_IN_PROGRESS",
                    "The following resource(s) failed to update: [Role].",
                ),
                ("UPDATE_IN_PROGRESS", USER),
                ("CREATE_COMPLETE", ""),
                ("CREATE_IN_PROGRESS", USER),
            ],
            Update,
            Some("4"),
        ),
        (
            // Cancelled by a person, and still the update.
            &[
                ("UPDATE_ROLLBACK_IN_PROGRESS", USER),
                ("UPDATE_IN_PROGRESS", USER),
                ("CREATE_COMPLETE", ""),
            ],
            Update,
            Some("2"),
        ),
        (
            // Refused before anything was done, and rolled back by CloudFormation.
            &[
                ("ROLLBACK_COMPLETE", ""),
                ("ROLLBACK_IN_PROGRESS", "Validation failure detected."),
                ("CREATE_FAILED", "Validation failed"),
                ("CREATE_IN_PROGRESS", ""),
            ],
            Create,
            None,
        ),
        (
            &[
                ("UPDATE_ROLLBACK_IN_PROGRESS", USER),
                (
                    "UPDATE_ROLLBACK_FAILED",
                    "The following resource(s) failed to update: [Role].",
                ),
                ("UPDATE_ROLLBACK_IN_PROGRESS", ""),
                ("UPDATE_IN_PROGRESS", USER),
            ],
            ContinueRollback,
            Some("1"),
        ),
        (
            &[
                ("ROLLBACK_IN_PROGRESS", USER),
                ("CREATE_FAILED", ""),
                ("CREATE_IN_PROGRESS", USER),
            ],
            Rollback,
            Some("1"),
        ),
        (
            &[
                ("DELETE_IN_PROGRESS", ""),
                ("DELETE_IN_PROGRESS", USER),
                ("CREATE_COMPLETE", ""),
            ],
            Delete,
            Some("2"),
        ),
    ] {
        assert_eq!(
            last(lines),
            Some((kind, mark.map(str::to_owned))),
            "{lines:?}"
        );
    }
}

#[test]
fn a_stack_in_review_had_no_operation() {
    assert_eq!(last(&[("REVIEW_IN_PROGRESS", USER)]), None);
    assert_eq!(last(&[]), None);
}

#[test]
fn a_page_that_may_begin_within_an_operation_is_not_enough() {
    let page = events(&[
        ("UPDATE_ROLLBACK_IN_PROGRESS", USER),
        ("UPDATE_IN_PROGRESS", "resource"),
    ]);
    assert_eq!(beginning(&page, false), None);
}
