//! A template as this reading sees it: which resource a name or an ARN is of.

use serde_json::{Map, Value as Json};

use super::text::{Piece, Text, Variable};

/// The sections of a template that names and ARNs are made of.
#[derive(Debug)]
pub(super) struct Template<'a> {
    resources: Vec<Resource<'a>>,
    parameters: Option<&'a Map<String, Json>>,
}

/// A resource, by what is asked of it again and again.
#[derive(Debug)]
struct Resource<'a> {
    id: &'a str,
    kind: Option<&'a str>,
    properties: &'a Json,
    /// What texts call it: its ARN, where this reading needs one, and its name.
    names: Vec<Text>,
}

/// How deep names may be made of other names.
const DEPTH: u8 = 16;

impl<'a> Template<'a> {
    /// Of a whole document.
    pub(super) fn new(document: &'a Json) -> Self {
        let section = |name: &str| document.get(name).and_then(Json::as_object);
        let resources = section("Resources").into_iter().flatten();
        let resources = resources.map(|(id, resource)| Resource {
            id,
            kind: resource["Type"].as_str(),
            properties: &resource["Properties"],
            names: Vec::new(),
        });
        let mut template = Self {
            resources: resources.collect(),
            parameters: section("Parameters"),
        };
        // One name may be made of another, so all resources must be known before.
        for index in 0..template.resources.len() {
            template.resources[index].names = template.names(&template.resources[index]);
        }
        template
    }

    fn names(&self, resource: &Resource<'_>) -> Vec<Text> {
        match resource.kind {
            Some(kind) if arn_of(kind).is_some() => {
                vec![self.arn(resource.id, DEPTH), self.name(resource.id, DEPTH)]
            }
            _ => vec![given(resource.id, None)],
        }
    }

