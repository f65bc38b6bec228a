//! The intrinsic functions.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>

use serde_json::{Map, Value};

use super::{DeployedStack, ResolveError, attribute, condition, substitute};

/// Deeper than any template, shallow enough for the stack.
pub(super) const MAX_DEPTH: usize = 100;

pub(super) fn resolve(
    stack: &DeployedStack,
    value: &Value,
    depth: usize,
) -> Result<Option<Value>, ResolveError> {
    if depth > MAX_DEPTH {
        return Err(ResolveError::TooDeep);
    }
    match value {
        Value::Object(fields) => {
            if let Some((function, argument)) = intrinsic(fields) {
                return call(stack, function, argument, depth + 1);
            }
            let mut resolved = Map::new();
            for (name, field) in fields {
                if let Some(field) = resolve(stack, field, depth + 1)? {
                    resolved.insert(name.clone(), field);
                }
            }
            Ok(Some(Value::Object(resolved)))
        }
        Value::Array(items) => {
            let items = items
                .iter()
                .filter_map(|item| resolve(stack, item, depth + 1).transpose());
            Ok(Some(Value::Array(items.collect::<Result<_, _>>()?)))
        }
        scalar => Ok(Some(scalar.clone())),
    }
}

/// A value that must be text (or a scalar, which CloudFormation writes as text).
pub(super) fn text(
    stack: &DeployedStack,
    value: &Value,
    depth: usize,
) -> Result<String, ResolveError> {
    match resolve(stack, value, depth)? {
        Some(Value::String(text)) => Ok(text),
        Some(Value::Bool(flag)) => Ok(flag.to_string()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(ResolveError::Unsupported(format!(
            "{value} where text is needed"
        ))),
    }
}

/// What `Ref` of a name gives; `None` for `AWS::NoValue`.
pub(super) fn reference(stack: &DeployedStack, name: &str) -> Result<Option<String>, ResolveError> {
    let pseudo = &stack.pseudo;
    Ok(Some(match name {
        "AWS::NoValue" => return Ok(None),
        "AWS::AccountId" => pseudo.account_id.clone(),
        "AWS::Partition" => "aws".to_owned(),
        "AWS::Region" => pseudo.region.clone(),
        "AWS::StackId" => pseudo.stack_id.clone(),
        "AWS::StackName" => pseudo.stack_name.clone(),
        "AWS::URLSuffix" => "amazonaws.com".to_owned(),
        _ => stack
            .parameters
            .get(name)
            .or_else(|| stack.physical_ids.get(name))
            .cloned()
            .ok_or_else(|| ResolveError::UnknownName(name.to_owned()))?,
    }))
}

/// Whether a name is a parameter that holds a list: its value is text with commas, its reference a list.
pub(super) fn is_list(stack: &DeployedStack, name: &str) -> bool {
    let kind = &stack.template["Parameters"][name]["Type"];
    kind.as_str()
        .is_some_and(|kind| kind == "CommaDelimitedList" || kind.starts_with("List<"))
}

fn intrinsic(fields: &Map<String, Value>) -> Option<(&str, &Value)> {
    let (name, argument) = fields.iter().next().filter(|_| fields.len() == 1)?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

fn call(
    stack: &DeployedStack,
    function: &str,
    argument: &Value,
    depth: usize,
) -> Result<Option<Value>, ResolveError> {
    let unsupported = || ResolveError::Unsupported(format!("{function}: {argument}"));
    let result = match (function, argument) {
        ("Ref", Value::String(name)) => {
            let value = reference(stack, name)?;
            return Ok(value.map(|value| {
                if is_list(stack, name) {
                    value.split(',').map(str::trim).collect()
                } else {
                    Value::from(value)
                }
            }));
        }
        ("Fn::GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').ok_or_else(unsupported)?;
            attribute::get(stack, resource, attribute)?
        }
        ("Fn::GetAtt", Value::Array(path)) => match path.as_slice() {
            [Value::String(resource), Value::String(attribute)] => {
                attribute::get(stack, resource, attribute)?
            }
            _ => return Err(unsupported()),
        },
        ("Fn::Sub", Value::String(pattern)) => {
            substitute::substitute(stack, pattern, &Map::new(), depth)?
        }
        ("Fn::Sub", Value::Array(parts)) => match parts.as_slice() {
            [Value::String(pattern), Value::Object(names)] => {
                substitute::substitute(stack, pattern, names, depth)?
            }
            _ => return Err(unsupported()),
        },
        ("Fn::Join", Value::Array(parts)) => match parts.as_slice() {
            [Value::String(separator), items] => {
                let items = resolve(stack, items, depth)?.unwrap_or_default();
                let items = items.as_array().ok_or_else(unsupported)?;
                let items = items
                    .iter()
                    .map(|item| text(stack, item, depth))
                    .collect::<Result<Vec<_>, _>>()?;
                items.join(separator)
            }
            _ => return Err(unsupported()),
        },
        ("Fn::Select", Value::Array(parts)) => match parts.as_slice() {
            [index, list] => {
                let index: usize = text(stack, index, depth)?
                    .parse()
                    .map_err(|_| unsupported())?;
                let list = resolve(stack, list, depth)?.unwrap_or_default();
                let item = list.as_array().and_then(|items| items.get(index));
                return Ok(Some(item.cloned().ok_or_else(unsupported)?));
            }
            _ => return Err(unsupported()),
        },
        ("Fn::If", Value::Array(parts)) => match parts.as_slice() {
            [Value::String(name), yes, no] => {
                let branch = if condition::named(stack, name, depth)? {
                    yes
                } else {
                    no
                };
                return resolve(stack, branch, depth);
            }
            _ => return Err(unsupported()),
        },
        ("Fn::ImportValue", name) => {
            let name = text(stack, name, depth)?;
            stack
                .exports
                .get(&name)
                .cloned()
                .ok_or(ResolveError::UnknownExport(name))?
        }
        _ => return Err(unsupported()),
    };
    Ok(Some(Value::from(result)))
}
