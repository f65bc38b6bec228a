//! From the properties of resources to edges between nodes.

use super::access;
use super::edge::{Edge, End, Relation};
use super::node::{Kind, Node};
use super::template::{Template, alternatives};
use super::text::Text;

/// The edges, in the order of the nodes that they start at.
pub(super) fn edges(template: Template<'_>, nodes: &[Node]) -> Vec<Edge> {
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
                found.on_failure(node, function.retries);
            }
            Kind::StateMachine(_) => {
                found.may(node, "AWS::StepFunctions::StateMachine", "RoleArn");
            }
            Kind::Bucket(bucket) => {
                if bucket.browser_uploads {
                    found.add(End::Client, End::node(&node.id), Relation::SignedUpload);
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
            Kind::Alarm(alarm) => found.watch(node, &alarm.metric),
            Kind::Distribution => found.origins(node),
            Kind::Table(_) | Kind::Queue => {}
        }
    }
    found.edges
}

struct Found<'a> {
    template: Template<'a>,
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
        let Some(role) = access::role(&self.template, property) else {
            return;
        };
        for grant in access::grants(&self.template, property) {
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

    fn watch(&mut self, node: &Node, metric: &str) {
        let alarm = self.template.properties("AWS::CloudWatch::Alarm", &node.id);
        for dimension in alternatives(&alarm["Dimensions"]) {
            if let Some(watched) = self.template.identify_whole(&dimension["Value"]) {
                let metric = metric.to_owned();
                self.between(&node.id, watched, Relation::Watch { metric });
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