    /// The logical ids and properties of the resources of a type, in the order of the template.
    pub(super) fn of_type(
        &self,
        r#type: &'static str,
    ) -> impl Iterator<Item = (&'a str, &'a Json)> {
        self.resources
            .iter()
            .filter(move |resource| resource.kind == Some(r#type))
            .map(|resource| (resource.id, resource.properties))
    }

    /// The properties of a resource of a type; null where there is none.
    pub(super) fn properties(&self, r#type: &'static str, id: &str) -> &'a Json {
        let resource = self.of_type(r#type).find(|(other, _)| *other == id);
        resource.map_or(&Json::Null, |(_, properties)| properties)
    }

    /// A resource's type and properties.
    fn resource(&self, id: &str) -> Option<(&'a str, &'a Json)> {
        let resource = self.resources.iter().find(|resource| resource.id == id)?;
        Some((resource.kind?, resource.properties))
    }

    /// A name or an ARN. The ways to write the same one give the same text: `Ref` and `Fn::GetAtt` of a
    /// resource that has a name in the template become what they stand for.
    pub(super) fn text(&self, json: &Json) -> Text {
        self.text_at(json, DEPTH)
    }

    fn text_at(&self, json: &Json, depth: u8) -> Text {
        if let Some(text) = json.as_str() {
            return Text::literal(text);
        }
        let function = json.as_object().and_then(|map| map.iter().next());
        let Some((function, argument)) = function else {
            return match json {
                Json::Number(_) | Json::Bool(_) => Text::literal(&json.to_string()),
                _ => Text::unknown("something that is no text"),
            };
        };
        let Some(depth) = depth.checked_sub(1) else {
            return Text::unknown("a name that is made of itself");
        };
        match (function.as_str(), argument) {
            ("Ref", Json::String(name)) => self.reference(name, depth),
            ("Fn::GetAtt", Json::Array(path)) => {
                let path: Vec<&str> = path.iter().filter_map(Json::as_str).collect();
                self.attribute(&path.join("."), depth)
            }
            ("Fn::GetAtt", Json::String(path)) => self.attribute(path, depth),
            ("Fn::Sub", Json::String(text)) => self.substitute(text, None, depth),
            ("Fn::Sub", Json::Array(arguments)) => {
                let text = arguments.first().and_then(Json::as_str).unwrap_or_default();
                let variables = arguments.get(1).and_then(Json::as_object);
                self.substitute(text, variables, depth)
            }
            ("Fn::Join", Json::Array(arguments)) => self.join(arguments, depth),
            ("Fn::ImportValue", _) => Text::unknown("what another stack exports"),
            (function, _) => Text::unknown(&format!("what `{function}` gives")),
        }
    }

    fn substitute(&self, text: &str, variables: Option<&Map<String, Json>>, depth: u8) -> Text {
        let mut pieces = text.split("${");
        let mut out = Text::literal(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
            let value = if let Some(literal) = name.strip_prefix('!') {
                Text::literal(&format!("${{{literal}}}"))
            } else if let Some(value) = variables.and_then(|variables| variables.get(name)) {
                self.text_at(value, depth)
            } else if name.contains('.') {
                self.attribute(name, depth)
            } else {
                self.reference(name, depth)
            };
            out = out.and(value).and(Text::literal(rest));
        }
        out
    }

    fn join(&self, arguments: &[Json], depth: u8) -> Text {
        let delimiter = arguments.first().and_then(Json::as_str).unwrap_or_default();
        let Some(items) = arguments.get(1).and_then(Json::as_array) else {
            return Text::unknown("what `Fn::Join` gives");
        };
        let mut out = Text::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out = out.and(Text::literal(delimiter));
            }
            out = out.and(self.text_at(item, depth));
        }
        out
    }

    fn reference(&self, name: &str, depth: u8) -> Text {
        if let Some(parameter) = self.parameters.and_then(|all| all.get(name)) {
            let default = parameter.get("Default").map(|default| {
                let text = default.as_str().map(ToOwned::to_owned);
                text.unwrap_or_else(|| default.to_string())
            });
            return Text::variable(Variable::Parameter {
                name: name.to_owned(),
                default,
            });
        }
        match self.resource(name) {
            Some(("AWS::StepFunctions::StateMachine", _)) => self.arn(name, depth),
            Some(("AWS::SQS::Queue", _)) => given(name, Some("QueueUrl")),
            Some(_) => self.name(name, depth),
            None if name.starts_with("AWS::") => Text::variable(Variable::Pseudo(name.to_owned())),
            None => Text::unknown(&format!("`{name}`, which the template does not have")),
        }
    }

    fn attribute(&self, path: &str, depth: u8) -> Text {
        let (id, attribute) = path.split_once('.').unwrap_or((path, ""));
        match (self.resource(id).map(|(kind, _)| kind), attribute) {
            (Some(kind), "Arn") if arn_of(kind).is_some() => self.arn(id, depth),
            (Some("AWS::StepFunctions::StateMachine"), "Name")
            | (Some("AWS::SQS::Queue"), "QueueName") => self.name(id, depth),
            _ => given(id, Some(attribute)),
        }
    }

    /// What a resource is called: as the template says, or as CloudFormation will.
    fn name(&self, id: &str, depth: u8) -> Text {
        let named = self.resource(id).and_then(|(kind, properties)| {
            let property = match kind {
                "AWS::S3::Bucket" => "BucketName",
                "AWS::Lambda::Function" => "FunctionName",
                "AWS::StepFunctions::StateMachine" => "StateMachineName",
                "AWS::DynamoDB::Table" => "TableName",
                "AWS::SQS::Queue" => "QueueName",
                "AWS::IAM::Role" => "RoleName",
                _ => return None,
            };
            properties.get(property)
        });
        named.map_or_else(|| given(id, None), |name| self.text_at(name, depth))
    }

    /// The ARN of a bucket, function, state machine, table, queue or role of the template.
    pub(super) fn arn_of(&self, id: &str) -> Text {
        self.arn(id, DEPTH)
    }

    fn arn(&self, id: &str, depth: u8) -> Text {
        let kind = self.resource(id).and_then(|(kind, _)| arn_of(kind));
        let Some(pieces) = kind else {
            return given(id, Some("Arn"));
        };
        let start = Text::literal("arn:").and(pseudo("AWS::Partition"));
        pieces
            .iter()
            .fold(start, |text, piece| match piece.strip_prefix("AWS::") {
                Some(_) => text.and(pseudo(piece)),
                None => text.and(Text::literal(piece)),
            })
            .and(self.name(id, depth))
    }

    /// The resource that a name or an ARN is of, and what stands behind: the key of an object, the index of
    /// a table.
    pub(super) fn identify(&self, text: &Text) -> Option<(&'a str, Text)> {
        let text = with_partition(text);
        for resource in &self.resources {
            for name in &resource.names {
                if let Some(rest) = text.strip_prefix(name)
                    && (rest.is_empty() || starts_a_part(&rest))
                {
                    return Some((resource.id, rest));
                }
            }
        }
        // An attribute of a resource that has no ARN here, such as the domain name of a bucket.
        match text.pieces() {
            [Piece::Variable(Variable::Resource { id, .. }), rest @ ..] => {
                let resource = self.resources.iter().find(|resource| resource.id == *id)?;
                Some((
                    resource.id,
                    rest.iter().cloned().fold(Text::default(), Text::then),
                ))
            }
            _ => None,
        }
    }

    /// The logical id that a name or an ARN is of, where nothing stands behind.
    pub(super) fn identify_whole(&self, json: &Json) -> Option<&'a str> {
        let (id, rest) = self.identify(&self.text(json))?;
        rest.is_empty().then_some(id)
    }
}

