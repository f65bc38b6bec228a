//! The values of a template's parameters: given, of the code, as deployed, or the template's own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::DeployError;
use crate::aws::cloudformation::ParameterValue;

/// What stands in the place of a secret.
const SECRET: &str = "****";

/// Where values come from, the first that has one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sources<'s> {
    /// What was said on the command line.
    pub(super) given: &'s BTreeMap<String, String>,
    /// Where the functions' code is.
    pub(super) code: &'s BTreeMap<String, String>,
    /// The deployed stack's.
    pub(super) deployed: Option<&'s BTreeMap<String, String>>,
    /// The deployed stack's template, to know its defaults.
    pub(super) deployed_template: Option<&'s Json>,
}

/// The values of all parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Values {
    /// As CloudFormation is told. What it is not told is the template's default.
    pub(super) request: Vec<(String, ParameterValue)>,
    /// As they are for the stack; secrets are not told.
    pub(super) effective: BTreeMap<String, String>,
    /// What a reviewer should know.
    pub(super) notes: Vec<String>,
}

/// Finds the value of every parameter of a template.
pub(super) fn values(template: &Json, sources: Sources<'_>) -> Result<Values, DeployError> {
    let declared = declared(template);
    if let Some(name) = sources
        .given
        .keys()
        .find(|name| !declared.contains_key(name.as_str()))
    {
        return Err(DeployError::UnknownParameter {
            name: name.clone(),
            known: declared.into_keys().collect::<Vec<_>>().join(", "),
        });
    }
    let mut values = Values::default();
    let mut missing = Vec::new();
    for (name, declaration) in declared {
        let is_secret = bool::try_from(Setting(&declaration["NoEcho"])).unwrap_or_default();
        let mut tell = |value: &str| {
            let told = if is_secret { SECRET } else { value };
            values.effective.insert(name.to_owned(), told.to_owned());
        };
        let said = sources.given.get(name).or_else(|| sources.code.get(name));
        let deployed = sources.deployed.and_then(|deployed| deployed.get(name));
        let default = text(&declaration["Default"]);
        if let Some(value) = said {
            if sources.given.contains_key(name) {
                check(name, value, declaration)?;
            }
            tell(value);
            let value = ParameterValue::Value(value.clone());
            values.request.push((name.to_owned(), value));
        } else if let Some(value) = deployed {
            tell(value);
            values
                .notes
                .extend(kept(name, value, default.as_deref(), sources));
            values
                .request
                .push((name.to_owned(), ParameterValue::Previous));
        } else if let Some(default) = default {
            tell(&default);
        } else {
            missing.push(name.to_owned());
        }
    }
    if missing.is_empty() {
        Ok(values)
    } else {
        Err(DeployError::NoValue(missing))
    }
}

fn declared(template: &Json) -> BTreeMap<&str, &Json> {
    let declared = template["Parameters"].as_object().into_iter().flatten();
    declared.map(|(name, it)| (name.as_str(), it)).collect()
}

/// What a reviewer should know where the deployed value stays although the template now says otherwise.
fn kept(name: &str, value: &str, default: Option<&str>, sources: Sources<'_>) -> Option<String> {
    let default = default?;
    let before = sources.deployed_template?;
    let before = text(&before["Parameters"][name]["Default"])?;
    (before != default && value != default).then(|| {
        format!(
            "{name} stays {value}, as it is deployed. The template's default is {default} now, and was \
             {before}: --parameter {name}={default} takes it."
        )
    })
}

/// Scalars, as CloudFormation passes them.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// `true` or `"true"`: templates say it either way.
struct Setting<'j>(&'j Json);

impl TryFrom<Setting<'_>> for bool {
    type Error = ();

    fn try_from(setting: Setting<'_>) -> Result<Self, ()> {
        text(setting.0).ok_or(())?.parse().map_err(|_| ())
    }
}

/// What a declaration says against a value. Patterns are left to CloudFormation, which reads them as Java
/// does.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
fn check(name: &str, value: &str, declaration: &Json) -> Result<(), DeployError> {
    let refuse = |problem: String| {
        Err(DeployError::BadValue {
            name: name.to_owned(),
            value: value.to_owned(),
            problem,
        })
    };
    let kind = declaration["Type"].as_str().unwrap_or_default();
    let items: Vec<&str> = match kind {
        "CommaDelimitedList" => value.split(',').map(str::trim).collect(),
        _ => vec![value],
    };
    let allowed: Vec<String> = list(&declaration["AllowedValues"])
        .filter_map(text)
        .collect();
    if !allowed.is_empty()
        && items
            .iter()
            .any(|item| !allowed.iter().any(|it| it == item))
    {
        return refuse(format!("it takes {}", alternatives(&allowed)));
    }
    let least = number(&declaration["MinValue"]);
    let most = number(&declaration["MaxValue"]);
    let shortest = number(&declaration["MinLength"]);
    let longest = number(&declaration["MaxLength"]);
    if kind == "Number" {
        let Ok(value) = value.parse::<f64>() else {
            return refuse("it takes a number".to_owned());
        };
        if least.is_some_and(|least| value < least) || most.is_some_and(|most| value > most) {
            return refuse(format!("it takes{}", bounds(least, most)));
        }
    } else if kind == "String" {
        #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
        let length = value.chars().count() as f64;
        if shortest.is_some_and(|least| length < least) || longest.is_some_and(|most| length > most)
        {
            return refuse(format!("it takes{} characters", bounds(shortest, longest)));
        }
    }
    Ok(())
}

