//! What is drawn: things and arrows.

use serde::Serialize;
use serde_json::Value as Json;

use super::arrows;
use crate::cfn::Template;
use crate::topology::{End, Kind, Node, Topology, Workflow};

/// A picture as facts: `iac graph --format json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawing {
    /// The stack's name.
    pub name: String,
    /// What it is, in a sentence.
    pub description: String,
    /// The things, in the order in which they were defined; who is outside of the stack comes first.
    pub things: Vec<Thing>,
    /// The arrows, one for each two things and style.
    pub arrows: Vec<Arrow>,
}

/// A thing in the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    /// Its logical id; `client`, `viewer` and `operator` are outside of the stack.
    pub id: String,
    /// What it is.
    pub service: Service,
    /// What it is called.
    pub name: String,
    /// What else to know of it, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Somebody outside of the stack.
    Person,
    /// A REST API.
    ApiGateway,
    /// A state machine.
    StepFunctions,
    /// A function.
    Lambda,
    /// A bucket.
    S3,
    /// A table.
    DynamoDb,
    /// A queue.
    Sqs,
    /// An alarm.
    CloudWatch,
    /// A distribution.
    CloudFront,
}

impl Service {
    /// The service's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "",
            Self::ApiGateway => "API Gateway",
            Self::StepFunctions => "Step Functions",
            Self::Lambda => "Lambda",
            Self::S3 => "S3",
            Self::DynamoDb => "DynamoDB",
            Self::Sqs => "SQS",
            Self::CloudWatch => "CloudWatch",
            Self::CloudFront => "CloudFront",
        }
    }
}

/// An arrow between two things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrow {
    /// The id of the thing that it starts at.
    pub from: String,
    /// The id of the thing that it points to.
    pub to: String,
    /// What is written on it.
    pub label: Vec<Line>,
    /// How it is drawn.
    pub style: Style,
    /// Where its heads are.
    pub heads: Heads,
    /// Whether a reader expects the thing that it points to on the left: what is looked up in a store.
    #[serde(skip)]
    pub backwards: bool,
    /// How much the arrow says about the order of the things; the least says most.
    #[serde(skip)]
    pub rank: u8,
}

/// A line of what is written on an arrow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "text")]
pub enum Line {
    /// What is done: a call, an IAM action, an event.
    Action(String),
    /// To what part: keys, an index.
    Part(String),
}

impl Line {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Action(text) | Self::Part(text) => text,
        }
    }
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Style {
    /// A call, or data that moves.
    Call,
    /// Something that happens later, by itself.
    Event,
    /// What happens when something fails.
    Failure,
}

/// Where an arrow's heads are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Heads {
    /// At its end.
    End,
    /// At both ends: data moves both ways.
    Both,
}

impl Drawing {
    /// The picture of a template's document.
    #[must_use]
    pub fn of(name: &str, document: &Json) -> Self {
        Self::drawn(name, document, &Topology::read(document))
    }

    fn drawn(name: &str, document: &Json, topology: &Topology) -> Self {
        let arrows = arrows::of(topology);
        let mut things = Vec::new();
        for end in [End::Client, End::Viewer, End::Operator] {
            if topology.from(&end).next().is_some() {
                let id = arrows::id(&end);
                things.push(Thing {
                    name: id.clone(),
                    id,
                    service: Service::Person,
                    note: None,
                });
            }
        }
        things.extend(topology.nodes.iter().map(thing));
        Self {
            name: name.to_owned(),
            description: document["Description"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            things,
            arrows,
        }
    }
}

impl From<&Template> for Drawing {
    /// The picture of a template, by what has been read of it already.
    fn from(template: &Template) -> Self {
        Self::drawn(template.name(), template.document(), template.topology())
    }
}

fn thing(node: &Node) -> Thing {
    let (service, name, remark) = match &node.kind {
        Kind::Api(api) => (Service::ApiGateway, api.title.clone(), None),
        Kind::Function(function) => (Service::Lambda, function.name.clone(), None),
        Kind::StateMachine(machine) => {
            let workflow = match machine.workflow {
                Workflow::Standard => "Standard",
                Workflow::Express => "Express",
            };
            (
                Service::StepFunctions,
                node.id.clone(),
                Some(workflow.to_owned()),
            )
        }
        Kind::Bucket(_) => (Service::S3, node.id.clone(), None),
        Kind::Table(_) => (Service::DynamoDb, node.id.clone(), None),
        Kind::Queue => (Service::Sqs, node.id.clone(), None),
        Kind::Alarm(_) => (Service::CloudWatch, node.id.clone(), None),
        Kind::Distribution => (Service::CloudFront, node.id.clone(), None),
    };
    Thing {
        id: node.id.clone(),
        service,
        name,
        note: remark,
    }
}
