//! The files of a stack under `generated/`.

use serde_json::Value as Json;

use crate::cfn::Template;
use crate::deployer::{Policy, policies};
use crate::graph::{Drawing, mermaid, svg};
use crate::parts::BACKFILL_STATE_MACHINE;
use crate::placeholders;
use crate::stacks::Bootstrap;

/// A file: where it goes under `generated/`, with `/` between folders, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The path.
    pub path: String,
    /// The content, which ends in a line feed.
    pub content: String,
}

/// The files of a stack: the template, and beside it the state machines and the API on their own, for
/// use by hand, and the stack as a picture. Whatever a template does not have gives no file.
#[must_use]
pub fn artifacts(template: &Template) -> Vec<Artifact> {
    let file = |name: &str, content: String| Artifact {
        path: format!("{}/{name}", template.name()),
        content,
    };
    let mut files = vec![file("template.yaml", self::template(template))];
    files.extend(definitions(template).map(|(name, definition)| file(name, json(definition))));
    let body = template.property_of("AWS::ApiGateway::RestApi", "Body");
    files.extend(body.map(|body| file("openapi.json", json(body))));
    // The stack with the zips is deployed along with any other, and by the same people.
    if template.name() != Bootstrap::NAME {
        files.extend(policies(template).into_iter().map(|policy| {
            let Policy { name, document } = policy;
            file(&format!("{name}.json"), format!("{document:#}\n"))
        }));
    }
    let drawing = Drawing::from(template);
    // Things that have nothing to do with each other make no picture.
    if !drawing.arrows.is_empty() {
        files.push(file("graph.mmd", mermaid(template, &drawing)));
        files.push(file("graph.svg", svg(template, &drawing)));
    }
    files
}

/// The state machines of a template: the file of each, and its definition.
fn definitions(template: &Template) -> impl Iterator<Item = (&'static str, &Json)> {
    let resources = template.document()["Resources"].as_object();
    resources
        .into_iter()
        .flatten()
        .filter(|(_, resource)| resource["Type"] == "AWS::StepFunctions::StateMachine")
        .map(|(id, resource)| {
            let name = match id.as_str() {
                BACKFILL_STATE_MACHINE => "backfill.asl.json",
                _ => "state-machine.asl.json",
            };
            (name, &resource["Properties"]["Definition"])
        })
}

/// The template, as it is written and deployed.
#[must_use]
pub fn template(template: &Template) -> String {
    let command = format!("`cargo run -p iac -- synth {}`", template.name());
    format!("# {}\n{}", origin(template, &command), template.yaml())
}

fn mermaid(template: &Template, drawing: &Drawing) -> String {
    let command = format!("`cargo run -p iac -- synth {}`", template.name());
    let origin = origin(template, &command);
    format!("%% {origin}\n{}", mermaid::flowchart(drawing))
}

fn svg(template: &Template, drawing: &Drawing) -> String {
    // A comment of XML has no place for two hyphens.
    let command = format!("`iac synth {}`", template.name());
    let origin = origin(template, &command);
    format!("<!-- {origin} -->\n{}", svg::document(drawing))
}

/// Who made a file.
fn origin(template: &Template, command: &str) -> String {
    let module = template.name().replace('-', "_");
    format!("Made by {command}. Do not edit: change iac/src/stacks/{module}.rs and run it again.")
}

fn json(document: &Json) -> String {
    let (document, _) = placeholders::extract(document);
    format!("{document:#}\n")
}
