//! Whether two patterns have a text in common.

use super::text::{Piece, Text, Variable};

/// A pattern of texts: what a statement's `Resource` covers, or what a notification listens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Char(char),
    /// Any one character.
    One,
    /// Any characters, or none.
    Many,
    /// The same characters wherever it stands, filled in by the deployment.
    Variable(Variable),
    /// Any characters, and others each time.
    Unknown(String),
}

/// What two patterns have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Overlap {
    /// No text fits both.
    None,
    /// Some text fits both, whatever the deployment fills in.
    Sure,
    /// It depends on what the deployment fills in, in words.
    Depends(Vec<String>),
}

impl Pattern {
    /// The `Resource` of a statement, or a part of it: `*` and `?` are wildcards, and `${...}` is filled in
    /// for each request.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
    pub(super) fn policy(text: &Text) -> Self {
        Self::read(text, |literal, parts| {
            let mut rest = literal.chars();
            while let Some(c) = rest.next() {
                parts.push(match c {
                    '*' => Part::Many,
                    '?' => Part::One,
                    '$' if rest.as_str().starts_with('{') => {
                        let name = rest.by_ref().take_while(|c| *c != '}').skip(1);
                        Part::Unknown(format!(
                            "the policy variable `{}`",
                            name.collect::<String>()
                        ))
                    }
                    c => Part::Char(c),
                });
            }
        })
    }

    /// What a filter of keys lets through: everything that starts and ends so. Its values are URL-encoded;
    /// an encoded character counts as any, which only ever lets more through.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html>
    pub(super) fn filter(prefix: &Text, suffix: &Text) -> Self {
        let plain = |literal: &str, parts: &mut Vec<Part>| {
            let mut encoded = 0;
            for c in literal.chars() {
                match c {
                    '%' => {
                        parts.push(Part::Many);
                        encoded = 2;
                    }
                    _ if encoded > 0 => encoded -= 1,
                    '+' => parts.push(Part::One),
                    c => parts.push(Part::Char(c)),
                }
            }
        };
        let Self(mut parts) = Self::read(prefix, plain);
        parts.push(Part::Many);
        parts.extend(Self::read(suffix, plain).0);
        Self(parts)
    }

    /// A text with nothing special in it.
    pub(super) fn plain(text: &Text) -> Self {
        Self::read(text, |literal, parts| {
            parts.extend(literal.chars().map(Part::Char));
        })
    }

    /// This pattern with another behind it.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    fn read(text: &Text, literal: impl Fn(&str, &mut Vec<Part>)) -> Self {
        let mut parts = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Literal(text) => literal(text, &mut parts),
                Piece::Variable(variable) => parts.push(Part::Variable(variable.clone())),
                Piece::Unknown(words) => parts.push(Part::Unknown(words.clone())),
            }
        }
        Self(parts)
    }

    /// What this pattern has in common with another.
    pub(super) fn overlap(&self, other: &Self) -> Overlap {
        // What both start with alike is the same text in both, whatever the deployment makes of it.
        let same =
            |(a, b): &(&Part, &Part)| a == b && matches!(a, Part::Char(_) | Part::Variable(_));
        let start = self.0.iter().zip(&other.0).take_while(same).count();
        let (left, right) = (&self.0[start..], &other.0[start..]);
        if !intersects(left, right, Open::Anything) {
            return Overlap::None;
        }
        if intersects(left, right, Open::Nothing) {
            return Overlap::Sure;
        }
        let mut words = Vec::new();
        for part in left.iter().chain(right) {
            let word = match part {
                Part::Variable(variable) => variable.in_words(),
                Part::Unknown(words) => words.clone(),
                Part::Char(_) | Part::One | Part::Many => continue,
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Overlap::Depends(words)
    }
}

/// What the parts that are not known yet fit.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// Everything.
    Anything,
    /// Wildcards only.
    Nothing,
}

/// Whether some text fits both: `reached[i][j]` says whether the first `i` parts of one side and the first
/// `j` of the other can stand for the same text.
fn intersects(left: &[Part], right: &[Part], open: Open) -> bool {
    let mut reached = vec![vec![false; right.len() + 1]; left.len() + 1];
    reached[0][0] = true;
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            if !reached[i][j] {
                continue;
            }
            let (a, b) = (left.get(i), right.get(j));
            // A star stands for nothing, or takes what one part of the other side stands for.
            let (star_a, star_b) = (is_star(a, open), is_star(b, open));
            if star_a || (star_b && takes(b, a)) {
                reached[i + 1][j] = true;
            }
            if star_b || (star_a && takes(a, b)) {
                reached[i][j + 1] = true;
            }
            if let (Some(a), Some(b)) = (a, b)
                && !star_a
                && !star_b
                && fits(a, b)
            {
                reached[i + 1][j + 1] = true;
            }
        }
    }
    reached[left.len()][right.len()]
}

fn is_star(part: Option<&Part>, open: Open) -> bool {
    match part {
        Some(Part::Many) => true,
        Some(Part::Variable(_) | Part::Unknown(_)) => matches!(open, Open::Anything),
        Some(Part::Char(_) | Part::One) | None => false,
    }
}

