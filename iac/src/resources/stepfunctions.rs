//! AWS Step Functions.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::asl::Definition;
use crate::cfn::{Arn, Handle, Id, Literal, Resource, Value};
use crate::iam::Grantable;
use crate::placeholders;
use crate::resources::iam::Role;

/// Executions of a state machine: what `states:DescribeExecution` acts on.
#[derive(Debug)]
pub enum Execution {}

/// A state machine. Its definition is written as an object with substitutions, never as one escaped
/// string, so that a review shows a change state by state.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields bear CloudFormation's names"
)]
pub struct StateMachine {
    state_machine_name: Value<String>,
    state_machine_type: Value<StateMachineType>,
    role_arn: Value<Arn<Role>>,
    definition: Json,
    definition_substitutions: Map<String, Json>,
}

impl StateMachine {
    /// A state machine that runs a definition as a role.
    #[must_use]
    pub fn new(
        name: impl Into<Value<String>>,
        r#type: StateMachineType,
        role: Value<Arn<Role>>,
        definition: &Definition,
    ) -> Self {
        let (definition, definition_substitutions) = placeholders::extract(definition.document());
        Self {
            state_machine_name: name.into(),
            state_machine_type: r#type.into(),
            role_arn: role,
            definition,
            definition_substitutions,
        }
    }
}

impl Resource for StateMachine {
    const TYPE: &'static str = "AWS::StepFunctions::StateMachine";
}

impl Handle<StateMachine> {
    /// The state machine's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<StateMachine>> {
        self.attribute("Arn")
    }

    /// The state machine's name.
    #[must_use]
    pub fn name(&self) -> Value<Id<StateMachine>> {
        self.attribute("Name")
    }
}

impl Grantable<StateMachine> for Handle<StateMachine> {
    fn granted(&self) -> Value<Arn<StateMachine>> {
        self.arn()
    }
}

/// How executions run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum StateMachineType {
    /// Up to a year, exactly once, with a history; paid by the transition.
    Standard,
    /// Up to five minutes, at least once, without a history; paid by the execution, its time and its
    /// memory.
    Express,
}

impl Literal for StateMachineType {}
