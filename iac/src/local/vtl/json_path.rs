//! The paths of `$input.json` and `$input.path`: `$`, `.name`, `['name']` and `[0]`.

use serde_json::Value;

/// A definite path: it names at most one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl JsonPath {
    /// Parses a path; `None` where it is wrong or uses a wildcard, a filter, a slice or a descent.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(|c: char| !is_name(c)).unwrap_or(after.len());
                let (name, tail) = after.split_at(end);
                if name.is_empty() {
                    return None;
                }
                steps.push(Step::Name(name.to_owned()));
                rest = tail;
            } else {
                let (inside, tail) = rest.strip_prefix('[')?.split_once(']')?;
                steps.push(
                    match inside.strip_prefix('\'').and_then(|i| i.strip_suffix('\'')) {
                        Some(name) if !name.is_empty() && name.chars().all(is_name) => {
                            Step::Name(name.to_owned())
                        }
                        None if inside.bytes().all(|b| b.is_ascii_digit()) => {
                            Step::Index(inside.parse().ok()?)
                        }
                        Some(_) | None => return None,
                    },
                );
                rest = tail;
            }
        }
        Some(Self { steps })
    }

    /// The value at this path.
    pub(super) fn find<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        self.steps.iter().try_fold(root, |value, step| match step {
            Step::Name(name) => value.as_object()?.get(name),
            Step::Index(index) => value.as_array()?.get(*index),
        })
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::JsonPath;

    #[test]
    fn finds_names_and_indexes() {
        let value = json!({"a": [{"b": 7}]});
        for path in ["$.a[0].b", "$['a'][0]['b']"] {
            assert_eq!(
                JsonPath::parse(path).and_then(|p| p.find(&value).cloned()),
                Some(json!(7))
            );
        }
    }

    #[test]
    fn refuses_what_may_name_several_values() {
        for path in [
            "",
            "a",
            "$..a",
            "$.*",
            "$[*]",
            "$[?(@.a)]",
            "$[0:1]",
            "$[-1]",
            "$.",
            "$.a b",
            "$[]x",
        ] {
            assert_eq!(JsonPath::parse(path), None, "{path}");
        }
    }
}
