//! `Fn::Sub`.

use serde_json::{Map, Value};

use super::resolve::{is_list, reference, text};
use super::{DeployedStack, ResolveError, attribute};

/// Fills in `${Name}` and `${Name.Attribute}`; `${!x}` stands for a literal `${x}`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html>
pub(super) fn substitute(
    stack: &DeployedStack,
    pattern: &str,
    names: &Map<String, Value>,
    depth: usize,
) -> Result<String, ResolveError> {
    let mut output = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        output.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            return Err(ResolveError::Unsupported(format!("Fn::Sub: {pattern:?}")));
        };
        rest = tail;
        if let Some(literal) = name.strip_prefix('!') {
            output.push_str("${");
            output.push_str(literal);
            output.push('}');
        } else if let Some(value) = names.get(name) {
            output.push_str(&text(stack, value, depth)?);
        } else if let Some((resource, attribute)) = name.split_once('.') {
            output.push_str(&attribute::get(stack, resource, attribute)?);
        } else if is_list(stack, name) {
            return Err(ResolveError::Unsupported(format!(
                "Fn::Sub of the list {name}"
            )));
        } else {
            let value = reference(stack, name)?;
            output.push_str(
                &value.ok_or_else(|| {
                    ResolveError::Unsupported("Fn::Sub of AWS::NoValue".to_owned())
                })?,
            );
        }
    }
    output.push_str(rest);
    Ok(output)
}
