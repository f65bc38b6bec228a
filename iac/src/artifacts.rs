//! The files of a stack under `generated/`.

use serde_json::Value as Json;

use crate::cfn::Template;
use crate::parts::BACKFILL_STATE_MACHINE;
use crate::placeholders;

/// A file: where it goes under `generated/`, with `/` between folders, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The path.
    pub path: String,
    /// The content, which ends in a line feed.
    pub content: String,
}

/// The files of a stack: the template, and beside it the state machines and the API on their own, for
/// use by hand. Whatever a template does not have gives no file.
#[must_use]
pub fn artifacts(template: &Template) -> Vec<Artifact> {
    let file = |name: &str, content: String| Artifact {
        path: format!("{}/{name}", template.name()),
        content,
    };
    let mut files = vec![file("template.yaml", yaml(template))];
    files.extend(definitions(template).map(|(name, definition)| file(name, json(definition))));
    let body = template.property_of("AWS::ApiGateway::RestApi", "Body");
    files.extend(body.map(|body| file("openapi.json", json(body))));
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

fn yaml(template: &Template) -> String {
    let name = template.name();
    let module = name.replace('-', "_");
    format!(
        "# Made by `cargo run -p iac -- synth {name}`. Do not edit: change iac/src/stacks/{module}.rs and run it again.\n{}",
        template.to_yaml()
    )
}

fn json(document: &Json) -> String {
    let (document, _) = placeholders::extract(document);
    format!("{document:#}\n")
}
