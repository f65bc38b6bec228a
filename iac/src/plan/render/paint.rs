//! Colours, where they are asked for.

use anstyle::{AnsiColor, Style};

/// A role that a piece of text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A title.
    Title,
    /// What goes, or may do harm.
    Bad,
    /// What comes, or takes harm away.
    Good,
    /// What changes.
    Changed,
    /// What is said beside it.
    Aside,
}

/// Paints, or leaves it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    /// The text in the colour of its role.
    pub(super) fn paint(self, role: Role, text: &str) -> String {
        if !self.0 || text.is_empty() {
            return text.to_owned();
        }
        let style = match role {
            Role::Title => Style::new().bold(),
            Role::Bad => Style::new().fg_color(Some(AnsiColor::Red.into())),
            Role::Good => Style::new().fg_color(Some(AnsiColor::Green.into())),
            Role::Changed => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
            Role::Aside => Style::new().dimmed(),
        };
        format!("{style}{text}{style:#}")
    }

    /// The text in its colour, with spaces behind it up to a width.
    pub(super) fn padded(self, role: Role, text: &str, width: usize) -> String {
        let missing = width.saturating_sub(text.chars().count());
        format!("{}{}", self.paint(role, text), " ".repeat(missing))
    }
}
