//! Values that are too long for a line: what differs of them, and how long they are.

use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use super::value::{plain, written};
use crate::plan::Difference;
use crate::plan::values::document;

/// Characters that are shown around what differs.
const AROUND: usize = 20;

/// What is shown of a value that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// It comes.
    New(String),
    /// It goes.
    Gone(String),
    /// It becomes another.
    Changed(String, String),
    /// A text of several lines: those that go, come and stay.
    Lines(Vec<(ChangeTag, String)>),
    /// It becomes another, or may; values are not known.
    Itself(&'static str),
}

/// What to show of a difference, with values of at most so many characters.
pub(super) fn shown(difference: &Difference, width: usize) -> Shown {
    let text = |value: &Json| document(value).is_none().then(|| plain(value));
    match (&difference.before, &difference.after) {
        (None, None) if difference.known_later => Shown::Itself("may change"),
        (None, None) => Shown::Itself("changes"),
        (None, Some(after)) => Shown::New(cut(&written(after), width)),
        (Some(before), None) if difference.known_later => Shown::Changed(
            cut(&written(before), width),
            "(known after the deployment)".to_owned(),
        ),
        (Some(before), None) => Shown::Gone(cut(&written(before), width)),
        (Some(before), Some(after)) => {
            if let (Some(old), Some(new)) = (text(before), text(after))
                && (old.contains('\n') || new.contains('\n'))
            {
                return Shown::Lines(lines(&old, &new, width));
            }
            let (mut old, mut new) = (written(before), written(after));
            if old == new {
                // The number 1 and the text 1, a reference and the text of one.
                (old, new) = (visible(&before.to_string()), visible(&after.to_string()));
            }
            let (old, new) = both(&old, &new, width);
            Shown::Changed(old, new)
        }
    }
}

/// The lines that differ, each with a line around it.
fn lines(before: &str, after: &str, width: usize) -> Vec<(ChangeTag, String)> {
    let diff = TextDiff::from_lines(before, after);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(1) {
        for op in group {
            for change in diff.iter_changes(&op) {
                let line = change.value().trim_end_matches(['\n', '\r']);
                lines.push((change.tag(), cut(&visible(line), width)));
            }
        }
    }
    lines
}

/// Both values, cut to where they differ.
fn both(before: &str, after: &str, width: usize) -> (String, String) {
    let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
    if old.len() <= width && new.len() <= width {
        return (before.to_owned(), after.to_owned());
    }
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let shorter = old.len().min(new.len());
    let end = old.iter().rev().zip(new.iter().rev());
    let end = end.take_while(|(a, b)| a == b).count().min(shorter - start);
    let part = |text: &[char]| {
        let from = start.saturating_sub(AROUND);
        let to = (text.len() - end + AROUND).min(text.len());
        // A long value in the middle is cut as well.
        let to = to.min(from + 2 * width);
        let left = if from > 0 { "…" } else { "" };
        let right = if to < text.len() { "…" } else { "" };
        let middle: String = text[from..to].iter().collect();
        let length = if left.is_empty() && right.is_empty() {
            String::new()
        } else {
            format!(" ({} characters)", thousands(text.len()))
        };
        format!("{left}{middle}{right}{length}")
    };
    (part(&old), part(&new))
}

/// The start of a value, and its length if it is longer.
pub(super) fn cut(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let start: String = text.chars().take(width).collect();
    format!("{start}… ({} characters)", thousands(length))
}

/// A number with commas.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The text with what a terminal would obey written out.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters that reorder or hide the text around them: a value must not be able to look like another.
///
/// Source: <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_to_where_it_differs() {
        let text = |middle: &str| format!("{}{middle}{}", "a".repeat(500), "b".repeat(500));
        let (a, b) = ("a".repeat(AROUND), "b".repeat(AROUND));
        let (old, new) = both(&text("old"), &text("new!"), 60);
        assert_eq!(old, format!("…{a}old{b}… (1,003 characters)"));
        assert_eq!(new, format!("…{a}new!{b}… (1,004 characters)"));
    }

    #[test]
    fn a_value_that_only_grows_is_told_apart() {
        let (old, new) = both(&"a".repeat(70), &"a".repeat(71), 60);
        assert_eq!(old, format!("…{} (70 characters)", "a".repeat(AROUND)));
        assert_eq!(new, format!("…{} (71 characters)", "a".repeat(AROUND + 1)));
    }

    #[test]
    fn a_number_is_told_from_its_text() {
        let difference = Difference {
            path: "MemorySize".to_owned(),
            before: Some("1".into()),
            after: Some(1.into()),
            known_later: false,
            requires_recreation: None,
            cause: None,
        };
        let expected = Shown::Changed("\"1\"".to_owned(), "1".to_owned());
        assert_eq!(shown(&difference, 60), expected);
    }

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{202e}c\td"),
            "a\\u{1b}[31mb\\u{202e}c\\td"
        );
    }
}
