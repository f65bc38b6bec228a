//! YAML that means the same to every reader.
//!
//! CloudFormation reads YAML 1.1, where `on`, `no`, `0o7`, `12:30:00` and `2012-10-17` are not text;
//! other tools read 1.2, where they are. The usual emitters leave some of them unquoted. This one
//! leaves a text unquoted only where no version reads anything else into it.

mod flow;

use std::fmt::Write as _;

use serde_json::Value as Json;

use flow::{flow, is_short};

/// A document in block style, two spaces a level.
pub(crate) fn to_string(document: &Json) -> String {
    let mut out = String::new();
    node(&mut out, document, 0, Place::Line);
    out
}

/// Where a node starts: on a line of its own, after `key:`, or after `- `.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Line,
    Key,
    Item,
}

fn node(out: &mut String, json: &Json, indent: usize, place: Place) {
    match json {
        Json::Object(map) if !map.is_empty() => {
            if place == Place::Key {
                out.push('\n');
            }
            for (index, (key, value)) in map.iter().enumerate() {
                if !(place == Place::Item && index == 0) {
                    pad(out, indent);
                }
                scalar(out, key);
                out.push(':');
                if is_short(key, value) {
                    out.push(' ');
                    flow(out, value);
                    out.push('\n');
                } else {
                    node(out, value, indent + 1, Place::Key);
                }
            }
        }
        Json::Array(items) if !items.is_empty() && items.iter().all(Json::is_number) => {
            if place == Place::Key {
                out.push(' ');
            }
            flow(out, json);
            out.push('\n');
        }
        Json::Array(items) if !items.is_empty() => {
            if place == Place::Key {
                out.push('\n');
            }
            for (index, item) in items.iter().enumerate() {
                if !(place == Place::Item && index == 0) {
                    pad(out, indent);
                }
                out.push_str("- ");
                node(out, item, indent + 1, Place::Item);
            }
        }
        leaf => {
            if place == Place::Key {
                out.push(' ');
            }
            match leaf {
                Json::String(text) if is_plain(text) => out.push_str(text),
                Json::String(text) if is_block(text) => block(out, text, indent.max(1)),
                Json::String(text) => quoted(out, text),
                Json::Object(_) => out.push_str("{}"),
                Json::Array(_) => out.push_str("[]"),
                Json::Null => out.push_str("null"),
                // JSON's numbers and booleans are YAML's, in both versions.
                Json::Bool(_) | Json::Number(_) => {
                    let _ = write!(out, "{leaf}");
                }
            }
            out.push('\n');
        }
    }
}

fn pad(out: &mut String, indent: usize) {
    const SPACES: &str = "                                ";
    let mut left = 2 * indent;
    while left > 0 {
        let some = left.min(SPACES.len());
        out.push_str(&SPACES[..some]);
        left -= some;
    }
}

/// Whether a text reads best as a literal block: several lines, nothing that a block cannot hold.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && text.lines().all(|line| !line.ends_with([' ', '\t']))
        && text.chars().all(|c| c == '\n' || is_printable(c))
}

fn block(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push_str(match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    let mut lines = text.split('\n').collect::<Vec<_>>();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
    }
}

fn scalar(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quoted(out, text);
    }
}

fn quoted(out: &mut String, text: &str) {
    if !are_printable(text) {
        return double_quoted(out, text);
    }
    // In single quotes nothing is special but the quote, so templates and JSON stay readable.
    out.push('\'');
    for (index, piece) in text.split('\'').enumerate() {
        if index > 0 {
            out.push_str("''");
        }
        out.push_str(piece);
    }
    out.push('\'');
}

/// Whether all characters are of those that both versions print as they are, on one line.
fn are_printable(text: &str) -> bool {
    for byte in text.as_bytes() {
        match byte {
            b' '..=b'~' => {}
            0x80.. => return text.chars().all(is_printable),
            _ => return false,
        }
    }
    true
}

/// Characters that both versions print as they are, on one line.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// Whether a text may stand without quotes: it starts with a letter or `/`, holds only characters
/// that are never an indicator, and is no word that YAML 1.1 or 1.2 reads as something else.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !matches!(bytes.first(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'/')) {
        return false;
    }
    let mut last = b' ';
    for byte in bytes {
        let is_safe = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9')
            || matches!(
                byte,
                b'-' | b'_' | b'.' | b'/' | b':' | b'(' | b')' | b';' | b'+' | b'$'
            );
        // A space behind a colon would make a key of what is before.
        let holds = is_safe || (*byte == b' ' && last != b':');
        if !holds {
            return false;
        }
        last = *byte;
    }
    !matches!(last, b' ' | b':') && !is_reserved(text)
}

