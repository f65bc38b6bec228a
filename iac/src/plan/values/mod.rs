//! A template with what is known before the deployment filled in.
//!
//! A value that comes from a parameter changes without the template changing, and a template may say the
//! same value in another way. So both sides are compared after the intrinsic functions whose arguments are
//! known were carried out. What only the deployment knows (the name of a bucket) stays a reference.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>

mod condition;

use serde_json::{Map, Value as Json, json};

use crate::plan::Side;

/// Deeper than any template, shallow enough for the stack.
const MAX_DEPTH: usize = 100;

/// A template with what is known of the stack.
pub(in crate::plan) struct Values<'s> {
    side: &'s Side,
    stack: &'s str,
    region: &'s str,
}

impl<'s> Values<'s> {
    pub(in crate::plan) const fn new(side: &'s Side, stack: &'s str, region: &'s str) -> Self {
        Self {
            side,
            stack,
            region,
        }
    }

    /// The resources that there are, the conditions being what they are.
    pub(in crate::plan) fn resources(&self) -> Map<String, Json> {
        let resources = self.side.template["Resources"].as_object();
        let there = resources.into_iter().flatten().filter(|(_, resource)| {
            let condition = resource["Condition"].as_str();
            condition.and_then(|name| self.condition(name, 0)) != Some(false)
        });
        there
            .map(|(id, resource)| {
                let resource = self.resolve(resource, 0).unwrap_or_default();
                (id.clone(), resource)
            })
            .collect()
    }

    /// The value with everything known filled in; `None` for `AWS::NoValue`.
    pub(in crate::plan) fn resolve(&self, value: &Json, depth: usize) -> Option<Json> {
        if depth > MAX_DEPTH {
            return Some(value.clone());
        }
        match value {
            Json::Object(fields) => match intrinsic(value) {
                Some((function, argument)) => self.call(value, function, argument, depth + 1),
                None => Some(
                    fields
                        .iter()
                        .filter_map(|(name, field)| {
                            Some((name.clone(), self.resolve(field, depth + 1)?))
                        })
                        .collect::<Map<_, _>>()
                        .into(),
                ),
            },
            Json::Array(items) => Some(
                items
                    .iter()
                    .filter_map(|item| self.resolve(item, depth + 1))
                    .collect(),
            ),
            scalar => Some(scalar.clone()),
        }
    }

    /// The function carried out, or left as it is with its arguments filled in.
    fn call(&self, whole: &Json, function: &str, argument: &Json, depth: usize) -> Option<Json> {
        let known = match (function, argument) {
            ("Ref", Json::String(name)) if name == "AWS::NoValue" => return None,
            ("Ref", Json::String(name)) => self.named(name),
            ("Fn::Sub", Json::String(text)) => Some(self.substitute(text, None, depth)),
            ("Fn::Sub", Json::Array(items)) => items
                .first()
                .and_then(Json::as_str)
                .map(|text| self.substitute(text, items.get(1), depth)),
            ("Fn::If", Json::Array(items)) if items.len() == 3 => {
                let name = items[0].as_str().unwrap_or_default();
                if let Some(holds) = self.condition(name, depth) {
                    return self.resolve(&items[if holds { 1 } else { 2 }], depth);
                }
                None
            }
            ("Fn::Select", Json::Array(items)) if items.len() == 2 => {
                self.select(&items[0], &items[1], depth)
            }
            ("Fn::Join", Json::Array(items)) if items.len() == 2 => {
                self.join(&items[0], &items[1], depth)
            }
            _ => None,
        };
        known.or_else(|| match whole {
            // A logical id, an attribute, a condition: nothing in them is a value.
            _ if matches!(function, "Ref" | "Fn::GetAtt") => Some(whole.clone()),
            _ => {
                let argument = self.resolve(argument, depth)?;
                Some(json!({ function: argument }))
            }
        })
    }

