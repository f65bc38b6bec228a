//! States.
//!
//! Source: <https://states-language.net/spec.html#state-types>

use serde_json::{Map, Value as Json, json};

use super::{Catcher, Path, Payload, Retrier, StateRef};
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

impl From<Fail> for State {
    fn from(state: Fail) -> Self {
        Self::Fail(state)
    }
}

impl State {
    /// Where the state leads when nothing fails; `None` where it ends the execution by itself.
    pub(crate) const fn transition(&self) -> Option<&Transition> {
        match self {
            Self::LambdaInvoke(state) => Some(&state.transition),
            Self::Pass(state) => Some(&state.transition),
            Self::Fail(_) => None,
        }
    }

    pub(crate) fn retriers(&self) -> &[Retrier] {
        match self {
            Self::LambdaInvoke(state) => &state.retry,
            Self::Pass(_) | Self::Fail(_) => &[],
        }
    }

    pub(crate) fn catchers(&self) -> &[Catcher] {
        match self {
            Self::LambdaInvoke(state) => &state.catch,
            Self::Pass(_) | Self::Fail(_) => &[],
        }
    }

    /// Every state this one can lead to.
    pub(crate) fn successors(&self) -> impl Iterator<Item = &StateRef> {
        let next = match self.transition() {
            Some(Transition::Next(next)) => Some(next),
            Some(Transition::End) | None => None,
        };
        next.into_iter()
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
            Self::Fail(state) => {
                put("Type", json!("Fail"));
                put("Comment", json!(state.comment));
                put("ErrorPath", json!(state.error_path));
                put("CausePath", json!(state.cause_path));
            }
        }
        match self.transition() {
            Some(Transition::Next(next)) => put("Next", json!(next.name())),
            Some(Transition::End) => put("End", json!(true)),
            None => None,
        };
        Json::Object(fields)
    }
}
