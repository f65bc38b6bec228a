//! The names of a template in policies: as people read them, and as they are compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::plan::render::plain;

/// What is known of the resources that a policy may name.
pub(in crate::plan) struct Scope {
    /// What `${Name}` and `${Name.Attribute}` stand for, as far as it is known.
    texts: BTreeMap<String, String>,
    /// The logical ids.
    ids: BTreeSet<String>,
}

impl Scope {
    /// Reads the resources of a template, resolved.
    pub(in crate::plan) fn of(resources: &Map<String, Json>, region: &str) -> Self {
        let partition = match region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        let mut texts = BTreeMap::from([("AWS::Partition".to_owned(), partition.to_owned())]);
        let place =
            |service: &str| format!("arn:{partition}:{service}:{region}:${{AWS::AccountId}}");
        for (id, resource) in resources {
            let kind = resource["Type"].as_str().unwrap_or_default();
            let (property, arn) = match kind {
                "AWS::S3::Bucket" => ("BucketName", format!("arn:{partition}:s3:::{{}}")),
                "AWS::DynamoDB::Table" => ("TableName", place("dynamodb") + ":table/{}"),
                "AWS::SQS::Queue" => ("QueueName", place("sqs") + ":{}"),
                "AWS::Lambda::Function" => ("FunctionName", place("lambda") + ":function:{}"),
                "AWS::StepFunctions::StateMachine" => {
                    ("StateMachineName", place("states") + ":stateMachine:{}")
                }
                "AWS::Logs::LogGroup" => ("LogGroupName", place("logs") + ":log-group:{}:*"),
                _ => continue,
            };
            let own = &resource["Properties"][property];
            let name = match own {
                Json::Null => format!("${{{id}}}"),
                name => plain(name),
            };
            let arn = arn.replace("{}", &name);
            match kind {
                // `Ref` of a queue is its address, of a state machine its ARN, and of others their name.
                "AWS::SQS::Queue" => {}
                "AWS::StepFunctions::StateMachine" => {
                    texts.insert(id.clone(), arn.clone());
                }
                _ if own.is_null() => {}
                _ => {
                    texts.insert(id.clone(), name);
                }
            }
            texts.insert(format!("{id}.Arn"), arn);
        }
        Self {
            texts,
            ids: resources.keys().cloned().collect(),
        }
    }

    /// The value with what is known of the names in it, which may bring names of its own.
    pub(super) fn matched(&self, value: &Json) -> String {
        let once = self.filled(&plain(value));
        self.filled(&once)
    }

    /// With what is known of the resources that only the other side has: one that is gone is still what
    /// it was.
    pub(in crate::plan) fn knowing(mut self, other: &Self) -> Self {
        for (name, text) in &other.texts {
            let id = name.split('.').next().unwrap_or_default();
            if !self.ids.contains(id) {
                self.texts
                    .entry(name.clone())
                    .or_insert_with(|| text.clone());
            }
        }
        self
    }

    /// Whether a text names a resource that is on one of the sides only.
    pub(super) fn differs_on(&self, text: &str, other: &Self) -> bool {
        let names = text
            .split("${")
            .skip(1)
            .filter_map(|piece| piece.split(['.', '}']).next());
        std::iter::once(text)
            .chain(names)
            .any(|name| self.ids.contains(name) != other.ids.contains(name))
    }

    fn filled(&self, text: &str) -> String {
        let mut pieces = text.split("${");
        let mut out = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let known = piece
                .split_once('}')
                .and_then(|(name, rest)| Some((self.texts.get(name)?, rest)));
            match known {
                Some((value, rest)) => {
                    out.push_str(value);
                    out.push_str(rest);
                }
                None => {
                    out.push_str("${");
                    out.push_str(piece);
                }
            }
        }
        out
    }
}