/// Every value that a property may have: both sides of an `Fn::If`, each item of a list, without
/// `AWS::NoValue`.
pub(super) fn alternatives(json: &Json) -> Vec<&Json> {
    match json {
        Json::Null => Vec::new(),
        Json::Array(items) => items.iter().flat_map(alternatives).collect(),
        Json::Object(map) => match map.iter().next() {
            Some((function, Json::Array(arguments))) if function == "Fn::If" => {
                arguments.iter().skip(1).flat_map(alternatives).collect()
            }
            Some((function, Json::String(name))) if function == "Ref" && name == "AWS::NoValue" => {
                Vec::new()
            }
            _ => vec![json],
        },
        json => vec![json],
    }
}

/// What stands in an ARN between the partition and the name; `None` where this reading needs no ARN.
fn arn_of(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "AWS::S3::Bucket" => &[":s3:::"],
        "AWS::Lambda::Function" => &[
            ":lambda:",
            "AWS::Region",
            ":",
            "AWS::AccountId",
            ":function:",
        ],
        "AWS::StepFunctions::StateMachine" => &[
            ":states:",
            "AWS::Region",
            ":",
            "AWS::AccountId",
            ":stateMachine:",
        ],
        "AWS::DynamoDB::Table" => &[
            ":dynamodb:",
            "AWS::Region",
            ":",
            "AWS::AccountId",
            ":table/",
        ],
        "AWS::SQS::Queue" => &[":sqs:", "AWS::Region", ":", "AWS::AccountId", ":"],
        "AWS::IAM::Role" => &[":iam::", "AWS::AccountId", ":role/"],
        _ => return None,
    })
}

/// Whether what is behind a name leaves the name whole.
fn starts_a_part(rest: &Text) -> bool {
    matches!(rest.pieces().first(), Some(Piece::Literal(text)) if text.starts_with(['/', ':', '.']))
}

/// The text with the stack's own partition where it names the usual one.
pub(super) fn with_partition(text: &Text) -> Text {
    match text.strip_prefix(&Text::literal("arn:aws:")) {
        Some(rest) => Text::literal("arn:")
            .and(pseudo("AWS::Partition"))
            .and(Text::literal(":"))
            .and(rest),
        None => text.clone(),
    }
}

fn pseudo(name: &str) -> Text {
    Text::variable(Variable::Pseudo(name.to_owned()))
}

fn given(id: &str, attribute: Option<&str>) -> Text {
    Text::variable(Variable::Resource {
        id: id.to_owned(),
        attribute: attribute.map(ToOwned::to_owned),
    })
}
