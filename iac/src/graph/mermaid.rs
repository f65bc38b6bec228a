//! Mermaid, for Markdown.
//!
//! Source: <https://mermaid.js.org/syntax/flowchart.html>

use std::fmt::Write as _;

use super::drawing::{Arrow, Drawing, Heads, Service, Style, Thing};

/// The picture as a flowchart.
#[must_use]
pub fn flowchart(drawing: &Drawing) -> String {
    let mut out = String::from("flowchart LR\n");
    for thing in &drawing.things {
        let _ = writeln!(out, "    {}", node(thing));
    }
    for arrow in &drawing.arrows {
        let _ = writeln!(out, "    {}", link(arrow));
    }
    out
}

fn node(thing: &Thing) -> String {
    let id = id(&thing.id);
    let mut lines = vec![thing.service.name(), &thing.name];
    lines.extend(thing.note.as_deref());
    lines.retain(|line| !line.is_empty());
    let text = text(&lines);
    match thing.service {
        Service::Person => format!("{id}([{text}])"),
        Service::S3 | Service::DynamoDb => format!("{id}[({text})]"),
        Service::Sqs => format!("{id}[[{text}]]"),
        Service::CloudWatch => format!("{id}{{{{{text}}}}}"),
        _ => format!("{id}[{text}]"),
    }
}

fn link(arrow: &Arrow) -> String {
    let (from, to) = (id(&arrow.from), id(&arrow.to));
    let lines: Vec<&str> = arrow.label.iter().map(super::Line::text).collect();
    let text = text(&lines);
    let start = match arrow.heads {
        Heads::End => "",
        Heads::Both => "<",
    };
    match arrow.style {
        Style::Call => format!("{from} {start}-- {text} --> {to}"),
        Style::Event | Style::Failure => format!("{from} {start}-. {text} .-> {to}"),
    }
}

/// An id that is none of Mermaid's words; logical ids are alphanumeric.
fn id(id: &str) -> String {
    match id {
        "end" | "graph" | "flowchart" | "subgraph" | "direction" | "style" | "class" | "click"
        | "default" | "classDef" | "linkStyle" => format!("{id}_"),
        id => id.to_owned(),
    }
}

/// Lines in quotes. What means something to Mermaid or to HTML is written by its number.
fn text(lines: &[&str]) -> String {
    let mut out = String::from("\"");
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            out.push_str("<br/>");
        }
        for c in line.chars() {
            match c {
                '"' | '#' | '&' | '<' | '>' | '`' | '\\' | ';' => {
                    let _ = write!(out, "#{};", u32::from(c));
                }
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_a_reader_is_escaped() {
        assert_eq!(
            text(&[r#"a"b"#, "<script>#1;&`\\", "x\ny"]),
            "\"a#34;b<br/>#60;script#62;#35;1#59;#38;#96;#92;<br/>x y\""
        );
    }
}
