//! Paths of resources, such as `/uploads/{key}`: which one a request is for.

use std::collections::BTreeMap;
use std::fmt;

use super::encoding::percent_decoded_text;

/// The path of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResourcePath {
    text: String,
    segments: Vec<Segment>,
}

/// One of what slashes part. The order is that of preference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    /// `{key}`: any one segment.
    Parameter(String),
    /// `{key+}`: all that is left, slashes included.
    Greedy(String),
}

impl ResourcePath {
    /// Reads a key of `paths`; the error says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let rest = text
            .strip_prefix('/')
            .ok_or("does not start with a slash")?;
        let mut segments = Vec::new();
        for part in rest.split('/').filter(|_| !rest.is_empty()) {
            let inside = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            let segment = match inside.map(|name| (name.strip_suffix('+'), name)) {
                Some((Some(name), _)) => Segment::Greedy(name.to_owned()),
                Some((None, name)) => Segment::Parameter(name.to_owned()),
                None => Segment::Literal(part.to_owned()),
            };
            match &segment {
                Segment::Literal(part) if part.is_empty() || part.contains(['{', '}']) => {
                    return Err("has a part that is neither a name nor a parameter");
                }
                Segment::Parameter(name) | Segment::Greedy(name)
                    if name.is_empty() || name.contains(['{', '}', '+']) =>
                {
                    return Err("has a parameter without a proper name");
                }
                _ => segments.push(segment),
            }
        }
        let last = segments.len().saturating_sub(1);
        if segments[..last]
            .iter()
            .any(|segment| matches!(segment, Segment::Greedy(_)))
        {
            return Err("has a greedy parameter that is not its last part");
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// As the API's document writes it.
    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The path with `value` in the place of every parameter, as the ARN of a request has it.
    pub(super) fn filled_with(&self, value: &str) -> String {
        let parts = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => text,
            Segment::Parameter(_) | Segment::Greedy(_) => value,
        });
        format!("/{}", parts.collect::<Vec<_>>().join("/"))
    }

    /// The names of its parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) | Segment::Greedy(name) => Some(name.as_str()),
        })
    }

    /// The values of the parameters, encoded as the client wrote them, if the path fits. A literal part
    /// fits however its characters are encoded.
    pub(super) fn matches(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let path = path.strip_prefix('/')?;
        let mut parts: Vec<&str> = path.split('/').filter(|_| !path.is_empty()).collect();
        let whole;
        if let Some(Segment::Greedy(_)) = self.segments.last() {
            let rest = parts.split_off(parts.len().min(self.segments.len() - 1));
            whole = rest.join("/");
            parts.push(&whole);
        }
        if parts.len() != self.segments.len() {
            return None;
        }
        let mut values = BTreeMap::new();
        for (segment, part) in self.segments.iter().zip(parts) {
            match segment {
                Segment::Literal(text) => {
                    percent_decoded_text(part).filter(|part| part == text)?;
                }
                Segment::Parameter(name) | Segment::Greedy(name) => {
                    if part.is_empty() {
                        return None;
                    }
                    values.insert(name.clone(), part.to_owned());
                }
            }
        }
        Some(values)
    }

    /// Sorts the better fit first: a literal part before a parameter, that before a greedy one.
    pub(super) fn preference(&self) -> Vec<u8> {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter(_) => 1,
            Segment::Greedy(_) => 2,
        };
        self.segments.iter().map(rank).collect()
    }

    /// Whether API Gateway refuses the two beside each other, or it is not certain which one it takes for
    /// a path that starts like the one and fits only the other.
    pub(super) fn conflict(&self, other: &Self) -> Option<&'static str> {
        let (at, (mine, theirs)) = self
            .segments
            .iter()
            .zip(&other.segments)
            .enumerate()
            .find(|(_, (mine, theirs))| mine != theirs)?;
        let is_last = |path: &Self| at + 1 == path.segments.len();
        match (mine, theirs) {
            (Segment::Literal(_), Segment::Literal(_)) => None,
            (Segment::Literal(_), Segment::Parameter(_))
            | (Segment::Parameter(_), Segment::Literal(_))
                if is_last(self) && is_last(other) =>
            {
                None
            }
            (Segment::Literal(_), _) | (_, Segment::Literal(_)) => {
                Some("overlap so that it is not certain which one API Gateway takes for some paths")
            }
            _ => Some("have two parameters in one place, which API Gateway refuses"),
        }
    }
}

impl fmt::Display for ResourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::ResourcePath;

    fn path(text: &str) -> ResourcePath {
        ResourcePath::parse(text).expect(text)
    }

    #[test]
    fn parameters_keep_the_clients_encoding() {
        let found = |pattern: &str, of: &str| {
            let values = path(pattern).matches(of)?;
            Some(values.into_values().collect::<Vec<_>>().join("|"))
        };
        for (pattern, of, expected) in [
            ("/", "/", Some("")),
            ("/uploads", "/%75ploads", Some("")),
            ("/uploads/{key}", "/uploads/a%2Fb%20c", Some("a%2Fb%20c")),
            ("/uploads/{key}", "/uploads/a/b", None),
            ("/uploads/{key}", "/uploads/", None),
            ("/uploads/{key}", "/uploads", None),
            ("/u/{a}/x/{b}", "/u/1/x/2", Some("1|2")),
            ("/files/{path+}", "/files/a//b%2B", Some("a//b%2B")),
            ("/files/{path+}", "/files", None),
            ("/a", "/a%", None),
        ] {
            assert_eq!(found(pattern, of).as_deref(), expected, "{pattern} {of}");
        }
    }

    #[test]
    fn refuses_paths_that_are_none() {
        for text in [
            "",
            "a",
            "//a",
            "/a/",
            "/{}",
            "/{a",
            "/a{b}",
            "/{a+}/b",
            "/{+}",
            "/{a b+}/c",
        ] {
            assert!(ResourcePath::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tells_what_cannot_stand_beside_each_other() {
        for (one, other, is_refused) in [
            ("/images", "/images/{id}", false),
            ("/uploads/{key}", "/uploads/new", false),
            ("/a/b", "/a/c/{d}", false),
            ("/a/{x}", "/a/{y}", true),
            ("/a/{x}", "/a/{y+}", true),
            ("/a/b", "/{x}/c", true),
            ("/a", "/{x+}", true),
            ("/{x}/c", "/{x}/d", false),
        ] {
            for (one, other) in [(one, other), (other, one)] {
                let conflict = path(one).conflict(&path(other));
                assert_eq!(conflict.is_some(), is_refused, "{one} {other}");
            }
        }
        assert!(path("/a/b").preference() < path("/a/{x}").preference());
    }
}
