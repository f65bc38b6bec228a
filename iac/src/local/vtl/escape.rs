//! `$util.escapeJavaScript`.

use std::fmt::Write as _;

/// Escapes text as `StringEscapeUtils.escapeJavaScript` of commons-lang 2.6 does, which API Gateway
/// documents as its own: it works on UTF-16 units, and escapes `'` and `/` too. The `'` is why a
/// template needs `.replaceAll("\\'", "'")` after it: `\'` is not JSON.
///
/// Source: <https://commons.apache.org/proper/commons-lang/javadocs/api-2.6/org/apache/commons/lang/StringEscapeUtils.html>
pub fn escape_java_script(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 4);
    for character in text.chars() {
        match character {
            '\u{8}' => escaped.push_str("\\b"),
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\u{c}' => escaped.push_str("\\f"),
            '\r' => escaped.push_str("\\r"),
            '\'' | '"' | '\\' | '/' => {
                escaped.push('\\');
                escaped.push(character);
            }
            ' '..='\u{7f}' => escaped.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` cannot fail.
                    let _ = write!(escaped, "\\u{unit:04X}");
                }
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape_java_script;

    #[test]
    fn escapes_utf16_units_in_upper_case() {
        assert_eq!(
            escape_java_script("é\u{2028}😀\u{1}\u{7f}"),
            "\\u00E9\\u2028\\uD83D\\uDE00\\u0001\u{7f}"
        );
    }

    #[test]
    fn escapes_both_quotes_and_the_slash() {
        assert_eq!(
            escape_java_script(r#"</a> 'b' "c" \"#),
            r#"<\/a> \'b\' \"c\" \\"#
        );
    }
}
