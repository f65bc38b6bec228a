//! Questions at a terminal.

use std::io::{IsTerminal as _, Write as _};

use tokio::sync::oneshot;

use crate::aws::{AwsError, Interrupt};
use crate::output::OutputFormat;

/// Whether there is a person to ask: one who types, and reads what is asked.
pub(in crate::aws) fn is_possible(format: OutputFormat) -> bool {
    format == OutputFormat::Text
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal()
}

/// Asks a question that is answered by yes or no. What is no clear yes is a no.
///
/// # Errors
/// Ctrl-C instead of an answer.
pub(super) async fn ask(question: &str, interrupt: &mut Interrupt) -> Result<bool, AwsError> {
    let answer = line(&format!("{question} [y/N] "), interrupt).await?;
    Ok(is_yes(&answer))
}

/// Asks a question that is answered by a line; what cannot be read is an empty one.
///
/// # Errors
/// Ctrl-C instead of an answer.
pub(in crate::aws) async fn line(
    question: &str,
    interrupt: &mut Interrupt,
) -> Result<String, AwsError> {
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
    let (sender, receiver) = oneshot::channel();
    // Ends with the line, or with the process: a read from a terminal cannot be called off.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        let _ = sender.send(read.map(|_| line).unwrap_or_default());
    });
    tokio::select! {
        answer = receiver => Ok(answer.unwrap_or_default()),
        _ = interrupt.received() => {
            let _ = writeln!(stderr);
            Err(AwsError::Interrupted("nothing was changed".to_owned()))
        }
    }
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_yes_is_yes() {
        for line in ["y\n", " YES \n"] {
            assert!(is_yes(line), "{line:?}");
        }
        for line in ["", "\n", "n\n", "yeah\n", "yy\n"] {
            assert!(!is_yes(line), "{line:?}");
        }
    }
}
