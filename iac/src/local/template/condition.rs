//! The conditions of a template.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html>

use serde_json::Value;

use super::resolve::{MAX_DEPTH, text};
use super::{DeployedStack, ResolveError};

pub(super) fn named(stack: &DeployedStack, name: &str, depth: usize) -> Result<bool, ResolveError> {
    match stack.template["Conditions"].get(name) {
        Some(condition) => holds(stack, condition, depth + 1),
        None => Err(ResolveError::UnknownCondition(name.to_owned())),
    }
}

fn holds(stack: &DeployedStack, condition: &Value, depth: usize) -> Result<bool, ResolveError> {
    if depth > MAX_DEPTH {
        return Err(ResolveError::TooDeep);
    }
    let unsupported = || ResolveError::Unsupported(format!("the condition {condition}"));
    let fields = condition
        .as_object()
        .filter(|fields| fields.len() == 1)
        .ok_or_else(unsupported)?;
    let (function, argument) = fields.iter().next().ok_or_else(unsupported)?;
    if let ("Condition", Value::String(name)) = (function.as_str(), argument) {
        return named(stack, name, depth);
    }
    let operands = argument.as_array().ok_or_else(unsupported)?;
    // All operands are looked at, as CloudFormation does: a mistake in the second is one even if the
    // first decides.
    let all = || {
        operands
            .iter()
            .map(|operand| holds(stack, operand, depth + 1))
            .collect::<Result<Vec<_>, _>>()
    };
    match (function.as_str(), operands.as_slice()) {
        ("Fn::Equals", [left, right]) => {
            Ok(text(stack, left, depth)? == text(stack, right, depth)?)
        }
        ("Fn::Not", [_]) => Ok(all()?.iter().all(|holds| !holds)),
        ("Fn::And", _) => Ok(all()?.iter().all(|holds| *holds)),
        ("Fn::Or", _) => Ok(all()?.iter().any(|holds| *holds)),
        _ => Err(unsupported()),
    }
}
