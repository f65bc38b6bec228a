//! Who refers to whom: every reference must be to something in the stack, and no two resources may
//! wait for each other. No local engine finds either, so the model does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::Problem;

/// Everything wrong with the references of a stack.
pub(crate) fn problems(
    parameters: &Map<String, Json>,
    conditions: &Map<String, Json>,
    resources: &Map<String, Json>,
    outputs: &Map<String, Json>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let defined = |name: &str| parameters.contains_key(name) || resources.contains_key(name);
    for (owner, json) in conditions {
        let found = of(json);
        for name in found
            .iter()
            .filter(|name| resources.contains_key(name.as_str()))
        {
            problems.push(Problem::new(
                owner,
                format!("tests the resource `{name}`: a condition is decided before there are resources, by parameters alone"),
            ));
        }
    }
    for (owner, json) in conditions.iter().chain(resources).chain(outputs) {
        let mut found = Found::default();
        found.walk(json);
        for name in found.references.iter().filter(|name| !defined(name)) {
            problems.push(Problem::new(
                owner,
                format!("refers to `{name}`, which is not in this stack: a handle belongs to the stack that made it"),
            ));
        }
        for name in found
            .conditions
            .iter()
            .filter(|name| !conditions.contains_key(name.as_str()))
        {
            problems.push(Problem::new(
                owner,
                format!("depends on the condition `{name}`, which is not in this stack"),
            ));
        }
        if resources.contains_key(owner) {
            edges.insert(owner, found.references);
        }
    }
    problems.extend(cycle(&edges));
    problems
}

/// The resources that a resource refers to, in order.
pub(crate) fn of(resource: &Json) -> BTreeSet<String> {
    let mut found = Found::default();
    found.walk(resource);
    found.references
}

/// The names that a piece of a template refers to. Pseudo parameters are left out.
#[derive(Default)]
struct Found {
    references: BTreeSet<String>,
    conditions: BTreeSet<String>,
}

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
                            arguments
                                .iter()
                                .skip(1)
                                .for_each(|argument| self.walk(argument));
                        }
                        ("Fn::If", Json::Array(arguments)) => {
                            let name = arguments.first().and_then(Json::as_str).unwrap_or_default();
                            self.conditions.insert(name.to_owned());
                            arguments
                                .iter()
                                .skip(1)
                                .for_each(|argument| self.walk(argument));
                        }
                        ("DependsOn", Json::Array(names)) => {
                            names
                                .iter()
                                .filter_map(Json::as_str)
                                .for_each(|name| self.refer(name));
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
            self.references.insert(name.to_owned());
        }
    }
}

/// The first circle of resources that wait for each other, if there is one.
fn cycle(edges: &BTreeMap<&str, BTreeSet<String>>) -> Option<Problem> {
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        let mut path = Vec::new();
        if let Some(circle) = visit(start, edges, &mut path, &mut done) {
            let subject = circle.first().cloned().unwrap_or_default();
            return Some(Problem::new(
                subject,
                format!(
                    "waits for itself ({}): replace one of these references by a name built with `sub!`",
                    circle.join(" -> ")
                ),
            ));
        }
    }
    None
}

fn visit(
    name: &str,
    edges: &BTreeMap<&str, BTreeSet<String>>,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|seen| seen == name) {
        let mut circle = path.split_off(start);
        circle.push(name.to_owned());
        return Some(circle);
    }
    if done.contains(name) {
        return None;
    }
    path.push(name.to_owned());
    for next in edges.get(name).into_iter().flatten() {
        if let Some(circle) = visit(next, edges, path, done) {
            return Some(circle);
        }
    }
    path.pop();
    done.insert(name.to_owned());
    None
}
