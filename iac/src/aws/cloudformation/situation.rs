//! What a stack's status allows.

/// What can be done with a stack now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Situation {
    /// There is none, or it is deleted: it can be created.
    Absent,
    /// It has change sets and nothing else (`REVIEW_IN_PROGRESS`).
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
    /// A status that this build does not know.
    Unknown(String),
}

/// What an operation that runs is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// The stack is created.
    Creating,
    /// The stack is updated.
    Updating,
    /// An update is done; what it replaced is deleted.
    CleaningUp,
    /// A failed or cancelled creation or update is undone.
    RollingBack,
    /// The stack is deleted.
    Deleting,
    /// Resources are taken into the stack.
    Importing,
}
