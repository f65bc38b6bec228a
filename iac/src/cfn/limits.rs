//! CloudFormation's limits.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use serde_json::{Map, Value as Json};

use super::{Problem, Template};

/// Bytes of a template that goes with the call.
pub const MAX_TEMPLATE_BODY: usize = 51_200;
const MAX_DESCRIPTION: usize = 1024;
const MAX_PARAMETERS: usize = 200;
const MAX_RESOURCES: usize = 500;
const MAX_OUTPUTS: usize = 200;

/// Everything about a template that is over a limit.
pub(crate) fn problems(template: &Template) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = template.name();
    let mut refuse = |subject: &str, message: String| problems.push(Problem::new(subject, message));

    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && name.len() <= 128;
    if !is_name {
        let rule = "is no name for a stack: use up to 128 ASCII letters, digits and hyphens, a letter first";
        refuse(name, rule.to_owned());
    }
    let description = template.document()["Description"]
        .as_str()
        .map_or(0, str::len);
    if description > MAX_DESCRIPTION {
        refuse(
            name,
            format!("has a description of {description} bytes, over {MAX_DESCRIPTION}: shorten it"),
        );
    }
    for (section, limit) in [
        ("Parameters", MAX_PARAMETERS),
        ("Resources", MAX_RESOURCES),
        ("Outputs", MAX_OUTPUTS),
    ] {
        let count = template.document()[section].as_object().map_or(0, Map::len);
        if count > limit {
            refuse(
                name,
                format!("has {count} {section}, over {limit}: split the stack"),
            );
        }
    }
    if template.document()["Resources"]
        .as_object()
        .is_none_or(Map::is_empty)
    {
        refuse(name, "has no resource: add one".to_owned());
    }
    let size = template.yaml().len();
    if size > MAX_TEMPLATE_BODY {
        refuse(
            name,
            format!(
                "is {size} bytes as a template, over the {MAX_TEMPLATE_BODY} that CloudFormation takes: split the stack"
            ),
        );
    }
    for (parameter, json) in template.document()["Parameters"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if let Some(message) = contradiction(json) {
            refuse(parameter, message.to_owned());
        }
    }
    problems
}

/// What no value of a parameter, or not its own default, could satisfy.
fn contradiction(parameter: &Json) -> Option<&'static str> {
    let number = |json: &Json| json.as_u64();
    let above =
        |least: &str, most: &str| match (number(&parameter[least]), number(&parameter[most])) {
            (Some(least), Some(most)) => least > most,
            _ => false,
        };
    if above("MinValue", "MaxValue") || above("MinLength", "MaxLength") {
        return Some("takes no value at all: its least is above its largest");
    }
    let default = parameter.get("Default")?;
    let outside = |value: Option<u64>, least: &str, most: &str| {
        value.is_some_and(|value| {
            number(&parameter[least]).is_some_and(|least| value < least)
                || number(&parameter[most]).is_some_and(|most| value > most)
        })
    };
    let length = default
        .as_str()
        .and_then(|text| u64::try_from(text.chars().count()).ok());
    let allowed = parameter["AllowedValues"].as_array();
    let refused = outside(number(default), "MinValue", "MaxValue")
        || outside(length, "MinLength", "MaxLength")
        || allowed.is_some_and(|allowed| !allowed.contains(default));
    refused.then_some("refuses its own default: change one of the two")
}
