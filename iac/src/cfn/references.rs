//! What a piece of a template refers to.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

/// The parameters and resources that a piece of a template refers to, in order. Pseudo parameters are
/// left out.
pub(crate) fn of(json: &Json) -> BTreeSet<String> {
    let mut found = Found::default();
    found.walk(json);
    found.0
}

#[derive(Default)]
struct Found(BTreeSet<String>);

impl Found {
    fn walk(&mut self, json: &Json) {
        match json {
            Json::Object(map) => {
                for (key, value) in map {
                    match (key.as_str(), value) {
                        ("Ref", Json::String(name)) => self.refer(name),
                        ("Fn::GetAtt", Json::Array(path)) => {
                            self.refer(path.first().and_then(Json::as_str).unwrap_or_default());
                        }
                        ("Fn::Sub", Json::String(text)) => self.substitute(text, None),
                        ("Fn::Sub", Json::Array(arguments)) => {
                            let text = arguments.first().and_then(Json::as_str).unwrap_or_default();
                            let variables = arguments.get(1).and_then(Json::as_object);
                            self.substitute(text, variables);
                            self.walk(value);
                        }
                        _ => self.walk(value),
                    }
                }
            }
            Json::Array(items) => items.iter().for_each(|item| self.walk(item)),
            _ => {}
        }
    }

    fn substitute(&mut self, text: &str, variables: Option<&Map<String, Json>>) {
        for (start, _) in text.match_indices("${") {
            let rest = text.get(start + 2..).unwrap_or_default();
            let name = rest.split('}').next().unwrap_or_default();
            let local = variables.is_some_and(|variables| variables.contains_key(name));
            if !local && !name.starts_with('!') {
                self.refer(name.split('.').next().unwrap_or_default());
            }
        }
    }

    fn refer(&mut self, name: &str) {
        if !name.starts_with("AWS::") {
            self.0.insert(name.to_owned());
        }
    }
}
