//! What a terminal shows, line by line.

use std::fmt::Write as _;

use similar::ChangeTag;

use super::excerpt::{Shown, cut, shown, visible};
use super::grants::sentences;
use super::paint::{Paint, Role};
use super::value::written;
use super::words::{aside, fate, happens, verdict};
use crate::plan::{Access, Change, Difference, Risk, ValueChange};

/// Widest column that the values of a resource are lined up at.
const COLUMN: usize = 56;
/// Longest value that is shown whole, in characters.
const WIDTH: usize = 72;
/// Most lines that are shown of the values of one resource.
const MOST_LINES: usize = 60;
/// Characters in a line that lists names.
const LINE: usize = 100;

/// A text that grows line by line.
pub(super) struct Writer {
    out: String,
    paint: Paint,
}

impl Writer {
    pub(super) const fn new(color: bool) -> Self {
        Self {
            out: String::new(),
            paint: Paint(color),
        }
    }

    pub(super) fn end(self) -> String {
        self.out
    }

    pub(super) fn line(&mut self, line: &str) {
        // A String takes everything.
        let _ = writeln!(self.out, "{}", line.trim_end());
    }

    pub(super) fn title(&mut self, title: &str) {
        let title = self.paint.paint(Role::Title, &visible(title));
        self.line(&title);
    }

    pub(super) fn section(&mut self, title: &str, role: Role) {
        let title = self.paint.paint(role, title);
        self.line("");
        self.line(&title);
    }

    /// All changes, in sections by their risk. Of a new stack, what is added by type.
    pub(super) fn changes(&mut self, changes: &[Change], access: Option<&Access>, new: bool) {
        let of = |risk| changes.iter().filter(move |change| change.risk == risk);
        if of(Risk::Data).next().is_some() {
            self.section("Data", Role::Bad);
            of(Risk::Data).for_each(|change| self.change(change));
        }
        let permissions: Vec<_> = of(Risk::Access).collect();
        if let Some(access) = access {
            if new {
                self.section("Permissions of the new stack", Role::Title);
            } else {
                let (word, role) = verdict(access.verdict);
                self.section(&format!("Permissions: {word}"), role);
            }
            self.access(access, new);
        } else if !permissions.is_empty() {
            self.section("Permissions: the same in the stack as a whole", Role::Aside);
        }
        if new {
            self.section("Resources", Role::Title);
            self.by_type(changes);
            return;
        }
        if !permissions.is_empty() {
            permissions.iter().for_each(|change| self.change(change));
        }
        if of(Risk::Other).next().is_some() {
            self.section("Other changes", Role::Title);
            of(Risk::Other).for_each(|change| self.change(change));
        }
    }

    fn access(&mut self, access: &Access, new: bool) {
        for (mark, role, grants) in [
            ("+", Role::Bad, &access.gained),
            ("-", Role::Good, &access.lost),
        ] {
            for sentence in sentences(grants) {
                // In a new stack there is nothing that anything could be more or less than.
                let mark = if new {
                    String::new()
                } else {
                    format!("{} ", self.paint.paint(role, mark))
                };
                self.line(&format!("  {mark}{}", visible(&sentence)));
            }
        }
        for sentence in &access.unsure {
            let mark = self.paint.paint(Role::Changed, "?");
            self.line(&format!("  {mark} {}", visible(sentence)));
        }
    }

    /// A line or more for each type, with the names of its resources.
    fn by_type(&mut self, changes: &[Change]) {
        let mut types: Vec<(&str, Vec<&str>)> = Vec::new();
        for change in changes {
            match types
                .iter_mut()
                .find(|(kind, _)| *kind == change.resource_type)
            {
                Some((_, ids)) => ids.push(&change.logical_id),
                None => types.push((&change.resource_type, vec![&change.logical_id])),
            }
        }
        types.sort_unstable();
        let width = types
            .iter()
            .map(|(kind, _)| kind.chars().count())
            .max()
            .unwrap_or(0);
        for (kind, ids) in types {
            let mut line = format!("  add  {kind:<width$}  ");
            let indent = line.chars().count();
            for (index, id) in ids.iter().enumerate() {
                if index > 0 {
                    line.push(',');
                    if line.chars().count() + id.chars().count() > LINE {
                        self.line(&line);
                        line = " ".repeat(indent);
                    } else {
                        line.push(' ');
                    }
                }
                line.push_str(&visible(id));
            }
            self.line(&line);
        }
    }

