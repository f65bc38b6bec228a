//! A finished template: plain data, ready to be written.

use serde_json::{Map, Value as Json, json};

use super::{Note, yaml};
use crate::topology::Topology;

/// A template with its sections in CloudFormation's usual order.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    name: String,
    document: Json,
    /// The document, written once: its size is checked before anyone sees it.
    yaml: String,
    /// What the document says, read once: the check for loops needs it before anyone draws it.
    topology: Topology,
    notes: Vec<Note>,
}

impl Template {
    pub(crate) fn assemble(
        name: String,
        description: &str,
        groups: &[(String, Vec<String>)],
        [parameters, conditions, resources, outputs]: [Map<String, Json>; 4],
        notes: Vec<Note>,
    ) -> Self {
        let mut document = Map::new();
        document.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
        document.insert("Description".to_owned(), json!(description));
        let groups: Vec<Json> = groups
            .iter()
            .map(|(label, members)| json!({ "Label": { "default": label }, "Parameters": members }))
            .collect();
        if !groups.is_empty() {
            document.insert(
                "Metadata".to_owned(),
                json!({ "AWS::CloudFormation::Interface": { "ParameterGroups": groups } }),
            );
        }
        for (section, entries) in [
            ("Parameters", parameters),
            ("Conditions", conditions),
            ("Resources", resources),
            ("Outputs", outputs),
        ] {
            if !entries.is_empty() {
                document.insert(section.to_owned(), Json::Object(entries));
            }
        }
        let document = Json::Object(document);
        Self {
            name,
            yaml: yaml::to_string(&document),
            topology: Topology::read(&document),
            document,
            notes,
        }
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a reviewer should know.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The template as JSON.
    #[must_use]
    pub const fn document(&self) -> &Json {
        &self.document
    }

    /// Who does what on what in the template.
    #[must_use]
    pub const fn topology(&self) -> &Topology {
        &self.topology
    }

    /// A property of the first resource of a type.
    #[must_use]
    pub fn property_of(&self, r#type: &str, property: &str) -> Option<&Json> {
        let resources = self.document.get("Resources")?.as_object()?;
        let resource = resources
            .values()
            .find(|resource| resource["Type"] == r#type)?;
        resource.get("Properties")?.get(property)
    }

    /// The template as YAML that means the same to readers of YAML 1.1 and 1.2.
    #[must_use]
    pub fn yaml(&self) -> &str {
        &self.yaml
    }

    /// The same YAML, to keep.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        self.yaml.clone()
    }
}
