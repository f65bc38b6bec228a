//! Which answers of the backend an integration response is for.

/// A pattern on the status of the backend's answer, of the part of Java's regular expressions that such
/// patterns use: digits, `\d`, `[0-9]`, `.`, a repetition such as `{2}` and `|` between several.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selector {
    /// Whatever no pattern matches.
    Default,
    /// One of several: one digit or any, for every digit of the status.
    Status(Vec<Vec<Option<u8>>>),
}

impl Selector {
    /// Reads a key of `responses`; `None` where the pattern is not supported.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "default" {
            return Some(Self::Default);
        }
        let alternatives = text.split('|').map(digits);
        alternatives.collect::<Option<_>>().map(Self::Status)
    }

    /// Whether the pattern matches a status. The default matches nothing by itself.
    pub(super) fn matches(&self, status: u16) -> bool {
        match self {
            Self::Default => false,
            Self::Status(alternatives) => {
                let status = status.to_string().into_bytes();
                alternatives.iter().any(|digits| {
                    let mut pairs = digits.iter().zip(&status);
                    pairs.all(|(digit, actual)| digit.is_none_or(|digit| digit + b'0' == *actual))
                })
            }
        }
    }
}

/// The digits of one status that a pattern without `|` stands for.
fn digits(text: &str) -> Option<Vec<Option<u8>>> {
    let mut rest = text;
    let mut digits = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (digit, length) = match first {
            '0'..='9' => (Some(first as u8 - b'0'), 1),
            '.' => (None, 1),
            _ if rest.starts_with("\\d") => (None, 2),
            _ if rest.starts_with("[0-9]") => (None, 5),
            _ => return None,
        };
        rest = &rest[length..];
        let mut times = 1;
        if let Some(after) = rest.strip_prefix('{') {
            let (count, tail) = after.split_once('}')?;
            times = count.parse().ok().filter(|times| (1..=3).contains(times))?;
            rest = tail;
        }
        digits.extend(std::iter::repeat_n(digit, times));
    }
    // A pattern of another length matches no status at all.
    (digits.len() == 3).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::Selector;

    #[test]
    fn matches_classes_of_statuses() {
        for (pattern, yes, no) in [
            ("4\\d{2}", 404, 500),
            ("5\\d{2}", 503, 200),
            ("200", 200, 201),
            ("40[0-9]", 409, 410),
            ("4..", 400, 300),
            ("409|412", 412, 410),
            ("40\\d|5..", 503, 412),
        ] {
            let selector = Selector::parse(pattern).expect(pattern);
            assert!(selector.matches(yes) && !selector.matches(no), "{pattern}");
        }
        assert!(!Selector::Default.matches(200));
    }

    #[test]
    fn refuses_other_patterns() {
        for pattern in [
            "",
            "4\\d+",
            "(4|5)\\d\\d",
            ".*",
            "40",
            "4\\d{9}",
            "4\\d{",
            "409|",
            "409|4",
            "-",
            "é",
        ] {
            assert_eq!(Selector::parse(pattern), None, "{pattern}");
        }
    }
}