fn list(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}

fn number(value: &Json) -> Option<f64> {
    text(value)?.parse().ok()
}

fn alternatives(allowed: &[String]) -> String {
    match allowed {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => allowed.join(", "),
    }
}

fn bounds(least: Option<f64>, most: Option<f64>) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    if let Some(least) = least {
        let _ = write!(text, " at least {least}");
    }
    if let Some(most) = most {
        let and = if least.is_some() { " and" } else { "" };
        let _ = write!(text, "{and} at most {most}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value as Json, json};

    use super::{DeployError, ParameterValue, Sources, Values, values};

    fn template() -> Json {
        json!({"Parameters": {
            "CodeKey": {"Type": "String", "MinLength": 1},
            "MaxWidth": {"Type": "Number", "Default": 1024, "MinValue": 1, "MaxValue": 16383},
            "Days": {"Type": "Number", "Default": 30, "AllowedValues": [1, 30]},
            "Origins": {"Type": "CommaDelimitedList", "Default": "a,b", "AllowedValues": ["a", "b"]},
            "Token": {"Type": "String", "Default": "", "NoEcho": "true", "MaxLength": 5},
        }})
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn given(pairs: &[(&str, &str)]) -> Result<Values, DeployError> {
        let sources = Sources {
            given: &map(pairs),
            code: &map(&[("CodeKey", "k.zip")]),
            deployed: None,
            deployed_template: None,
        };
        values(&template(), sources)
    }

    #[test]
    fn a_new_stack_has_what_is_given_and_defaults() {
        let values = given(&[("MaxWidth", "32"), ("Token", "abc")]).expect("values");
        let value = |text: &str| ParameterValue::Value(text.to_owned());
        let expected = [
            ("CodeKey".to_owned(), value("k.zip")),
            ("MaxWidth".to_owned(), value("32")),
            ("Token".to_owned(), value("abc")),
        ];
        assert_eq!(values.request, expected);
        let expected = [
            ("CodeKey", "k.zip"),
            ("Days", "30"),
            ("MaxWidth", "32"),
            ("Origins", "a,b"),
            ("Token", "****"),
        ];
        assert_eq!(values.effective, map(&expected));
    }

    #[test]
    fn a_deployed_stack_keeps_what_is_not_named() {
        let deployed = map(&[
            ("CodeKey", "old.zip"),
            ("MaxWidth", "720"),
            ("Days", "1"),
            ("Gone", "x"),
        ]);
        let before = json!({"Parameters": {
            "MaxWidth": {"Default": 720}, "Days": {"Default": 30},
        }});
        let sources = Sources {
            given: &map(&[]),
            code: &map(&[("CodeKey", "new.zip")]),
            deployed: Some(&deployed),
            deployed_template: Some(&before),
        };
        let values = values(&template(), sources).expect("values");
        let expected = [
            (
                "CodeKey".to_owned(),
                ParameterValue::Value("new.zip".to_owned()),
            ),
            ("Days".to_owned(), ParameterValue::Previous),
            ("MaxWidth".to_owned(), ParameterValue::Previous),
        ];
        assert_eq!(values.request, expected);
        assert_eq!(values.effective["MaxWidth"], "720");
        let [note] = values.notes.as_slice() else {
            panic!("one default has changed: {:?}", values.notes)
        };
        assert!(note.contains("MaxWidth stays 720"), "{note}");
        assert!(note.contains("--parameter MaxWidth=1024"), "{note}");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (name, value, words) in [
            (
                "MaxHight",
                "1",
                "there is CodeKey, Days, MaxWidth, Origins, Token",
            ),
            ("MaxWidth", "wide", "it takes a number"),
            ("MaxWidth", "0", "it takes at least 1 and at most 16383"),
            ("Days", "7", "it takes 1 or 30"),
            ("Origins", "a, c", "it takes a or b"),
            ("CodeKey", "", "it takes at least 1 characters"),
            ("Token", "123456", "it takes at most 5 characters"),
        ] {
            let error = given(&[(name, value)]).expect_err(words);
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error.exit_code(), 2);
        }
        given(&[("Origins", "a, b")]).expect("values");
    }

    #[test]
    fn what_has_no_value_is_asked_for() {
        let sources = Sources {
            given: &map(&[]),
            code: &map(&[]),
            deployed: None,
            deployed_template: None,
        };
        let error = values(&template(), sources).expect_err("no code");
        assert!(
            error.to_string().contains("--parameter CodeKey="),
            "{error}"
        );
    }
}
