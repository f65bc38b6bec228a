//! A stack under construction.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::expression::Expression;
use super::owner::Owner;
use super::{
    Attributes, Condition, Handle, ModelError, Parameter, Problem, Resource, Template, Test,
    Textual, Value, limits, references,
};

/// A stack: parameters, resources and outputs in the order in which they were added.
#[derive(Debug)]
pub struct Stack {
    owner: Owner,
    name: String,
    description: String,
    groups: Vec<(String, Vec<String>)>,
    /// Which of them parameters are added to.
    group: usize,
    parameters: Map<String, Json>,
    conditions: Map<String, Json>,
    resources: Map<String, Json>,
    outputs: Map<String, Json>,
    notes: Vec<Note>,
    problems: Vec<Problem>,
}

/// What a reviewer of the stack should know, said aloud by `synth`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A short name that does not change, such as `open-endpoint`.
    pub id: String,
    /// One sentence: what it is, and where the choice is made.
    pub message: String,
}

impl Stack {
    /// An empty stack. The name is its folder under `generated/` and the default name to deploy it
    /// by; the description stands in the template (at most 1,024 bytes).
    #[must_use]
    pub fn new(name: &str, description: &str) -> Self {
        Self {
            owner: Owner::new(),
            name: name.to_owned(),
            description: description.to_owned(),
            groups: Vec::new(),
            group: 0,
            parameters: Map::new(),
            conditions: Map::new(),
            resources: Map::new(),
            outputs: Map::new(),
            notes: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The stack's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts a group of parameters, as the console shows them, or goes on with one: those added from
    /// here on are in it.
    pub fn parameter_group(&mut self, label: &str) {
        let known = self.groups.iter().position(|(name, _)| name == label);
        self.group = known.unwrap_or(self.groups.len());
        if known.is_none() {
            self.groups.push((label.to_owned(), Vec::new()));
        }
    }

    /// Adds a parameter and returns its value.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a parameter belongs to one stack"
    )]
    pub fn parameter<T: Serialize>(&mut self, name: &str, parameter: Parameter<T>) -> Value<T> {
        let json = self.serialized(name, &parameter);
        self.define(Section::Parameters, name, json);
        if let Some((_, members)) = self.groups.get_mut(self.group) {
            members.push(name.to_owned());
        }
        Value::new(Expression::Ref(self.owner.mark(name)))
    }

    /// Adds a condition, for [`Value::when`].
    pub fn condition(&mut self, name: &str, test: &Test) -> Condition {
        let json = self.serialized(name, test);
        for resource in references::of(&json)
            .iter()
            .filter(|name| self.resources.contains_key(*name))
        {
            self.problems.push(Problem::new(
                name,
                format!("tests the resource `{resource}`: a condition is decided before there are resources, by parameters alone"),
            ));
        }
        self.define(Section::Conditions, name, json);
        Condition {
            name: self.owner.mark(name),
        }
    }

    /// Adds a resource under a logical id and returns its handle.
    pub fn add<R: Resource>(&mut self, logical_id: &str, resource: R) -> Handle<R> {
        self.add_with(logical_id, Attributes::default(), resource)
    }

