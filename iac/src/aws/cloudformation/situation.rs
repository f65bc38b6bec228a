//! What a stack's status allows.

use aws_sdk_cloudformation::types::StackStatus;

/// What can be done with a stack now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Situation {
    /// There is none, or it is deleted: it can be created.
    Absent,
    /// It has change sets and nothing else (`REVIEW_IN_PROGRESS`): it can be created.
    InReview,
    /// It can be updated or deleted.
    Ready,
    /// An operation runs.
    Busy(Activity),
    /// Its creation failed (`ROLLBACK_COMPLETE`, `ROLLBACK_FAILED`, `CREATE_FAILED`): it can only be
    /// deleted.
    RolledBack,
    /// An update failed and was left as it was (`UPDATE_FAILED`): it is rolled back, or updated again.
    UpdateFailed,
    /// The rollback of an update failed: it is continued, or the stack deleted.
    UpdateRollbackFailed,
    /// The rollback of an import failed: a person looks at it.
    ImportRollbackFailed,
    /// A deletion failed: it is tried again.
    DeleteFailed,
    /// A status that this program does not know.
    Unknown(String),
}

/// What an operation that runs is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// The stack is created.
    Creating,
    /// The stack is updated.
    Updating,
    /// An update is done, or undone; what is left over is deleted.
    CleaningUp,
    /// A failed or cancelled creation or update is undone.
    RollingBack,
    /// The stack is deleted.
    Deleting,
    /// Resources are taken into the stack.
    Importing,
}

impl Situation {
    /// What a status allows.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
    pub fn of(status: &StackStatus) -> Self {
        match status {
            StackStatus::DeleteComplete => Self::Absent,
            StackStatus::ReviewInProgress => Self::InReview,
            StackStatus::CreateComplete
            | StackStatus::UpdateComplete
            | StackStatus::UpdateRollbackComplete
            | StackStatus::ImportComplete
            | StackStatus::ImportRollbackComplete => Self::Ready,
            StackStatus::CreateInProgress => Self::Busy(Activity::Creating),
            StackStatus::UpdateInProgress => Self::Busy(Activity::Updating),
            StackStatus::UpdateCompleteCleanupInProgress
            | StackStatus::UpdateRollbackCompleteCleanupInProgress => {
                Self::Busy(Activity::CleaningUp)
            }
            StackStatus::RollbackInProgress
            | StackStatus::UpdateRollbackInProgress
            | StackStatus::ImportRollbackInProgress => Self::Busy(Activity::RollingBack),
            StackStatus::DeleteInProgress => Self::Busy(Activity::Deleting),
            StackStatus::ImportInProgress => Self::Busy(Activity::Importing),
            StackStatus::RollbackComplete
            | StackStatus::RollbackFailed
            | StackStatus::CreateFailed => Self::RolledBack,
            StackStatus::UpdateFailed => Self::UpdateFailed,
            StackStatus::UpdateRollbackFailed => Self::UpdateRollbackFailed,
            StackStatus::ImportRollbackFailed => Self::ImportRollbackFailed,
            StackStatus::DeleteFailed => Self::DeleteFailed,
            other => Self::Unknown(other.as_str().to_owned()),
        }
    }

    /// Whether an operation runs.
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackStatus;

    use super::{Activity, Situation};

    /// Every status that CloudFormation has; a new one in the SDK fails the test below.
    const TABLE: [(&str, Situation); 23] = [
        ("CREATE_COMPLETE", Situation::Ready),
        ("CREATE_FAILED", Situation::RolledBack),
        ("CREATE_IN_PROGRESS", Situation::Busy(Activity::Creating)),
        ("DELETE_COMPLETE", Situation::Absent),
        ("DELETE_FAILED", Situation::DeleteFailed),
        ("DELETE_IN_PROGRESS", Situation::Busy(Activity::Deleting)),
        ("IMPORT_COMPLETE", Situation::Ready),
        ("IMPORT_IN_PROGRESS", Situation::Busy(Activity::Importing)),
        ("IMPORT_ROLLBACK_COMPLETE", Situation::Ready),
        ("IMPORT_ROLLBACK_FAILED", Situation::ImportRollbackFailed),
        (
            "IMPORT_ROLLBACK_IN_PROGRESS",
            Situation::Busy(Activity::RollingBack),
        ),
        ("REVIEW_IN_PROGRESS", Situation::InReview),
        ("ROLLBACK_COMPLETE", Situation::RolledBack),
        ("ROLLBACK_FAILED", Situation::RolledBack),
        (
            "ROLLBACK_IN_PROGRESS",
            Situation::Busy(Activity::RollingBack),
        ),
        ("UPDATE_COMPLETE", Situation::Ready),
        (
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            Situation::Busy(Activity::CleaningUp),
        ),
        ("UPDATE_FAILED", Situation::UpdateFailed),
        ("UPDATE_IN_PROGRESS", Situation::Busy(Activity::Updating)),
        ("UPDATE_ROLLBACK_COMPLETE", Situation::Ready),
        (
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
            Situation::Busy(Activity::CleaningUp),
        ),
        ("UPDATE_ROLLBACK_FAILED", Situation::UpdateRollbackFailed),
        (
            "UPDATE_ROLLBACK_IN_PROGRESS",
            Situation::Busy(Activity::RollingBack),
        ),
    ];

    #[test]
    fn every_status_has_a_situation() {
        for (status, situation) in TABLE {
            assert_eq!(
                Situation::of(&StackStatus::from(status)),
                situation,
                "{status}"
            );
        }
        let mut known: Vec<_> = StackStatus::values().to_vec();
        known.sort_unstable();
        assert_eq!(known, TABLE.map(|(status, _)| status));
    }

    #[test]
    fn a_status_of_the_future_is_told_as_it_is() {
        let situation = Situation::of(&StackStatus::from("ARCHIVE_IN_PROGRESS"));
        assert_eq!(
            situation,
            Situation::Unknown("ARCHIVE_IN_PROGRESS".to_owned())
        );
    }

    #[test]
    fn what_is_busy_is_in_progress() {
        for (status, situation) in TABLE {
            let busy = status.ends_with("_IN_PROGRESS") && status != "REVIEW_IN_PROGRESS";
            assert_eq!(situation.is_busy(), busy, "{status}");
        }
    }
}
