//! A state machine under construction.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value as Json, json};

use super::{State, check};
use crate::cfn::Problem;

/// A state of a machine, to be led to. Only [`Machine::state`] and [`Machine::declare`] make one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateRef {
    name: String,
    /// Which machine made it: a state of the same name of another machine is another state.
    machine: u64,
}

impl StateRef {
    /// The state's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Tells the machines of a process apart; it is never written anywhere.
static MACHINES: AtomicU64 = AtomicU64::new(0);

/// A state machine: its states, written from the end to the start, so that each leads to one that
/// is there. A loop goes through a state that is declared first and defined later.
#[derive(Debug)]
pub struct Machine {
    number: u64,
    comment: String,
    states: Vec<(StateRef, Option<State>)>,
    problems: Vec<Problem>,
}

impl Machine {
    /// A machine without states. The comment says what it does.
    #[must_use]
    pub fn new(comment: &str) -> Self {
        Self {
            number: MACHINES.fetch_add(1, Ordering::Relaxed),
            comment: comment.to_owned(),
            states: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Adds a state.
    pub fn state(&mut self, name: &str, state: impl Into<State>) -> StateRef {
        let declared = self
            .states
            .iter_mut()
            .find(|(known, _)| known.name() == name);
        match declared {
            Some((known, slot @ None)) => {
                *slot = Some(state.into());
                known.clone()
            }
            Some((known, Some(_))) => {
                self.problems.push(Problem::new(
                    name,
                    "is a state twice: give one of the two another name",
                ));
                known.clone()
            }
            None => {
                let reference = self.reference(name);
                self.states.push((reference.clone(), Some(state.into())));
                reference
            }
        }
    }

    /// Announces a state, so that an earlier one can lead to it; [`Machine::state`] defines it.
    pub fn declare(&mut self, name: &str) -> StateRef {
        let reference = self.reference(name);
        if self.states.iter().all(|(known, _)| *known != reference) {
            self.states.push((reference.clone(), None));
        }
        reference
    }

    fn reference(&self, name: &str) -> StateRef {
        StateRef {
            name: name.to_owned(),
            machine: self.number,
        }
    }

    /// Ends the construction; executions start at this state.
    ///
    /// # Errors
    /// Everything that is wrong with the machine: a start or a transition to a state that is not in
    /// it, a state that cannot be reached or that no end can be reached from, a catch-all that is
    /// not alone and last, a backoff rate below 1 or a pause of nothing, a name that a state of a Map's
    /// processor has as well.
    pub fn start_at(mut self, start: &StateRef) -> Result<Definition, Vec<Problem>> {
        let mut defined = Vec::new();
        for (reference, state) in self.states {
            match state {
                Some(state) => defined.push((reference, state)),
                None => self.problems.push(Problem::new(
                    reference.name(),
                    "is declared and never defined: define it with `Machine::state`",
                )),
            }
        }
        self.problems.extend(check::problems(start, &defined));
        if self.problems.is_empty() {
            Ok(Definition {
                document: document(&self.comment, start, &defined),
                names: check::names(&defined),
            })
        } else {
            Err(self.problems)
        }
    }
}

/// A definition that holds together.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    document: Json,
    names: Vec<String>,
}

impl Definition {
    /// The definition in the States Language, with CloudFormation's intrinsic functions in it.
    #[must_use]
    pub const fn document(&self) -> &Json {
        &self.document
    }

    /// The names of all its states, those of processors included.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}

/// The document, its states in the order in which an execution comes to them.
fn document(comment: &str, start: &StateRef, defined: &[(StateRef, State)]) -> Json {
    let mut states = Map::new();
    let mut seen = BTreeSet::new();
    let mut queue = vec![start];
    while !queue.is_empty() {
        let mut following = Vec::new();
        for reference in queue {
            let found = defined.iter().find(|(known, _)| known == reference);
            if let (Some((_, state)), true) = (found, seen.insert(reference)) {
                states.insert(reference.name().to_owned(), state.document());
                following.extend(state.successors());
            }
        }
        queue = following;
    }
    json!({
        "Comment": comment,
        "StartAt": start.name(),
        "States": states,
    })
}
