//! SVG: a drawing that stands on its own, for light and dark pages.
//!
//! It has a ground of its own and follows the reader's colour scheme, uses generic fonts only and no script, and
//! tells readers of the screen its title and what is in it.
//!
//! Source: <https://www.w3.org/TR/SVG2/>

mod card;
mod style;

use std::fmt::Write as _;

use card::Card;

use super::drawing::{Arrow, Drawing, Heads, Line, Service, Style};
use super::label::wrap;
use super::layout::{Link, Point, Route, Satellite, Size, layout};
use super::measure::{Font, width};

/// Around the picture.
const MARGIN: f64 = 28.0;
/// Size of what is written on arrows, and from line to line.
const LABEL: (f64, f64) = (11.0, 14.0);
/// Characters in a line on an arrow.
const LABEL_LENGTH: usize = 16;
/// Of a line, before and behind what is written above it; free around what is written in it.
const LEAD: f64 = 5.0;
const AIR: f64 = 3.0;
/// Length and half the height of an arrow's head, and how far it ends before a thing.
const HEAD: (f64, f64) = (8.0, 4.0);
const TIP: f64 = 2.0;

/// The picture as an SVG document.
#[must_use]
pub fn document(drawing: &Drawing) -> String {
    let cards: Vec<Card> = drawing.things.iter().map(Card::new).collect();
    let labels: Vec<Vec<Line>> = drawing.arrows.iter().map(label).collect();
    let index = |id: &str| drawing.things.iter().position(|thing| thing.id == id);
    let mut arrows = Vec::new();
    let mut links = Vec::new();
    for (arrow, label) in drawing.arrows.iter().zip(&labels) {
        if let (Some(from), Some(to)) = (index(&arrow.from), index(&arrow.to)) {
            arrows.push((arrow, label));
            links.push(Link {
                from,
                to,
                label: size(label),
                backwards: arrow.backwards,
                rank: arrow.rank,
                down: satellite(drawing, arrow),
            });
        }
    }
    let sizes: Vec<Size> = cards.iter().map(Card::size).collect();
    let layout = layout(&sizes, &links);

    let mut out = head(drawing, layout.size);
    for ((arrow, label), route) in arrows.iter().zip(&layout.routes) {
        lines(&mut out, arrow, size(label), route);
    }
    for (card, (middle, height)) in cards.iter().zip(layout.things.iter().zip(&layout.heights)) {
        card.draw(&mut out, *middle, *height);
    }
    for ((_, label), route) in arrows.iter().zip(&layout.routes) {
        words(&mut out, label, route.label);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// Whether a thing of an arrow belongs to the other: people to what they call, an alarm to what it watches.
fn satellite(drawing: &Drawing, arrow: &Arrow) -> Option<Satellite> {
    let service = |id: &str| {
        let thing = drawing.things.iter().find(|thing| thing.id == id)?;
        Some(thing.service)
    };
    let first = |id: &str| {
        let mut arrows = drawing.arrows.iter();
        arrows.find(|other| other.from == id || other.to == id) == Some(arrow)
    };
    let (from, to) = (service(&arrow.from)?, service(&arrow.to)?);
    match (from, to) {
        (Service::Person, Service::ApiGateway | Service::StepFunctions) if first(&arrow.from) => {
            Some(Satellite::Start)
        }
        (_, Service::CloudWatch) | (Service::CloudFront, Service::Person) if first(&arrow.to) => {
            Some(Satellite::End)
        }
        _ => None,
    }
}

fn head(drawing: &Drawing, size: Size) -> String {
    let (width, height) = (size.width + 2.0 * MARGIN, size.height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n",
        escape(&drawing.name),
        escape(&in_words(drawing)),
    );
    let _ = write!(out, "<style>\n{}</style>\n", style::SHEET);
    let _ = writeln!(
        out,
        "<rect class=\"ground\" x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
        width - 1.0,
        height - 1.0
    );
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {MARGIN})\">");
    out
}

/// What is in the picture, for who cannot see it.
fn in_words(drawing: &Drawing) -> String {
    let name = |id: &str| {
        let thing = drawing.things.iter().find(|thing| thing.id == id);
        thing.map_or(id, |thing| thing.name.as_str()).to_owned()
    };
    let mut text = drawing.description.clone();
    for arrow in &drawing.arrows {
        let label: Vec<&str> = arrow.label.iter().map(Line::text).collect();
        let between = match arrow.heads {
            Heads::End => "to",
            Heads::Both => "and",
        };
        let _ = write!(
            text,
            "\n{} {between} {}: {}.",
            name(&arrow.from),
            name(&arrow.to),
            label.join(" ")
        );
    }
    text
}