/// Whether a star can stand for what a part stands for. An account, a region or a name that CloudFormation
/// gives ends where the next part of an ARN starts.
fn takes(star: Option<&Part>, part: Option<&Part>) -> bool {
    match (star, part) {
        (_, None) => false,
        (Some(Part::Variable(variable)), Some(Part::Char('/' | ':'))) => match variable {
            Variable::Pseudo(name) => name == "AWS::StackId",
            Variable::Resource { attribute, .. } => attribute.is_some(),
            Variable::Parameter { .. } => true,
        },
        _ => true,
    }
}

/// Whether two parts that are no stars can stand for the same character.
fn fits(a: &Part, b: &Part) -> bool {
    match (a, b) {
        (Part::Char(a), Part::Char(b)) => a == b,
        (Part::One, Part::Char(_) | Part::One) | (Part::Char(_), Part::One) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parameter(name: &str) -> Text {
        Text::variable(Variable::Parameter {
            name: name.to_owned(),
            default: None,
        })
    }

    fn overlap(policy: &Text, prefix: &str, suffix: &str) -> Overlap {
        Pattern::policy(policy).overlap(&Pattern::filter(
            &Text::literal(prefix),
            &Text::literal(suffix),
        ))
    }

    #[test]
    fn a_prefix_meets_what_starts_with_it_and_what_it_starts_with() {
        for (policy, prefix, suffix, expected) in [
            ("up/loads/*", "up/", "", Overlap::Sure),
            ("up/*", "up/loads/", "", Overlap::Sure),
            ("up/*", "uploads/", "", Overlap::None),
            ("thumbs/*", "uploads/", "", Overlap::None),
            ("thumbs/*", "", "", Overlap::Sure),
            ("thumbs/*", "", ".jpg", Overlap::Sure),
            ("thumbs/*.png", "", ".jpg", Overlap::None),
            ("thumbs/?.jpg", "thumbs/", ".jpg", Overlap::Sure),
            ("thumbs/one.jpg", "thumbs/", ".jpg", Overlap::Sure),
            ("thumbs/one.jpg", "thumbs/two", "", Overlap::None),
            ("?ploads/*", "uploads/", "", Overlap::Sure),
            ("*/processed/*", "uploads/", "", Overlap::Sure),
            ("a b/*", "a+b/", "", Overlap::Sure),
            ("é/*", "%C3%A9/", "", Overlap::Sure),
            ("thumbs/*", "%C3%A9/", "", Overlap::Sure),
            ("thumbs/*", "uploads/%C3%A9/", "", Overlap::None),
        ] {
            let found = overlap(&Text::literal(policy), prefix, suffix);
            assert_eq!(found, expected, "{policy} and {prefix}...{suffix}");
        }
    }

    #[test]
    fn what_is_filled_in_later_could_be_anything() {
        let under = |before: &str, name: &str| {
            Text::literal(before)
                .and(parameter(name))
                .and(Text::literal("*"))
        };
        let depends = Overlap::Depends(vec!["the parameter `Prefix`".to_owned()]);
        assert_eq!(overlap(&under("", "Prefix"), "uploads/", ""), depends);
        assert_eq!(overlap(&under("up", "Prefix"), "uploads/", ""), depends);
        assert_eq!(
            overlap(&under("uploads/", "Prefix"), "uploads/", ""),
            Overlap::Sure
        );
        assert_eq!(
            overlap(&under("thumbs/", "Prefix"), "uploads/", ""),
            Overlap::None
        );
        let own = Overlap::Depends(vec!["the policy variable `aws:userid`".to_owned()]);
        assert_eq!(
            overlap(&Text::literal("${aws:userid}/*"), "uploads/", ""),
            own
        );
    }

    #[test]
    fn a_parameter_is_the_same_on_both_sides() {
        let listens = Pattern::filter(
            &parameter("Root").and(Text::literal("in/")),
            &Text::default(),
        );
        let writes = |rest: &str| Pattern::policy(&parameter("Root").and(Text::literal(rest)));
        assert_eq!(writes("out/*").overlap(&listens), Overlap::None);
        assert_eq!(writes("in/*").overlap(&listens), Overlap::Sure);
    }

    proptest! {
        #[test]
        fn a_text_that_fits_both_is_never_missed(
            key in "[ab/]{0,6}",
            cut in 0_usize..6,
            end in 0_usize..6,
            stars in prop::collection::vec(any::<bool>(), 6),
        ) {
            // Patterns that the key fits, made from the key itself.
            let prefix = &key[..cut.min(key.len())];
            let suffix = &key[end.clamp(prefix.len(), key.len().max(prefix.len()))..];
            let policy: String = key
                .chars()
                .zip(&stars)
                .map(|(c, star)| if *star { '*' } else { c })
                .collect();
            prop_assert_ne!(overlap(&Text::literal(&policy), prefix, suffix), Overlap::None);
        }
    }
}
