//! States.
//!
//! Source: <https://states-language.net/spec.html#state-types>

use serde_json::{Map, Value as Json, json};

use super::{
    Catcher, Choice, ChoiceRule, DistributedMap, Path, Payload, Retrier, StateRef, Succeed,
};
use crate::cfn::{Arn, Value};
use crate::resources::lambda::Function;

/// Where a state leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// To another state.
    Next(StateRef),
    /// The execution succeeds with the state's output.
    End,
}

/// A state: what it does and where it leads.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum State {
    /// Invokes a Lambda function.
    LambdaInvoke(LambdaInvoke),
    /// Reshapes the data.
    Pass(Pass),
    /// Leads to one of several states.
    Choice(Choice),
    /// Runs a machine for each object of a bucket.
    DistributedMap(Box<DistributedMap>),
    /// Ends the execution with success.
    Succeed(Succeed),
    /// Ends the execution with an error.
    Fail(Fail),
}

/// A task that invokes a Lambda function with the state's input and yields what it returns.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html>
#[derive(Debug, Clone)]
pub struct LambdaInvoke {
    /// What the state is for.
    pub comment: String,
    /// The function.
    pub function: Value<Arn<Function>>,
    /// Longest wait for its answer, in seconds; longer than the function's own limit.
    pub timeout_seconds: u32,
    /// What to try again.
    pub retry: Vec<Retrier>,
    /// What to do about errors that remain.
    pub catch: Vec<Catcher>,
    /// Where it leads.
    pub transition: Transition,
}

/// A state that reshapes its input.
#[derive(Debug, Clone)]
pub struct Pass {
    /// What the state is for.
    pub comment: String,
    /// The output's fields.
    pub parameters: Vec<(String, Payload)>,
    /// Where it leads.
    pub transition: Transition,
}

/// A state that ends the execution with an error taken from its input.
#[derive(Debug, Clone)]
pub struct Fail {
    /// What the state is for.
    pub comment: String,
    /// The error's name.
    pub error_path: Path,
    /// The cause, for people.
    pub cause_path: Path,
}

impl From<LambdaInvoke> for State {
    fn from(state: LambdaInvoke) -> Self {
        Self::LambdaInvoke(state)
    }
}

impl From<Pass> for State {
    fn from(state: Pass) -> Self {
        Self::Pass(state)
    }
}

impl From<Choice> for State {
    fn from(state: Choice) -> Self {
        Self::Choice(state)
    }
}

impl From<DistributedMap> for State {
    fn from(state: DistributedMap) -> Self {
        Self::DistributedMap(Box::new(state))
    }
}

impl From<Succeed> for State {
    fn from(state: Succeed) -> Self {
        Self::Succeed(state)
    }
}

impl From<Fail> for State {
    fn from(state: Fail) -> Self {
        Self::Fail(state)
    }
}

impl State {
    /// Where the state leads when nothing fails; `None` where it ends the execution by itself or leads to
    /// one of several states.
    pub(crate) const fn transition(&self) -> Option<&Transition> {
        match self {
            Self::LambdaInvoke(state) => Some(&state.transition),
            Self::Pass(state) => Some(&state.transition),
            Self::DistributedMap(state) => Some(&state.transition),
            Self::Choice(_) | Self::Succeed(_) | Self::Fail(_) => None,
        }
    }

    /// Whether an execution can end in it.
    pub(crate) const fn is_end(&self) -> bool {
        match self {
            Self::Choice(_) => false,
            _ => !matches!(self.transition(), Some(Transition::Next(_))),
        }
    }

    /// The names of the states of its processor.
    pub(crate) fn inner_names(&self) -> &[String] {
        match self {
            Self::DistributedMap(state) => state.item_processor.names(),
            _ => &[],
        }
    }

    pub(crate) fn retriers(&self) -> &[Retrier] {
        match self {
            Self::LambdaInvoke(state) => &state.retry,
            _ => &[],
        }
    }

    pub(crate) fn catchers(&self) -> &[Catcher] {
        match self {
            Self::LambdaInvoke(state) => &state.catch,
            _ => &[],
        }
    }

    /// Every state this one can lead to.
    pub(crate) fn successors(&self) -> impl Iterator<Item = &StateRef> {
        let next = match self.transition() {
            Some(Transition::Next(next)) => Some(next),
            Some(Transition::End) | None => None,
        };
        let (rules, default) = match self {
            Self::Choice(state) => (state.choices.as_slice(), Some(&state.default)),
            _ => (&[][..], None),
        };
        next.into_iter()
            .chain(rules.iter().map(|rule| &rule.next))
            .chain(default)
            .chain(self.catchers().iter().map(|catcher| &catcher.next))
    }

    /// The state as it stands in the definition.
    pub(crate) fn document(&self) -> Json {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Json| fields.insert(name.to_owned(), value);
        match self {
            Self::LambdaInvoke(state) => {
                put("Type", json!("Task"));
                put("Comment", json!(state.comment));
                // Not `arn:${AWS::Partition}`: an optimized integration has the same ARN everywhere
                // that linters know.
                put("Resource", json!("arn:aws:states:::lambda:invoke"));
                put(
                    "Parameters",
                    json!({ "FunctionName": state.function, "Payload.$": "$" }),
                );
                put("OutputPath", json!("$.Payload"));
                put("TimeoutSeconds", json!(state.timeout_seconds));
                if !state.retry.is_empty() {
                    put("Retry", json!(state.retry));
                }
                if !state.catch.is_empty() {
                    put("Catch", json!(state.catch));
                }
            }
            Self::Pass(state) => {
                put("Type", json!("Pass"));
                put("Comment", json!(state.comment));
                let parameters: Map<_, _> = state
                    .parameters
                    .iter()
                    .map(|(name, payload)| (format!("{name}.$"), json!(payload.expression())))
                    .collect();
                put("Parameters", Json::Object(parameters));
            }
            Self::Choice(state) => {
                put("Type", json!("Choice"));
                put("Comment", json!(state.comment));
                let rules: Vec<_> = state.choices.iter().map(ChoiceRule::document).collect();
                put("Choices", Json::Array(rules));
                put("Default", json!(state.default.name()));
            }
            Self::DistributedMap(state) => {
                put("Type", json!("Map"));
                put("Comment", json!(state.comment));
                fields.extend(state.fields());
            }
            Self::Succeed(state) => {
                put("Type", json!("Succeed"));
                put("Comment", json!(state.comment));
            }
            Self::Fail(state) => {
                put("Type", json!("Fail"));
                put("Comment", json!(state.comment));
                put("ErrorPath", json!(state.error_path));
                put("CausePath", json!(state.cause_path));
            }
        }
        match self.transition() {
            Some(Transition::Next(next)) => fields.insert("Next".to_owned(), json!(next.name())),
            Some(Transition::End) => fields.insert("End".to_owned(), json!(true)),
            None => None,
        };
        Json::Object(fields)
    }
}
