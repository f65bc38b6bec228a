//! What a stack's topology says about an image's way through it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::assumptions::Assumptions;
use crate::topology::{
    Bucket, End, Function, Kind, Node, Relation, StateMachine, Step, Text, Topology, Work,
};

/// A stack and what is assumed of it.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) topology: Topology,
    pub(super) document: &'a Json,
    pub(super) assumptions: &'a Assumptions,
}

/// Objects that a function may read or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Objects {
    /// The bucket's logical id.
    pub(super) bucket: String,
    /// Their keys, as the permission says.
    pub(super) keys: Text,
}

impl<'a> Reading<'a> {
    pub(super) fn new(document: &'a Json, assumptions: &'a Assumptions) -> Self {
        Self {
            topology: Topology::read(document),
            document,
            assumptions,
        }
    }

    /// The properties of a resource.
    pub(super) fn properties(&self, id: &str) -> &'a Json {
        &self.document["Resources"][id]["Properties"]
    }

    pub(super) fn function(&self, id: &str) -> Option<&Function> {
        match &self.topology.node(id)?.kind {
            Kind::Function(function) => Some(function),
            _ => None,
        }
    }

    pub(super) fn machine(&self, id: &str) -> Option<&StateMachine> {
        match &self.topology.node(id)?.kind {
            Kind::StateMachine(machine) => Some(machine),
            _ => None,
        }
    }

    fn buckets(&self) -> impl Iterator<Item = (&Node, &Bucket)> {
        self.topology
            .nodes
            .iter()
            .filter_map(|node| match &node.kind {
                Kind::Bucket(bucket) => Some((node, bucket)),
                _ => None,
            })
    }

    /// On what a function may do an action, each thing once.
    fn may(&self, function: &str, action: &str) -> Vec<Objects> {
        let mut found: Vec<Objects> = Vec::new();
        for edge in self.topology.from(&End::node(function)) {
            let (
                Relation::May {
                    action: allowed,
                    part,
                    ..
                },
                End::Node(to),
            ) = (&edge.relation, &edge.to)
            else {
                continue;
            };
            let objects = Objects {
                bucket: to.clone(),
                keys: part.clone(),
            };
            if allowed == action && !found.contains(&objects) {
                found.push(objects);
            }
        }
        found
    }

    /// What a function puts.
    pub(super) fn puts(&self, function: &str) -> Vec<Objects> {
        self.may(function, "s3:PutObject")
    }

    /// What a function gets and does not put itself.
    pub(super) fn gets(&self, function: &str) -> Vec<Objects> {
        let puts = self.puts(function);
        let mut gets = self.may(function, "s3:GetObject");
        gets.retain(|objects| !puts.contains(objects));
        gets
    }

    /// What a function puts and may read as well: it looks before it writes.
    pub(super) fn heads(&self, function: &str) -> Vec<Objects> {
        let gets = self.may(function, "s3:GetObject");
        let mut puts = self.puts(function);
        puts.retain(|objects| gets.contains(objects));
        puts
    }

    /// The tables that a function writes to, with the number of their indexes.
    pub(super) fn tables_written(&self, function: &str) -> Vec<(String, usize)> {
        let mut tables = BTreeSet::new();
        for action in ["dynamodb:PutItem", "dynamodb:UpdateItem"] {
            for on in self.may(function, action) {
                tables.insert(on.bucket);
            }
        }
        let indexes = |id: &String| match &self.topology.node(id)?.kind {
            Kind::Table(table) => Some(table.indexes),
            _ => None,
        };
        let with_indexes = |id: String| indexes(&id).map(|number| (id, number));
        tables.into_iter().filter_map(with_indexes).collect()
    }

    /// The tables of which a function reads a single item.
    pub(super) fn tables_read(&self, function: &str) -> Vec<String> {
        let on = self.may(function, "dynamodb:GetItem");
        on.into_iter().map(|objects| objects.bucket).collect()
    }

    /// Whether a function signs URLs in place of reading and writing: the stack tells it how long they are
    /// valid.
    pub(super) fn signs(&self, function: &str) -> bool {
        let expires = lambda::environment::URL_EXPIRES_SECONDS;
        self.function(function)
            .is_some_and(|function| function.environment.iter().any(|name| name == expires))
    }

    /// The functions that a bucket notifies of new objects.
    pub(super) fn notified(&self, bucket: &str) -> Vec<String> {
        let Some((_, bucket)) = self.buckets().find(|(node, _)| node.id == bucket) else {
            return Vec::new();
        };
        let mut targets = Vec::new();
        for notification in &bucket.notifications {
            if let Some(target) = &notification.target
                && notification.event.starts_with("s3:ObjectCreated")
                && self.function(target).is_some()
                && !targets.contains(target)
            {
                targets.push(target.clone());
            }
        }
        targets
    }

    /// The functions that states invoke, one for each call.
    pub(super) fn invoked(steps: &[Step]) -> Vec<String> {
        let invoke = |step: &Step| match &step.work {
            Work::Invoke(function) => Some(function.clone()),
            _ => None,
        };
        steps.iter().filter_map(invoke).collect()
    }

    /// Where a function's calls go that failed for good, and how often each is tried.
    pub(super) fn on_failure(&self, function: &str) -> Option<(String, u32)> {
        self.topology
            .from(&End::node(function))
            .find_map(|edge| match (&edge.relation, &edge.to) {
                (Relation::OnFailure { attempts }, End::Node(queue)) => {
                    Some((queue.clone(), *attempts))
                }
                _ => None,
            })
    }

    /// The distribution in front of a bucket.
    pub(super) fn distribution(&self, bucket: &str) -> Option<&str> {
        let mut edges = self.topology.edges.iter();
        edges.find_map(|edge| match (&edge.relation, &edge.from, &edge.to) {
            (Relation::Origin, End::Node(distribution), End::Node(to)) if to == bucket => {
                Some(distribution.as_str())
            }
            _ => None,
        })
    }

    /// The number of alarms.
    pub(super) fn alarms(&self) -> u64 {
        let alarm = |node: &&Node| matches!(node.kind, Kind::Alarm(_));
        self.topology.nodes.iter().filter(alarm).count() as u64
    }
}
