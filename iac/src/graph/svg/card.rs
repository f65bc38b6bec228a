//! The boxes of things.

use std::fmt::Write as _;

use super::super::drawing::{Service, Thing};
use super::super::label::wrap;
use super::super::layout::{Point, Size};
use super::super::measure::{Font, width};
use super::{escape, style};

/// Sizes of the service's name, of the thing's and of its note.
const CAPTION: f64 = 11.0;
const NAME: f64 = 13.0;
/// From line to line.
const LINE: f64 = 17.0;
/// Between the border and what is inside.
const INSET: f64 = 12.0;
/// Of the symbol, and between it and the service's name.
const SYMBOL: (f64, f64) = (16.0, 6.0);
/// Characters in a line of a name.
const NAME_LENGTH: usize = 13;

/// A thing as it is drawn.
pub(super) struct Card {
    service: Service,
    name: Vec<String>,
    note: Option<String>,
}

impl Card {
    pub(super) fn new(thing: &Thing) -> Self {
        Self {
            service: thing.service,
            name: wrap(&thing.name, NAME_LENGTH),
            note: thing.note.clone(),
        }
    }

    fn is_person(&self) -> bool {
        self.service == Service::Person
    }

    #[expect(clippy::cast_precision_loss, reason = "there are few lines")]
    fn inner(&self) -> Size {
        let name = self
            .name
            .iter()
            .map(|line| width(line, Font::Sans, NAME))
            .fold(0.0, f64::max);
        let symbol = SYMBOL.0 + SYMBOL.1;
        if self.is_person() {
            return Size {
                width: symbol + name,
                height: LINE * self.name.len() as f64,
            };
        }
        let caption = symbol + width(self.service.name(), Font::Sans, CAPTION);
        let note = self
            .note
            .as_deref()
            .map_or(0.0, |note| width(note, Font::Sans, CAPTION));
        let lines = 1 + self.name.len() + usize::from(self.note.is_some());
        Size {
            width: caption.max(name).max(note),
            height: LINE * lines as f64 + 3.0,
        }
    }

    pub(super) fn size(&self) -> Size {
        let inner = self.inner();
        Size {
            width: (inner.width + 2.0 * INSET).ceil(),
            height: (inner.height + 2.0 * INSET - 4.0).ceil(),
        }
    }

    /// Draws the box around a middle.
    pub(super) fn draw(&self, out: &mut String, middle: Point, height: f64) {
        let Size { width, .. } = self.size();
        let (x, y) = (middle.x - width / 2.0, middle.y - height / 2.0);
        let round = if self.is_person() { height / 2.0 } else { 8.0 };
        let class = style::class(self.service);
        let _ = writeln!(out, "<g class=\"{class}\">");
        let _ = writeln!(
            out,
            "<rect class=\"card\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>"
        );
        let inner = self.inner();
        let left = x + INSET;
        let mut line = middle.y - inner.height / 2.0 + LINE / 2.0;
        let _ = writeln!(
            out,
            "<path class=\"symbol\" transform=\"translate({left} {})\" d=\"{}\"/>",
            line - SYMBOL.0 / 2.0,
            style::symbol(self.service)
        );
        let beside = left + SYMBOL.0 + SYMBOL.1;
        let mut text = |class: &str, x: f64, y: f64, text: &str| {
            let _ = writeln!(
                out,
                "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text>",
                y + 4.5,
                escape(text)
            );
        };
        if self.is_person() {
            for name in &self.name {
                text("name", beside, line, name);
                line += LINE;
            }
        } else {
            text("service", beside, line - 0.5, self.service.name());
            line += LINE + 3.0;
            for name in &self.name {
                text("name", left, line, name);
                line += LINE;
            }
            if let Some(note) = &self.note {
                text("note", left, line - 0.5, note);
            }
        }
        out.push_str("</g>\n");
    }
}