    /// Adds a resource with attributes beside its properties.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a resource belongs to one stack"
    )]
    pub fn add_with<R: Resource>(
        &mut self,
        logical_id: &str,
        attributes: Attributes,
        resource: R,
    ) -> Handle<R> {
        let mut json = json!({ "Type": R::TYPE });
        if let (Some(entry), Json::Object(attributes)) = (
            json.as_object_mut(),
            self.serialized(logical_id, &attributes),
        ) {
            entry.extend(attributes);
            entry.insert(
                "Properties".to_owned(),
                self.serialized(logical_id, &resource),
            );
        }
        self.define(Section::Resources, logical_id, json);
        Handle::new(logical_id.to_owned(), self.owner)
    }

    /// Ten digits that change with whatever could make a resource another one: with its own
    /// properties, and with those of every resource that it refers to, whose replacement would leave
    /// the reference's text as it is.
    #[must_use]
    pub fn fingerprint<R: Resource>(&self, handle: &Handle<R>) -> String {
        let mut hash = Sha256::new();
        if let Some(resource) = self.resources.get(handle.logical_id()) {
            hash.update(resource.to_string());
            for name in references::of(resource) {
                let other = self.resources.get(&name).map(Json::to_string);
                hash.update(format!("\n{name} {}", other.unwrap_or_default()));
            }
        }
        let bytes = hash.finalize();
        let short = bytes
            .iter()
            .take(5)
            .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{short:010x}")
    }

    /// Adds an output.
    pub fn output<T: Textual + ?Sized>(&mut self, name: &str, description: &str, value: &Value<T>) {
        let value = self.serialized(name, value);
        let json = json!({ "Description": description, "Value": value });
        self.define(Section::Outputs, name, json);
    }

    /// Adds what a reviewer should know.
    pub fn note(&mut self, id: &str, message: impl Into<String>) {
        self.notes.push(Note {
            id: id.to_owned(),
            message: message.into(),
        });
    }

    /// The error for what another model refuses, such as a state machine with an unreachable state.
    pub fn refused(&self, problems: impl IntoIterator<Item = Problem>) -> ModelError {
        ModelError {
            stack: self.name.clone(),
            problems: problems.into_iter().collect(),
        }
    }

    /// Ends the construction.
    ///
    /// # Errors
    /// Everything that is wrong with the stack at once: a name defined twice or not alphanumeric, a
    /// reference to what another stack has, a condition on a resource, a parameter that refuses its own
    /// default, a template over CloudFormation's limits, a bucket whose notification triggers itself.
    pub fn build(mut self) -> Result<Template, ModelError> {
        let template = Template::assemble(
            self.name.clone(),
            &self.description,
            &self.groups,
            [
                self.parameters,
                self.conditions,
                self.resources,
                self.outputs,
            ],
            self.notes,
        );
        self.problems.extend(limits::problems(&template));
        let loops = template.topology().loops.iter();
        self.problems
            .extend(loops.map(|found| Problem::new(found.bucket.clone(), found.to_string())));
        if self.problems.is_empty() {
            Ok(template)
        } else {
            Err(ModelError {
                stack: self.name,
                problems: self.problems,
            })
        }
    }

    /// The JSON of a part of the stack, in which every reference is to something in the stack.
    fn serialized<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Json {
        let mut json = serde_json::to_value(value).unwrap_or_else(|error| {
            self.problems
                .push(Problem::new(name, format!("cannot be written: {error}")));
            Json::Null
        });
        for foreign in self.owner.claim(&mut json) {
            self.problems.push(Problem::new(
                name,
                format!("refers to `{foreign}` of another stack: use a handle of this one, or Value::imported"),
            ));
        }
        json
    }

    fn define(&mut self, section: Section, name: &str, json: Json) {
        let alphanumeric = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        if !alphanumeric || name.len() > 255 {
            self.problems.push(Problem::new(
                name,
                "is not a logical id: use 1 to 255 ASCII letters and digits",
            ));
        }
        // CloudFormation keeps parameters and resources in one namespace: `Ref` reaches both.
        let taken = match section {
            Section::Parameters | Section::Resources => {
                self.parameters.contains_key(name) || self.resources.contains_key(name)
            }
            Section::Conditions => self.conditions.contains_key(name),
            Section::Outputs => self.outputs.contains_key(name),
        };
        if taken {
            self.problems.push(Problem::new(
                name,
                "is defined twice: give one of the two another logical id",
            ));
            return;
        }
        match section {
            Section::Parameters => &mut self.parameters,
            Section::Conditions => &mut self.conditions,
            Section::Resources => &mut self.resources,
            Section::Outputs => &mut self.outputs,
        }
        .insert(name.to_owned(), json);
    }
}

#[derive(Clone, Copy)]
enum Section {
    Parameters,
    Conditions,
    Resources,
    Outputs,
}