/// The words of YAML 1.1's booleans and nulls (1.2's are among them). Texts that start with a letter
/// cannot be numbers, times or dates; `.inf` and `.nan` start with a dot.
///
/// Source: <https://yaml.org/type/bool.html>, <https://yaml.org/type/null.html>
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= "false".len() && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn double_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c if u32::from(c) <= 0xff => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(yaml: &str) -> Json {
        serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{error}:\n{yaml}"))
    }

    #[test]
    fn words_that_yaml_1_1_reads_otherwise_are_quoted() {
        for text in [
            "on",
            "Off",
            "YES",
            "n",
            "null",
            "~",
            "true",
            "12:30:00",
            "2012-10-17",
            "0o17",
            "017",
            "1_000",
            "1e3",
            ".inf",
            "",
            " x",
            "x ",
            "a: b",
            "a #b",
            "- a",
            "*",
            "&a",
            "!x",
            "%",
            "@",
            "`",
            "{",
            "[",
            "?",
            "=",
            "<<",
            "'",
            "\"",
            "0x1F",
            "+1",
            "190:20:30",
        ] {
            let yaml = to_string(&json!({ "key": text, text: "value" }));
            assert!(
                yaml.starts_with("key: '") || yaml.starts_with("key: \""),
                "{text:?} stands unquoted in {yaml}"
            );
            assert_eq!(read(&yaml), json!({ "key": text, text: "value" }));
        }
    }

    #[test]
    fn names_and_arns_stand_unquoted() {
        for text in [
            "AWS::S3::Bucket",
            "s3:GetObject",
            "arn:aws:states:::lambda:invoke",
            "provided.al2023",
        ] {
            assert_eq!(to_string(&json!({ "key": text })), format!("key: {text}\n"));
        }
    }

    #[test]
    fn lines_become_a_block() {
        let yaml = to_string(&json!({ "a": { "b": "one\n  two\n\nthree\n" } }));
        assert_eq!(yaml, "a:\n  b: |\n    one\n      two\n\n    three\n");
    }

    #[test]
    fn attributes_and_items_stand_on_one_line() {
        let yaml = to_string(&json!({ "Arn": { "Fn::GetAtt": ["Role", "Arn"] }, "Days": [1, 3] }));
        assert_eq!(yaml, "Arn:\n  Fn::GetAtt: [Role, Arn]\nDays: [1, 3]\n");
        for (value, expected) in [
            (
                json!({ "Fn::Select": [0, { "Ref": "Origins" }] }),
                "Fn::Select: [0, {Ref: Origins}]\n",
            ),
            (
                json!({ "Fn::Sub": ["'${A}'", { "A": { "Fn::Select": [0, "b"] } }] }),
                "Fn::Sub: ['''${A}''', {A: {'Fn::Select': [0, b]}}]\n",
            ),
            (
                json!({ "content": { "application/json": { "schema": { "$ref": "#/x" } } } }),
                "content: {application/json: {schema: {'$ref': '#/x'}}}\n",
            ),
            (
                json!({ "Principal": { "Service": "x" } }),
                "Principal:\n  Service: x\n",
            ),
            (
                json!({ "a": { "b": { "c": "d", "e": "f" } } }),
                "a:\n  b:\n    c: d\n    e: f\n",
            ),
        ] {
            let yaml = to_string(&value);
            assert_eq!(yaml, expected);
            assert_eq!(read(&yaml), value);
        }
        let long = json!({ "a": { "b": { "c": "d".repeat(flow::SHORT) } } });
        assert!(to_string(&long).starts_with("a:\n  b:\n    c: ddd"));
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let text = prop_oneof![
            any::<String>(),
            "[ -~]{0,12}",
            "[a-z0-9:#'\" \n\t-]{0,16}",
            "[yYnNoOfFeEsS0-9:._+-]{1,6}",
        ];
        let leaf = prop_oneof![
            text.clone().prop_map(Json::from),
            any::<bool>().prop_map(Json::from),
            any::<i32>().prop_map(Json::from),
            Just(Json::Null),
        ];
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::vec((text.clone(), inner), 0..4).prop_map(|entries| entries
                    .into_iter()
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(json in any_json()) {
            let yaml = to_string(&json);
            prop_assert_eq!(read(&yaml), json, "{}", yaml);
        }
    }
}