/// What is written on an arrow, in lines of a bearable length.
fn label(arrow: &Arrow) -> Vec<Line> {
    let mut lines = Vec::new();
    for line in &arrow.label {
        for piece in wrap(line.text(), LABEL_LENGTH) {
            lines.push(match line {
                Line::Action(_) => Line::Action(piece),
                Line::Part(_) => Line::Part(piece),
            });
        }
    }
    lines
}

#[expect(clippy::cast_precision_loss, reason = "there are few lines")]
fn size(label: &[Line]) -> Size {
    let width = label
        .iter()
        .map(|line| width(line.text(), Font::Monospace, LABEL.0))
        .fold(0.0, f64::max);
    Size {
        width: width.ceil() + 2.0 * LEAD,
        height: label.len() as f64 * LABEL.1,
    }
}

/// The lines of an arrow, with room for its words, and its heads.
fn lines(out: &mut String, arrow: &Arrow, label: Size, route: &Route) {
    let class = match arrow.style {
        Style::Call => "call",
        Style::Event => "event",
        Style::Failure => "failure",
    };
    let both = arrow.heads == Heads::Both;
    let (at_left, at_right) = (both || route.reversed, both || !route.reversed);
    let mut points = route.points.clone();
    let last = points.len() - 1;
    let mut heads = Vec::new();
    for (at, inwards, headed) in [(0, 1.0, at_left), (last, -1.0, at_right)] {
        if headed {
            let tip = step(route.points[at], inwards * TIP, route.down);
            heads.push(head_at(tip, inwards, route.down));
            points[at] = step(tip, inwards * (HEAD.0 - 1.0), route.down);
        }
    }
    let mut path = format!("M{} {}", points[0].x, points[0].y);
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        if route.down {
            // With room for the words.
            let half = label.height / 2.0 + AIR;
            if label.height > 0.0 {
                let _ = write!(
                    path,
                    "V{}M{} {}",
                    route.label.y - half,
                    to.x,
                    route.label.y + half
                );
            }
            let _ = write!(path, "V{}", to.y);
        } else {
            bend(&mut path, from, to);
        }
    }
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>");
    for head in heads {
        let _ = writeln!(out, "<path class=\"{class} head\" d=\"{head}\"/>");
    }
}

/// A point some pixels to the right of another, or below it.
fn step(from: Point, pixels: f64, down: bool) -> Point {
    let (x, y) = if down { (0.0, pixels) } else { (pixels, 0.0) };
    Point {
        x: from.x + x,
        y: from.y + y,
    }
}

/// The head of an arrow: its tip, and the direction from there to its line.
fn head_at(tip: Point, inwards: f64, down: bool) -> String {
    let base = step(tip, inwards * HEAD.0, down);
    if down {
        let (left, right) = (tip.x - HEAD.1, tip.x + HEAD.1);
        format!("M{} {}L{left} {}H{right}Z", tip.x, tip.y, base.y)
    } else {
        let (top, bottom) = (tip.y - HEAD.1, tip.y + HEAD.1);
        format!("M{} {}L{} {top}V{bottom}Z", tip.x, tip.y, base.x)
    }
}

/// A level line, or a bend that starts and ends level.
fn bend(path: &mut String, from: Point, to: Point) {
    if (from.y - to.y).abs() < 0.5 {
        let _ = write!(path, "H{}", to.x);
    } else {
        let middle = f64::midpoint(from.x, to.x);
        let _ = write!(
            path,
            "C{middle} {} {middle} {} {} {}",
            from.y, to.y, to.x, to.y
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are few lines")]
fn words(out: &mut String, label: &[Line], middle: Point) {
    let top = middle.y - label.len() as f64 * LABEL.1 / 2.0;
    for (index, line) in label.iter().enumerate() {
        let class = match line {
            Line::Action(_) => "action",
            Line::Part(_) => "part",
        };
        // The baseline stands where small letters are in the middle of the line.
        let y = top + (index as f64 + 1.0) * LABEL.1 - 3.5;
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{}\" y=\"{y}\">{}</text>",
            middle.x,
            escape(line.text())
        );
    }
}

/// Text that means nothing to a reader of XML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            // XML has no place for them, not even escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escape("</text><script>\"x\" & 'y'\u{0}"),
            "&lt;/text&gt;&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39; "
        );
    }
}