    /// What `Ref` of a name gives, if that is known.
    fn named(&self, name: &str) -> Option<Json> {
        match name {
            "AWS::StackName" => return Some(self.stack.into()),
            "AWS::Region" => return Some(self.region.into()),
            _ => {}
        }
        let definition = self.side.template["Parameters"].get(name)?;
        let kind = definition["Type"].as_str().unwrap_or_default();
        let text = match (self.side.parameters.get(name), &definition["Default"]) {
            (Some(value), _) => value.clone(),
            (None, Json::String(default)) => default.clone(),
            (None, Json::Null) => return None,
            (None, default) => default.to_string(),
        };
        if kind == "CommaDelimitedList" || kind.starts_with("List<") {
            return Some(text.split(',').map(str::trim).map(Json::from).collect());
        }
        let number = (kind == "Number").then(|| serde_json::from_str(&text).ok());
        Some(number.flatten().map_or(text.into(), Json::Number))
    }

    /// The text with what is known in it; a reference if nothing but that is left.
    fn substitute(&self, text: &str, variables: Option<&Json>, depth: usize) -> Json {
        let mut open = false;
        let mut left = Map::new();
        let mut out = String::new();
        let mut pieces = text.split("${");
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let Some((name, rest)) = piece.split_once('}') else {
                out.push_str("${");
                out.push_str(piece);
                continue;
            };
            let own = variables.and_then(|variables| variables.get(name));
            let value = match own {
                Some(own) => self.resolve(own, depth),
                None if name.starts_with('!') => None,
                None => self.named(name),
            };
            match value.as_ref().and_then(scalar) {
                Some(value) => out.push_str(&value.replace("${", "${!")),
                None => {
                    let reference = value.as_ref().and_then(reference);
                    open = open || !name.starts_with('!');
                    out.push_str("${");
                    out.push_str(reference.as_deref().unwrap_or(name));
                    out.push('}');
                    if let (None, Some(value)) = (reference, value) {
                        left.insert(name.to_owned(), value);
                    }
                }
            }
            out.push_str(rest);
        }
        if !left.is_empty() {
            return json!({ "Fn::Sub": [out, left] });
        }
        if !open {
            return out.replace("${!", "${").into();
        }
        let alone = out
            .strip_prefix("${")
            .and_then(|name| name.strip_suffix('}'));
        match alone.filter(|name| !name.contains(['{', '}'])) {
            Some(name) => match name.split_once('.') {
                Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
                None => json!({ "Ref": name }),
            },
            None => json!({ "Fn::Sub": out }),
        }
    }

    fn select(&self, index: &Json, list: &Json, depth: usize) -> Option<Json> {
        let index: usize = scalar(index)?.parse().ok()?;
        let list = self.resolve(list, depth)?;
        list.as_array()?.get(index).cloned()
    }

    fn join(&self, separator: &Json, list: &Json, depth: usize) -> Option<Json> {
        let list = self.resolve(list, depth)?;
        let parts: Option<Vec<String>> = list.as_array()?.iter().map(scalar).collect();
        Some(parts?.join(separator.as_str()?).into())
    }
}

/// The function and the argument of a value that is an intrinsic function.
pub(in crate::plan) fn intrinsic(value: &Json) -> Option<(&str, &Json)> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let (function, argument) = fields.iter().next()?;
    (function == "Ref" || function.starts_with("Fn::")).then_some((function.as_str(), argument))
}

/// The text of a value that has no parts, as CloudFormation writes it.
pub(in crate::plan) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// What stands between the braces of `${...}` for a reference.
pub(in crate::plan) fn reference(value: &Json) -> Option<String> {
    match intrinsic(value)? {
        ("Ref", Json::String(name)) => Some(name.clone()),
        ("Fn::GetAtt", Json::String(path)) => Some(path.clone()),
        ("Fn::GetAtt", Json::Array(path)) => {
            let path: Option<Vec<&str>> = path.iter().map(Json::as_str).collect();
            Some(path?.join("."))
        }
        _ => None,
    }
}

/// A value with parts: one that is written out, or as a JSON text.
pub(in crate::plan) fn document(value: &Json) -> Option<Json> {
    match value {
        Json::String(text) if text.trim_start().starts_with(['{', '[']) => {
            serde_json::from_str(text).ok()
        }
        Json::Object(_) if intrinsic(value).is_none() => Some(value.clone()),
        Json::Array(_) => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
