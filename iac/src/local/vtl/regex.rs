//! `String.replaceAll`, for patterns that mean one fixed text.

/// A pattern and what replaces it, both already read with Java's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Replacement {
    from: String,
    to: String,
}

impl Replacement {
    /// Reads `pattern` with the rules of `java.util.regex.Pattern` and `replacement` with those of
    /// `Matcher.replaceAll`. `None` where either is more than a text: a character class, a quantifier,
    /// an escape that stands for something else, a group reference.
    pub(super) fn parse(pattern: &str, replacement: &str) -> Option<Self> {
        let from = unescape(pattern, |c| {
            matches!(
                c,
                '.' | '[' | ']' | '{' | '}' | '(' | ')' | '*' | '+' | '?' | '^' | '$' | '|'
            )
        })?;
        let to = unescape(replacement, |c| c == '$')?;
        // An empty pattern matches between all characters.
        (!from.is_empty()).then_some(Self { from, to })
    }

    pub(super) fn apply(&self, text: &str) -> String {
        text.replace(&self.from, &self.to)
    }
}

/// Takes the backslashes out; `None` at a character that is special, or an escape that is not certain
/// to mean the escaped character.
fn unescape(text: &str, is_special: impl Fn(char) -> bool) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next()? {
                escaped if escaped.is_ascii_punctuation() => plain.push(escaped),
                _ => return None,
            },
            special if is_special(special) => return None,
            other => plain.push(other),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::Replacement;

    #[test]
    fn two_backslashes_match_one() {
        let replacement = Replacement::parse(r"\\'", "'").expect("supported");
        assert_eq!(replacement.apply(r"it\'s"), "it's");
    }

    #[test]
    fn one_backslash_matches_none() {
        let replacement = Replacement::parse(r"\'", "'").expect("supported");
        assert_eq!(replacement.apply(r"it\'s"), r"it\'s");
    }

    #[test]
    fn refuses_patterns_that_are_more_than_text() {
        for (pattern, to) in [
            ("a+", ""),
            (r"\d", ""),
            ("", "x"),
            ("a", "$1"),
            ("a", "\\"),
            (r"\", ""),
            ("[a]", ""),
        ] {
            assert_eq!(Replacement::parse(pattern, to), None, "{pattern} -> {to}");
        }
    }
}
