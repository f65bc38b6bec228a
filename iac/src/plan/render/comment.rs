//! A comment on a pull request, which grows piece by piece as long as it fits.

use similar::ChangeTag;

use super::excerpt::{Shown, cut, shown, visible};
use super::grants::sentences;
use super::words::{aside, fate, happens, verdict};
use crate::plan::{Access, Change, Difference, Risk, ValueChange};

/// Bytes of a comment: never fewer than its characters, however those are counted.
const LIMIT: usize = 65_536;
/// Bytes kept for the words about what was cut.
const RESERVE: usize = 512;
/// Longest value that is shown whole, in characters.
const WIDTH: usize = 200;
/// Longest sentence or name, in characters.
const SENTENCE: usize = 600;
/// Most sentences about permissions, and most lines of the values of one resource.
const MOST_SENTENCES: usize = 60;
const MOST_LINES: usize = 120;

/// A comment that grows piece by piece as long as it fits.
#[derive(Default)]
pub(super) struct Comment {
    out: String,
    left_out: usize,
}

impl Comment {
    /// Adds a piece, if it fits. Nothing comes after a piece that did not fit but what is smaller.
    pub(super) fn add(&mut self, piece: &str) {
        if self.out.len() + piece.len() + RESERVE <= LIMIT {
            self.out.push_str(piece);
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn data(&mut self, changes: &[Change]) {
        let mut title = "\n**Data**\n\n";
        for change in changes.iter().filter(|change| change.risk == Risk::Data) {
            self.add(std::mem::take(&mut title));
            let id = code(&change.logical_id);
            if let Some(data) = &change.data {
                let (word, _) = fate(data.fate);
                self.add(&format!("- {id} **{word}**: {}\n", escaped(&data.words)));
            }
            for note in &change.notes {
                self.add(&format!("- {id}: {}\n", escaped(note)));
            }
        }
    }

    pub(super) fn access(&mut self, access: &Access) {
        let (word, _) = verdict(access.verdict);
        self.add(&format!("\n**Permissions: {word}**\n\n"));
        let gained = sentences(&access.gained)
            .into_iter()
            .map(|sentence| ("new", sentence));
        let lost = sentences(&access.lost)
            .into_iter()
            .map(|sentence| ("gone", sentence));
        let unsure = access
            .unsure
            .iter()
            .map(|sentence| ("unsure", sentence.clone()));
        let all: Vec<_> = gained.chain(unsure).chain(lost).collect();
        for (word, sentence) in all.iter().take(MOST_SENTENCES) {
            self.add(&format!("- {word}: {}\n", code(sentence)));
        }
        if all.len() > MOST_SENTENCES {
            let more = all.len() - MOST_SENTENCES;
            self.add(&format!("- and {more} more\n"));
        }
    }

    pub(super) fn notes(&mut self, notes: &[String], changes: &[Change]) {
        let mut title = "\n**Notes**\n\n";
        for note in notes {
            self.add(std::mem::take(&mut title));
            self.add(&format!("- {}\n", escaped(note)));
        }
        for change in changes.iter().filter(|change| change.risk != Risk::Data) {
            for note in &change.notes {
                self.add(std::mem::take(&mut title));
                self.add(&format!(
                    "- {}: {}\n",
                    code(&change.logical_id),
                    escaped(note)
                ));
            }
        }
    }

    pub(super) fn table(&mut self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        self.add("\n| | Resource | Type | |\n|---|---|---|---|\n");
        for change in changes {
            let (word, _) = happens(change);
            let mut says = Vec::new();
            says.extend(
                change
                    .data
                    .as_ref()
                    .map(|data| fate(data.fate).0.to_owned()),
            );
            says.extend(
                change
                    .access
                    .as_ref()
                    .map(|access| format!("permissions: {}", verdict(access.verdict).0)),
            );
            self.add(&format!(
                "| {word} | {} | {} | {} |\n",
                cell(&code(&change.logical_id)),
                cell(&escaped(&change.resource_type)),
                says.join(", ")
            ));
        }
    }

    pub(super) fn values(&mut self, title: &str, changes: &[ValueChange]) {
        if !changes.is_empty() {
            let differences: Vec<_> = changes.iter().map(Difference::from).collect();
            self.details(title, &differences);
        }
    }

    /// A block for each resource.
    pub(super) fn each(&mut self, changes: &[Change]) {
        for change in changes {
            let (word, _) = happens(change);
            let values = match change.differences.len() {
                0 => continue,
                1 => "1 value".to_owned(),
                count => format!("{count} values"),
            };
            let summary = format!("{word} {}: {values}", change.logical_id);
            self.details(&summary, &change.differences);
        }
    }

    /// A block that opens when someone wants to see it.
    pub(super) fn details(&mut self, summary: &str, differences: &[Difference]) {
        let mut lines: Vec<String> = differences.iter().flat_map(lines).collect();
        if lines.len() > MOST_LINES {
            let more = lines.len() - MOST_LINES;
            lines.truncate(MOST_LINES);
            lines.push(format!("  ... and {more} more lines"));
        }
        let body = lines.join("\n");
        let fence = fence(&body);
        let summary = escaped(summary);
        self.add(&format!(
            "\n<details><summary>{summary}</summary>\n\n{fence}diff\n{body}\n{fence}\n\n</details>\n"
        ));
    }

    pub(super) fn end(mut self, stack: &str) -> String {
        if self.left_out > 0 {
            let stack: String = stack
                .chars()
                .filter(|c| !c.is_control())
                .take(128)
                .collect();
            self.out.push_str(&format!(
                "\n{} parts did not fit into this comment: the digest covers them, and a plan of {} printed as text or JSON has them.\n",
                self.left_out,
                code(&stack)
            ));
        }
        self.out
    }
}

/// The lines of a difference, as a diff has them.
fn lines(difference: &Difference) -> Vec<String> {
    let path = cut(&visible(&difference.path), SENTENCE);
    let aside = visible(&aside(difference));
    match shown(difference, WIDTH) {
        Shown::New(value) => vec![format!("+ {path}: {value}{aside}")],
        Shown::Gone(value) => vec![format!("- {path}: {value}{aside}")],
        Shown::Changed(before, after) => vec![
            format!("- {path}: {before}"),
            format!("+ {path}: {after}{aside}"),
        ],
        Shown::Itself(words) => vec![format!("  {path} {words}{aside}")],
        Shown::Lines(changed) => {
            let head = format!("  {path}:{aside}");
            let changed = changed.into_iter().map(|(tag, line)| {
                let mark = match tag {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                format!("{mark}   {line}")
            });
            std::iter::once(head).chain(changed).collect()
        }
    }
}

/// A fence that nothing in the text closes.
fn fence(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest.max(2) + 1)
}

/// The text as code, whatever is in it.
fn code(text: &str) -> String {
    let text = cut(&visible(text), SENTENCE);
    if text.contains('`') {
        let fence = fence(&text);
        format!("{fence} {text} {fence}")
    } else {
        format!("`{text}`")
    }
}

/// A sentence in which nothing is taken for HTML.
pub(super) fn escaped(text: &str) -> String {
    cut(&visible(text), SENTENCE)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
