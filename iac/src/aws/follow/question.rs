//! The question after Ctrl-C, and the answer to it.

use std::io::{BufRead as _, IsTerminal as _};

use aws_sdk_cloudformation::types::StackStatus;
use tokio::sync::mpsc;

use crate::aws::cloudformation::OperationKind;

/// What a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The operation goes on, the command ends.
    Detach,
    /// The operation is cancelled.
    Cancel,
    /// Both go on.
    GoOn,
}

/// How an operation can be cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancellation {
    /// An update is undone.
    RollBack,
    /// A stack that is being created is deleted.
    Delete,
}

/// How an operation can be cancelled at this moment; `None` if it cannot.
pub(super) fn cancellation(
    kind: OperationKind,
    status: Option<&StackStatus>,
) -> Option<Cancellation> {
    match (kind, status?) {
        (OperationKind::Update, StackStatus::UpdateInProgress) => Some(Cancellation::RollBack),
        (OperationKind::Create, StackStatus::CreateInProgress) => Some(Cancellation::Delete),
        _ => None,
    }
}

/// The question, ready to be printed; the answer is typed behind it.
pub(super) fn question(kind: OperationKind, stack: &str, how: Option<Cancellation>) -> String {
    let noun = kind.noun();
    let cancel = match how {
        None => String::new(),
        Some(Cancellation::RollBack) => "\n  c  cancel it: what it did so far is undone".to_owned(),
        Some(Cancellation::Delete) => format!(
            "\n  c  cancel it: the stack {stack} is deleted, with everything that was created so far"
        ),
    };
    format!(
        "\nThe {noun} of {stack} runs in AWS, with or without this command:\n  \
         d  detach: let it go on and end this command{cancel}\n  \
         g  go on following\n\
         d, {}g, and Enter (Ctrl-C again detaches): ",
        if how.is_some() { "c, " } else { "" }
    )
}

/// What a line says; `None` if it says nothing.
pub(super) fn answer(line: &str, how: Option<Cancellation>) -> Option<Answer> {
    match line.trim().to_ascii_lowercase().as_str() {
        "d" | "detach" => Some(Answer::Detach),
        "c" | "cancel" if how.is_some() => Some(Answer::Cancel),
        "g" | "go on" => Some(Answer::GoOn),
        _ => None,
    }
}

/// Lines that a person types. They are read by a thread of their own, so that nothing waits for them.
#[derive(Debug, Default)]
pub(super) struct Typed(Option<mpsc::UnboundedReceiver<String>>);

impl Typed {
    /// Whether there is a person to ask.
    pub(super) fn is_possible() -> bool {
        std::io::stdin().is_terminal()
    }

    /// Begins to listen, at the first question.
    pub(super) fn listen(&mut self) {
        if self.0.is_some() {
            return;
        }
        let (sender, receiver) = mpsc::unbounded_channel();
        self.0 = Some(receiver);
        // Ends with the process: a read from a terminal cannot be called off.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }

    /// The next line; `None` once nobody can type any more. Waits forever before the first question.
    pub(super) async fn line(&mut self) -> Option<String> {
        match &mut self.0 {
            Some(lines) => lines.recv().await,
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::StackStatus;

    use super::{Answer, Cancellation, answer, cancellation, question};
    use crate::aws::cloudformation::OperationKind;

    #[test]
    fn only_what_can_be_cancelled_is_offered() {
        use OperationKind::{Create, Delete, Update};
        for (kind, status, how) in [
            (
                Update,
                StackStatus::UpdateInProgress,
                Some(Cancellation::RollBack),
            ),
            // It is being undone, or it is done.
            (Update, StackStatus::UpdateRollbackInProgress, None),
            (Update, StackStatus::UpdateCompleteCleanupInProgress, None),
            (
                Create,
                StackStatus::CreateInProgress,
                Some(Cancellation::Delete),
            ),
            (Create, StackStatus::RollbackInProgress, None),
            (Create, StackStatus::DeleteInProgress, None),
            (Delete, StackStatus::DeleteInProgress, None),
        ] {
            assert_eq!(
                cancellation(kind, Some(&status)),
                how,
                "{kind:?} {status:?}"
            );
            let question = question(kind, "photos", how);
            assert_eq!(question.contains("\n  c  cancel"), how.is_some());
            assert_eq!(answer("c", how).is_some(), how.is_some());
        }
        assert_eq!(cancellation(Update, None), None);
    }

    #[test]
    fn cancelling_a_creation_says_that_it_deletes() {
        let question = question(OperationKind::Create, "photos", Some(Cancellation::Delete));
        assert!(
            question.contains("the stack photos is deleted"),
            "{question}"
        );
    }

    #[test]
    fn answers_are_letters_or_words() {
        for (line, said) in [
            ("d", Some(Answer::Detach)),
            (" Detach ", Some(Answer::Detach)),
            ("C", Some(Answer::Cancel)),
            ("g", Some(Answer::GoOn)),
            ("", None),
            ("yes", None),
        ] {
            assert_eq!(answer(line, Some(Cancellation::RollBack)), said, "{line:?}");
        }
    }
}
