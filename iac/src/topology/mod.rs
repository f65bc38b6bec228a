//! Who does what on what in a template, read from its resources as typed facts.
//!
//! The check for stacks that trigger themselves, the pictures and the costs are all made of these facts. The
//! reading knows JSON and CloudFormation's names, and nothing of the model that wrote them, so that it reads
//! what is deployed and not what was meant.

mod access;
mod connect;
mod edge;
mod node;
mod pattern;
mod read;
mod self_trigger;
mod template;
mod text;
mod workflow;

use serde_json::Value as Json;

#[cfg(feature = "local")]
pub(crate) use access::fits_wildcards;
pub use edge::{Edge, End, Relation};
pub use node::{
    Alarm, AlarmCondition, Api, Architecture, Bucket, Function, Kind, Method, Node, Notification,
    StateMachine, Table, Target, Workflow,
};
pub use self_trigger::{Loop, Why};
pub use text::{Piece, Text, Variable};
pub use workflow::{Step, Work};

/// A stack as nodes and edges, both in the order of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// The things.
    pub nodes: Vec<Node>,
    /// What they do.
    pub edges: Vec<Edge>,
    /// Every way in which the stack triggers itself, in the order of the buckets.
    pub loops: Vec<Loop>,
}

impl Topology {
    /// Reads a template's document.
    #[must_use]
    pub fn read(document: &Json) -> Self {
        let template = template::Template::new(document);
        let nodes = read::nodes(&template);
        let edges = connect::edges(&template, &nodes);
        let loops = self_trigger::loops(&template, &nodes);
        Self {
            nodes,
            edges,
            loops,
        }
    }

    /// The node of a logical id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The edges that start at an end.
    pub fn from<'a>(&'a self, end: &'a End) -> impl Iterator<Item = &'a Edge> {
        self.edges.iter().filter(move |edge| edge.from == *end)
    }
}
