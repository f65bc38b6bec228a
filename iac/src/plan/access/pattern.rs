//! Whether a pattern of a statement covers another.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

use std::collections::BTreeSet;

/// What the actions or the resources of a statement are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pattern {
    /// Everything that fits this.
    Is(String),
    /// Everything that fits none of these: `NotAction`, `NotResource`.
    IsNot(BTreeSet<String>),
}

/// Whether one thing allows all that another allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cover {
    /// It does not.
    No,
    /// It depends on what only the deployment, or the request, knows.
    Unknown,
    /// It does.
    Yes,
}

impl Cover {
    /// Both; the second is not looked at where the first says no.
    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            own => own.min(other()),
        }
    }
}

impl Pattern {
    /// Whether everything that fits the other fits this.
    pub(super) fn covers(&self, other: &Self) -> Cover {
        match (self, other) {
            (Self::Is(own), _) if own == "*" => Cover::Yes,
            (Self::Is(own), Self::Is(other)) => covers(own, other),
            (Self::IsNot(own), Self::IsNot(other)) => {
                // What this leaves out, the other leaves out as well.
                let left_out = |own: &String| other.iter().map(|other| covers(other, own)).max();
                let all = own.iter().map(|own| left_out(own).unwrap_or(Cover::No));
                all.min().unwrap_or(Cover::Yes)
            }
            (Self::IsNot(own), Self::Is(other)) => {
                let other = parts(other);
                let apart = own
                    .iter()
                    .all(|own| !meet(&open(&parts(own)), &open(&other)));
                if apart { Cover::Yes } else { Cover::Unknown }
            }
            (Self::Is(_), Self::IsNot(_)) => Cover::Unknown,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'t> {
    Char(char),
    /// Any one character.
    One,
    /// Any characters, or none.
    Many,
    /// What the deployment or the request fills in: the same wherever it stands.
    Reference(&'t str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("${")
            && let Some(end) = rest.find('}')
        {
            parts.push(Part::Reference(&rest[2..end]));
            rest = &rest[end + 1..];
            continue;
        }
        parts.push(match c {
            '*' => Part::Many,
            '?' => Part::One,
            c => Part::Char(c),
        });
        rest = &rest[c.len_utf8()..];
    }
    parts
}

fn covers(own: &str, other: &str) -> Cover {
    let (own, other) = (parts(own), parts(other));
    if fits(&own, &other) {
        return Cover::Yes;
    }
    let references = |parts: &[Part<'_>]| -> BTreeSet<String> {
        let names = parts.iter().filter_map(|part| match part {
            Part::Reference(name) => Some((*name).to_owned()),
            _ => None,
        });
        names.collect()
    };
    let (names, others) = (references(&own), references(&other));
    // A name on one side may be what the other side writes out. Two names are two things.
    let one_sided = names != others && (names.is_subset(&others) || others.is_subset(&names));
    if one_sided && meet(&open(&own), &open(&other)) {
        Cover::Unknown
    } else {
        Cover::No
    }
}

/// Whether a pattern fits everything that another fits; the wildcards of the other count as characters
/// that wildcards only fit.
fn fits(own: &[Part<'_>], other: &[Part<'_>]) -> bool {
    // What stands before the first wildcard and behind the last one has to be the same.
    let wild = |part: &Part<'_>| matches!(part, Part::Many | Part::One);
    let (Some(first), Some(last)) = (own.iter().position(wild), own.iter().rposition(wild)) else {
        return own == other;
    };
    let end = own.len() - last - 1;
    if other.len() < first + end
        || own[..first] != other[..first]
        || own[last + 1..] != other[other.len() - end..]
    {
        return false;
    }
    let (own, other) = (&own[first..=last], &other[first..other.len() - end]);
    if own == [Part::Many] {
        return true;
    }
    // reached[j]: whether the parts of `own` so far fit the first j of `other`.
    let mut reached = vec![false; other.len() + 1];
    reached[0] = true;
    for part in own {
        let mut next = vec![false; other.len() + 1];
        for j in 0..=other.len() {
            next[j] = match part {
                Part::Many => reached[j] || (j > 0 && next[j - 1]),
                Part::One => {
                    j > 0 && reached[j - 1] && matches!(other[j - 1], Part::Char(_) | Part::One)
                }
                part => j > 0 && reached[j - 1] && other[j - 1] == *part,
            };
        }
        reached = next;
    }
    reached[other.len()]
}

/// The parts with any text in place of what is filled in.
fn open<'t>(parts: &[Part<'t>]) -> Vec<Part<'t>> {
    let open = parts.iter().map(|part| match part {
        Part::Reference(_) => Part::Many,
        part => part.clone(),
    });
    open.collect()
}

