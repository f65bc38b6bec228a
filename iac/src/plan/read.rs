//! Templates as they are sent: YAML or JSON, with long or short forms of the intrinsic functions.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use serde_yaml::Value as Yaml;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::Side;

/// Why a text is no template.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The text is neither YAML nor JSON.
    #[error("the template is no YAML")]
    Yaml(#[from] serde_yaml::Error),
    /// It is YAML, and no template.
    #[error("the template has no `Resources`")]
    NoResources,
    /// A key is a list or has fields.
    #[error("the template has a key that is no text")]
    Key,
}

impl Side {
    /// Reads a template. Parameters are those given; others have their defaults, and those that nobody is
    /// to see (`NoEcho`) stay hidden.
    ///
    /// # Errors
    /// The text is no template.
    pub fn read(text: &str, given: &BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let template = json(serde_yaml::from_str(text)?)?;
        if !template["Resources"].is_object() {
            return Err(TemplateError::NoResources);
        }
        let hash = Sha256::digest(text);
        Ok(Self {
            parameters: effective(&template, given),
            template,
            template_text_sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

/// The values that a template's parameters have.
fn effective(template: &Json, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let definitions = template["Parameters"].as_object().into_iter().flatten();
    let values = definitions.filter_map(|(name, definition)| {
        let hidden = match &definition["NoEcho"] {
            Json::Bool(hidden) => *hidden,
            Json::String(text) => text.eq_ignore_ascii_case("true"),
            _ => false,
        };
        let value = match (given.get(name), &definition["Default"]) {
            (Some(_), _) if hidden => "****".to_owned(),
            (Some(value), _) => value.clone(),
            (None, Json::Null) => return None,
            (None, _) if hidden => "****".to_owned(),
            (None, Json::String(default)) => default.clone(),
            (None, default) => default.to_string(),
        };
        Some((name.clone(), value))
    });
    values.collect()
}

fn json(yaml: Yaml) -> Result<Json, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Json::Null,
        Yaml::Bool(flag) => flag.into(),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => {
            let items: Result<Vec<Json>, _> = items.into_iter().map(json).collect();
            items?.into()
        }
        Yaml::Mapping(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let key = match json(key)? {
                    Json::String(key) => key,
                    key @ (Json::Number(_) | Json::Bool(_)) => key.to_string(),
                    _ => return Err(TemplateError::Key),
                };
                Ok((key, json(value)?))
            });
            Json::Object(fields.collect::<Result<Map<_, _>, _>>()?)
        }
        Yaml::Tagged(tagged) => {
            let name = tagged.tag.to_string();
            let argument = json(tagged.value)?;
            long_form(name.trim_start_matches('!'), argument)
        }
    })
}

/// `!Ref X` is `{Ref: X}`, `!Sub X` is `{Fn::Sub: X}`, and `!GetAtt A.B` takes a list in its long form.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>
fn long_form(name: &str, argument: Json) -> Json {
    match (name, &argument) {
        ("Ref" | "Condition", _) => json!({ name: argument }),
        ("GetAtt", Json::String(path)) => match path.split_once('.') {
            Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
            None => json!({ "Fn::GetAtt": argument }),
        },
        _ => json!({ format!("Fn::{name}"): argument }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "\
Parameters:
  Width: {Type: Number, Default: 720}
  Name: {Type: String}
  Secret: {Type: String, NoEcho: true}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Condition: There
    Properties:
      BucketName: !Sub '${AWS::StackName}-x'
      Tags:
        - {Key: a, Value: !GetAtt Role.Arn}
        - {Key: b, Value: !If [There, !Ref Name, !Ref 'AWS::NoValue']}
      200: yes
";

    #[test]
    fn short_forms_are_read_as_long_ones() {
        let given = BTreeMap::from([
            ("Name".to_owned(), "n".to_owned()),
            ("Secret".to_owned(), "s3cret".to_owned()),
            ("Other".to_owned(), "o".to_owned()),
        ]);
        let side = Side::read(TEMPLATE, &given).expect("a template");
        assert_eq!(
            side.template["Resources"]["Bucket"]["Properties"],
            json!({
                "BucketName": { "Fn::Sub": "${AWS::StackName}-x" },
                "Tags": [
                    { "Key": "a", "Value": { "Fn::GetAtt": ["Role", "Arn"] } },
                    { "Key": "b", "Value": { "Fn::If": ["There", { "Ref": "Name" }, { "Ref": "AWS::NoValue" }] } },
                ],
                "200": "yes",
            })
        );
        let value = |name: &str| side.parameters.get(name).map(String::as_str);
        assert_eq!(value("Width"), Some("720"));
        assert_eq!(value("Name"), Some("n"));
        assert_eq!(value("Secret"), Some("****"));
        assert_eq!(value("Other"), None);
        assert_eq!(side.template_text_sha256.len(), 64);
    }

    #[test]
    fn json_is_read_as_well() {
        let text = r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}"#;
        let side = Side::read(text, &BTreeMap::new()).expect("a template");
        assert_eq!(side.template["Resources"]["Q"]["Type"], "AWS::SQS::Queue");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for (text, message) in [
            ("Resources: [", "the template is no YAML"),
            ("Resources: 1", "the template has no `Resources`"),
            ("", "the template has no `Resources`"),
            (
                "Resources: {? [a] : b}",
                "the template has a key that is no text",
            ),
        ] {
            let error = Side::read(text, &BTreeMap::new()).expect_err(text);
            assert_eq!(error.to_string(), message, "{text}");
        }
    }
}
