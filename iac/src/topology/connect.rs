//! From the properties of resources to edges between nodes.

use super::access;
use super::edge::{Edge, End, Relation};
use super::node::{AlarmCondition, Kind, Node};
use super::template::{Template, alternatives};
use super::text::Text;

/// The edges, in the order of the nodes that they start at.
pub(super) fn edges(template: &Template<'_>, nodes: &[Node]) -> Vec<Edge> {
    let mut found = Found {
        template,
        nodes,
        edges: Vec::new(),
    };
    for node in nodes {
        match &node.kind {
            Kind::Api(_) => found.api(node),
            Kind::Function(function) => {
                found.may(node, "AWS::Lambda::Function", "Role");
                if function.signs_urls() {
                    found.signed(node);
                }
                found.on_failure(node, function.retries);
            }
            Kind::StateMachine(_) => {
                found.may(node, "AWS::StepFunctions::StateMachine", "RoleArn");
            }
            Kind::Bucket(bucket) => {
                if bucket.browser_uploads {
                    found.add(End::Client, End::node(&node.id), Relation::BrowserUpload);
                }
                for notification in &bucket.notifications {
                    let Some(target) = &notification.target else {
                        continue;
                    };
                    found.between(
                        &node.id,
                        target,
                        Relation::Notification {
                            event: notification.event.clone(),
                            prefix: notification.prefix.clone(),
                            suffix: notification.suffix.clone(),
                        },
                    );
                }
            }
            Kind::Alarm(alarm) => found.watch(node, &alarm.condition),
            Kind::Distribution => found.origins(node),
            Kind::Table(_) | Kind::Queue => {}
        }
    }
    found.by_hand();
    found.edges
}

struct Found<'a> {
    template: &'a Template<'a>,
    nodes: &'a [Node],
    edges: Vec<Edge>,
}

impl Found<'_> {
    fn add(&mut self, from: End, to: End, relation: Relation) {
        let edge = Edge { from, to, relation };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    /// Adds an edge between nodes; there is none to a resource that is no node.
    fn between(&mut self, from: &str, to: &str, relation: Relation) {
        let is_node = |id: &str| self.nodes.iter().any(|node| node.id == id);
        if is_node(from) && is_node(to) {
            self.add(End::node(from), End::node(to), relation);
        }
    }

    fn api(&mut self, node: &Node) {
        let Kind::Api(api) = &node.kind else {
            return;
        };
        for method in &api.methods {
            let stage = match api.stage.as_str() {
                "" => String::new(),
                stage => format!("/{stage}"),
            };
            let call = Relation::Call {
                verb: method.verb.clone(),
                path: format!("{stage}{}", method.path),
            };
            self.add(End::Client, End::node(&node.id), call);
            for target in &method.targets {
                let relation = Relation::Integration {
                    verb: method.verb.clone(),
                    path: method.path.clone(),
                    action: method.action.clone(),
                    part: target.part.clone(),
                };
                self.between(&node.id, &target.id, relation);
            }
        }
    }

    /// What the role of a node allows it on other nodes.
    fn may(&mut self, node: &Node, r#type: &'static str, property: &str) {
        let property = &self.template.properties(r#type, &node.id)[property];
        let Some(role) = access::role(self.template, property) else {
            return;
        };
        for grant in access::grants(self.template, property) {
            let Some((id, part)) = self.template.identify(&grant.on) else {
                continue;
            };
            let part = part.strip_prefix(&Text::literal("/")).unwrap_or(part);
            let relation = Relation::May {
                role: role.to_owned(),
                action: grant.action,
                part,
            };
            self.between(&node.id, id, relation);
        }
    }

    /// What a function that signs URLs lets who has them do with objects.
    fn signed(&mut self, node: &Node) {
        let from = End::node(&node.id);
        let lent: Vec<(End, Relation)> = self
            .edges
            .iter()
            .filter(|edge| edge.from == from && self.is_bucket(&edge.to))
            .filter_map(|edge| match &edge.relation {
                Relation::May { action, part, .. } => {
                    let relation = Relation::Signed {
                        by: node.id.clone(),
                        action: action.clone(),
                        part: part.clone(),
                    };
                    Some((edge.to.clone(), relation))
                }
                _ => None,
            })
            .collect();
        for (to, relation) in lent {
            self.add(End::Client, to, relation);
        }
    }

    fn is_bucket(&self, end: &End) -> bool {
        let of_end = |node: &&Node| End::Node(node.id.clone()) == *end;
        let node = self.nodes.iter().find(of_end);
        node.is_some_and(|node| matches!(node.kind, Kind::Bucket(_)))
    }

    /// A state machine that nothing in the stack starts is started by somebody.
    fn by_hand(&mut self) {
        for node in self.nodes {
            let to = End::node(&node.id);
            let starts = |edge: &Edge| match &edge.relation {
                Relation::Integration { action, .. } | Relation::May { action, .. } => {
                    edge.to == to && edge.from != to && action.starts_with("states:Start")
                }
                _ => false,
            };
            if matches!(node.kind, Kind::StateMachine(_)) && !self.edges.iter().any(starts) {
                self.add(End::Operator, to, Relation::StartByHand);
            }
        }
    }

    fn on_failure(&mut self, node: &Node, retries: u32) {
        for (_, config) in self.template.of_type("AWS::Lambda::EventInvokeConfig") {
            if self.template.identify_whole(&config["FunctionName"]) != Some(node.id.as_str()) {
                continue;
            }
            let destination = &config["DestinationConfig"]["OnFailure"]["Destination"];
            if let Some(to) = self.template.identify_whole(destination) {
                let attempts = retries + 1;
                self.between(&node.id, to, Relation::OnFailure { attempts });
            }
        }
    }

    fn watch(&mut self, node: &Node, condition: &AlarmCondition) {
        let alarm = self.template.properties("AWS::CloudWatch::Alarm", &node.id);
        for dimension in alternatives(&alarm["Dimensions"]) {
            if let Some(watched) = self.template.identify_whole(&dimension["Value"]) {
                self.between(&node.id, watched, Relation::Watch(condition.clone()));
            }
        }
    }

    fn origins(&mut self, node: &Node) {
        let distribution = self
            .template
            .properties("AWS::CloudFront::Distribution", &node.id);
        for origin in alternatives(&distribution["DistributionConfig"]["Origins"]) {
            let domain = self.template.text(&origin["DomainName"]);
            if let Some((bucket, _)) = self.template.identify(&domain) {
                self.between(&node.id, bucket, Relation::Origin);
            }
        }
        self.add(End::Viewer, End::node(&node.id), Relation::View);
    }
}