/// Whether some text fits both.
fn meet(left: &[Part<'_>], right: &[Part<'_>]) -> bool {
    let many = |part: Option<&Part<'_>>| part == Some(&Part::Many);
    let mut reached = vec![vec![false; right.len() + 1]; left.len() + 1];
    reached[0][0] = true;
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            if !reached[i][j] {
                continue;
            }
            let (a, b) = (left.get(i), right.get(j));
            if a.is_some() && (many(a) || many(b)) {
                reached[i + 1][j] = true;
            }
            if b.is_some() && (many(a) || many(b)) {
                reached[i][j + 1] = true;
            }
            if let (Some(a), Some(b)) = (a, b)
                && (a == b || *a == Part::One || *b == Part::One)
            {
                reached[i + 1][j + 1] = true;
            }
        }
    }
    reached[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is(text: &str) -> Pattern {
        Pattern::Is(text.to_owned())
    }

    fn is_not(texts: &[&str]) -> Pattern {
        Pattern::IsNot(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn patterns_cover_what_fits_them() {
        for (own, other, expected) in [
            (is("*"), is("s3:*"), Cover::Yes),
            (is("s3:*"), is("s3:getobject"), Cover::Yes),
            (is("s3:get*"), is("s3:getobject*"), Cover::Yes),
            (is("s3:getobject"), is("s3:get*"), Cover::No),
            (is("a?c"), is("abc"), Cover::Yes),
            (is("a?c"), is("a*c"), Cover::No),
            (is("${Bucket.Arn}/*"), is("${Bucket.Arn}/in/*"), Cover::Yes),
            (is("${Bucket.Arn}/in/*"), is("${Bucket.Arn}/*"), Cover::No),
            (is("${A.Arn}/*"), is("${B.Arn}/*"), Cover::No),
            (
                is("arn:aws:s3:::*"),
                is("arn:aws:s3:::${Bucket}/*"),
                Cover::Yes,
            ),
            (
                is("arn:aws:s3:::b/*"),
                is("arn:aws:s3:::${Bucket}/*"),
                Cover::Unknown,
            ),
            (
                is("arn:aws:s3:::${Bucket}/*"),
                is("arn:aws:s3:::b/x"),
                Cover::Unknown,
            ),
            (
                is("arn:aws:sqs:::b"),
                is("arn:aws:s3:::${Bucket}/*"),
                Cover::No,
            ),
            (is_not(&["iam:*"]), is("s3:*"), Cover::Yes),
            (is_not(&["iam:*"]), is("iam:getrole"), Cover::Unknown),
            (is_not(&["iam:*"]), is_not(&["iam:*", "s3:*"]), Cover::Yes),
            (is_not(&["iam:*", "s3:*"]), is_not(&["iam:*"]), Cover::No),
            (is("s3:*"), is_not(&["iam:*"]), Cover::Unknown),
            (is("*"), is_not(&["iam:*"]), Cover::Yes),
        ] {
            assert_eq!(own.covers(&other), expected, "{own:?} covers {other:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_covers_a_pattern_fits_each_text_of_it(
            own in "[ab*?]{0,6}", other in "[ab*?]{0,6}", text in "[ab]{0,5}",
        ) {
            let covers = is(&own).covers(&is(&other)) == Cover::Yes;
            if covers && fits(&parts(&other), &parts(&text)) {
                prop_assert!(fits(&parts(&own), &parts(&text)));
            }
        }
    }
}