    fn change(&mut self, change: &Change) {
        let (word, role) = happens(change);
        let word = self.paint.padded(role, word, 8);
        let id = self
            .paint
            .padded(Role::Title, &visible(&change.logical_id), 28);
        let kind = visible(&change.resource_type);
        let mut line = format!("  {word}  {id}  {kind}");
        if let Some(data) = &change.data {
            let (word, role) = fate(data.fate);
            line = format!("{line}  {}", self.paint.paint(role, word));
        }
        if let Some(access) = &change.access {
            let (word, role) = verdict(access.verdict);
            line = format!("{line}  {}", self.paint.paint(role, word));
        }
        self.line(&line);
        if let Some(data) = &change.data {
            self.line(&format!("    {}", visible(&data.words)));
        }
        for note in &change.notes {
            self.line(&format!("    {}", visible(note)));
        }
        if !matches!(word_of(change), "add" | "import") {
            self.differences(&change.differences, 4);
        }
    }

    /// Values, lined up, each before and after.
    pub(super) fn differences(&mut self, differences: &[Difference], indent: usize) {
        let width = differences
            .iter()
            .map(|difference| difference.path.chars().count())
            .filter(|width| *width <= COLUMN)
            .max()
            .unwrap_or(0);
        let mut lines = 0;
        for (index, difference) in differences.iter().enumerate() {
            if lines >= MOST_LINES {
                let more = differences.len() - index;
                self.line(&format!(
                    "{:indent$}... and {more} more values: --format json has all",
                    ""
                ));
                return;
            }
            let path = visible(&difference.path);
            let path = format!("{:indent$}{path:<width$}", "");
            let aside = self.paint.paint(Role::Aside, &visible(&aside(difference)));
            let (bad, good) = (Role::Bad, Role::Good);
            let value = match shown(difference, WIDTH) {
                Shown::New(value) => self.paint.paint(good, &format!("+ {value}")),
                Shown::Gone(value) => self.paint.paint(bad, &format!("- {value}")),
                Shown::Changed(before, after) => format!(
                    "{} -> {}",
                    self.paint.paint(bad, &before),
                    self.paint.paint(good, &after)
                ),
                Shown::Itself(words) => words.to_owned(),
                Shown::Lines(changed) => {
                    self.line(&format!("{path}{aside}"));
                    lines += changed.len();
                    self.lines(&changed, indent + 2);
                    continue;
                }
            };
            lines += 1;
            self.line(&format!("{path}  {value}{aside}"));
        }
    }

    fn lines(&mut self, lines: &[(ChangeTag, String)], indent: usize) {
        for (tag, line) in lines.iter().take(MOST_LINES) {
            let (mark, role) = match tag {
                ChangeTag::Delete => ("-", Role::Bad),
                ChangeTag::Insert => ("+", Role::Good),
                ChangeTag::Equal => (" ", Role::Aside),
            };
            let line = self.paint.paint(role, &format!("{mark} {line}"));
            self.line(&format!("{:indent$}{line}", ""));
        }
        if lines.len() > MOST_LINES {
            let more = lines.len() - MOST_LINES;
            self.line(&format!("{:indent$}... and {more} more lines", ""));
        }
    }

    pub(super) fn values(&mut self, title: &str, changes: &[ValueChange], new: bool) {
        if changes.is_empty() {
            return;
        }
        self.section(title, Role::Title);
        if new {
            let width = changes
                .iter()
                .map(|change| change.name.chars().count())
                .max();
            let width = width.unwrap_or(0);
            for ValueChange { name, after, .. } in changes {
                let value = written(&after.clone().unwrap_or_default().into());
                self.line(&format!(
                    "  {:<width$}  {}",
                    visible(name),
                    cut(&value, WIDTH)
                ));
            }
            return;
        }
        let differences: Vec<_> = changes.iter().map(Difference::from).collect();
        self.differences(&differences, 2);
    }

    pub(super) fn notes(&mut self, notes: &[String]) {
        if notes.is_empty() {
            return;
        }
        self.section("Notes", Role::Title);
        for note in notes {
            self.line(&format!("  {}", visible(note)));
        }
    }
}

fn word_of(change: &Change) -> &'static str {
    happens(change).0
}
