//! Documents that stand on their own: intrinsic functions become `${Name}` placeholders.
//!
//! The same rule serves two ends. A state machine's `Definition` takes its values by
//! `DefinitionSubstitutions`, and the files that people use by hand (`state-machine.asl.json`,
//! `openapi.json`) show the same names, ready for an editor or for `envsubst` with a list of them (without
//! one it would take VTL's `$util` for a variable).

use serde_json::{Map, Value as Json, json};

use crate::cfn::owner;

/// The document with placeholders, and what each placeholder stands for, in order of appearance.
///
/// `Fn::GetAtt: [Role, Arn]` becomes `${RoleArn}`, `Ref: Bucket` becomes `${Bucket}` and
/// `AWS::Region` becomes `${Region}`; text around them in an `Fn::Sub` stays.
#[must_use]
pub fn extract(document: &Json) -> (Json, Map<String, Json>) {
    let mut substitutions = Map::new();
    let document = replace(document, &mut substitutions);
    (document, substitutions)
}

fn replace(json: &Json, substitutions: &mut Map<String, Json>) -> Json {
    match json {
        Json::Object(map) => match map.iter().next() {
            Some((function, argument)) if map.len() == 1 && is_intrinsic(function) => {
                Json::String(intrinsic(json, function, argument, substitutions))
            }
            _ => map
                .iter()
                .map(|(key, value)| (key.clone(), replace(value, substitutions)))
                .collect::<Map<_, _>>()
                .into(),
        },
        Json::Array(items) => items
            .iter()
            .map(|item| replace(item, substitutions))
            .collect(),
        leaf => leaf.clone(),
    }
}

fn is_intrinsic(function: &str) -> bool {
    function == "Ref" || function.starts_with("Fn::")
}

fn intrinsic(
    whole: &Json,
    function: &str,
    argument: &Json,
    substitutions: &mut Map<String, Json>,
) -> String {
    match (function, argument) {
        ("Ref", Json::String(name)) => placeholder(name, substitutions),
        ("Fn::GetAtt", Json::Array(path)) => {
            let path: Vec<&str> = path.iter().filter_map(Json::as_str).collect();
            placeholder(&path.join("."), substitutions)
        }
        ("Fn::Sub", Json::String(text)) => substitute(text, None, substitutions),
        ("Fn::Sub", Json::Array(arguments)) => substitute(
            arguments.first().and_then(Json::as_str).unwrap_or_default(),
            arguments.get(1).and_then(Json::as_object),
            substitutions,
        ),
        _ => {
            let name = item(function, argument)
                .unwrap_or_else(|| format!("Value{}", substitutions.len() + 1));
            substitutions.insert(name.clone(), whole.clone());
            format!("${{{name}}}")
        }
    }
}

/// `Name0` for the first item of the list `Name`.
fn item(function: &str, argument: &Json) -> Option<String> {
    let list = argument[1]["Ref"]
        .as_str()
        .filter(|_| function == "Fn::Select")?;
    Some(format!("{}{}", owner::plain(list), argument[0]))
}

/// The text of an `Fn::Sub`, with each variable by its placeholder and `${!x}` as the `${x}` it means.
fn substitute(
    text: &str,
    variables: Option<&Map<String, Json>>,
    substitutions: &mut Map<String, Json>,
) -> String {
    let mut pieces = text.split("${");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        if let Some(literal) = name.strip_prefix('!') {
            out.push_str("${");
            out.push_str(literal);
            out.push('}');
        } else if let Some(variable) = variables.and_then(|variables| variables.get(name)) {
            let value = replace(variable, substitutions);
            out.push_str(value.as_str().unwrap_or_default());
        } else {
            out.push_str(&placeholder(name, substitutions));
        }
        out.push_str(rest);
    }
    out
}

/// `${Name}` for `Name`, `Name.Attribute` or `AWS::Name`.
fn placeholder(path: &str, substitutions: &mut Map<String, Json>) -> String {
    let name = owner::plain(path)
        .trim_start_matches("AWS::")
        .replace('.', "");
    let value = match path.split_once('.') {
        Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
        None => json!({ "Ref": path }),
    };
    substitutions.insert(name.clone(), value);
    format!("${{{name}}}")
}
