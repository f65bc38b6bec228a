//! What no single validator of the States Language finds, checked on the model.

use std::collections::{BTreeMap, BTreeSet};

use super::{ErrorName, State, StateRef};
use crate::cfn::Problem;

/// The largest pause and count that Step Functions takes.
const MAX_NUMBER: u32 = 99_999_999;

/// Everything wrong with a machine that starts at `start`.
pub(crate) fn problems(start: &StateRef, defined: &[(StateRef, State)]) -> Vec<Problem> {
    let states: BTreeMap<&StateRef, &State> =
        defined.iter().map(|(name, state)| (name, state)).collect();
    let mut problems = Vec::new();
    if !states.contains_key(start) {
        problems.push(Problem::new(
            start.name(),
            "is where the machine starts, and no state of it: start at one that `Machine::state` returned",
        ));
    }
    for (name, state) in defined {
        let length = name.name().chars().count();
        if !(1..=80).contains(&length) || name.name().contains(char::is_control) {
            problems.push(Problem::new(
                name.name(),
                "is no name for a state: use 1 to 80 characters, none of them a control character",
            ));
        }
        if let State::LambdaInvoke(task) = state
            && !(1..=MAX_NUMBER).contains(&task.timeout_seconds)
        {
            problems.push(Problem::new(
                name.name(),
                format!(
                    "waits {} s: a timeout is 1 to {MAX_NUMBER} s",
                    task.timeout_seconds
                ),
            ));
        }
        match state {
            State::DistributedMap(map) => problems.extend(map.problems(name.name())),
            State::Choice(choice) if choice.choices.is_empty() => problems.push(Problem::new(
                name.name(),
                "is a choice without a rule: add one, or lead to its default directly",
            )),
            _ => {}
        }
        for next in state.successors().filter(|next| !states.contains_key(next)) {
            problems.push(Problem::new(
                name.name(),
                format!(
                    "leads to `{}`, which is no state of this machine",
                    next.name()
                ),
            ));
        }
        problems.extend(retriers(name, state));
        problems.extend(catchers(name, state));
    }
    problems.extend(shared_names(defined));
    problems.extend(unreachable_states(start, &states));
    problems.extend(dead_ends(&states));
    problems
}

/// The names of all states, those of processors included.
pub(crate) fn names(defined: &[(StateRef, State)]) -> Vec<String> {
    defined
        .iter()
        .flat_map(|(name, state)| {
            std::iter::once(name.name().to_owned()).chain(state.inner_names().iter().cloned())
        })
        .collect()
}

/// Names that two states have: Step Functions wants them unique in the whole machine.
fn shared_names(defined: &[(StateRef, State)]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    names(defined)
        .into_iter()
        .filter(|name| !seen.insert(name.clone()))
        .map(|name| {
            Problem::new(
                name,
                "is a state of this machine or a processor and of another processor: give one of the two another name",
            )
        })
        .collect()
}

fn retriers(name: &StateRef, state: &State) -> Vec<Problem> {
    let mut problems = Vec::new();
    let matched: Vec<_> = state
        .retriers()
        .iter()
        .map(|retrier| &retrier.error_equals[..])
        .collect();
    problems.extend(matching(name, "Retry", &matched));
    for retrier in state.retriers() {
        // Written this way round, a rate that is not a number is refused as well.
        if !(retrier.backoff_rate >= 1.0 && retrier.backoff_rate.is_finite()) {
            problems.push(Problem::new(
                name.name(),
                format!(
                    "retries with a backoff rate of {}: it is at least 1",
                    retrier.backoff_rate
                ),
            ));
        }
        if !(1..=MAX_NUMBER).contains(&retrier.interval_seconds)
            || retrier.max_attempts > MAX_NUMBER
        {
            problems.push(Problem::new(
                name.name(),
                format!(
                    "retries {} times after {} s: the pause is 1 to {MAX_NUMBER} s and the count at most {MAX_NUMBER}",
                    retrier.max_attempts, retrier.interval_seconds
                ),
            ));
        }
    }
    problems
}

fn catchers(name: &StateRef, state: &State) -> Vec<Problem> {
    let matched: Vec<_> = state
        .catchers()
        .iter()
        .map(|catcher| &catcher.error_equals[..])
        .collect();
    matching(name, "Catch", &matched)
}

/// What is wrong with the errors that the entries of one Retry or Catch match.
fn matching(name: &StateRef, field: &str, entries: &[&[ErrorName]]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, errors) in entries.iter().enumerate() {
        let mut refuse = |what: String| {
            problems.push(Problem::new(name.name(), format!("has a {field} {what}")));
        };
        if errors.is_empty() {
            refuse("that matches no error: name one".to_owned());
        }
        let all = errors.contains(&ErrorName::All);
        if all && (errors.len() > 1 || index + 1 < entries.len()) {
            refuse("with States.ALL beside or before others: it stands alone and last".to_owned());
        }
        for error in errors.iter().filter(|error| !seen.insert(error.as_str())) {
            refuse(format!(
                "that matches {} twice: only the first counts",
                error.as_str()
            ));
        }
    }
    problems
}

fn unreachable_states(start: &StateRef, states: &BTreeMap<&StateRef, &State>) -> Vec<Problem> {
    let mut reached = BTreeSet::new();
    let mut queue = vec![start];
    while let Some(name) = queue.pop() {
        if reached.insert(name) {
            queue.extend(
                states
                    .get(name)
                    .into_iter()
                    .flat_map(|state| state.successors()),
            );
        }
    }
    states
        .keys()
        .filter(|name| !reached.contains(*name))
        .map(|name| Problem::new(name.name(), "is never reached: lead to it or leave it out"))
        .collect()
}

/// States from which no end can be reached.
fn dead_ends(states: &BTreeMap<&StateRef, &State>) -> Vec<Problem> {
    let mut ending: BTreeSet<&StateRef> = BTreeSet::new();
    loop {
        let before = ending.len();
        for (name, state) in states {
            if state.is_end() || state.successors().any(|next| ending.contains(next)) {
                ending.insert(name);
            }
        }
        if ending.len() == before {
            break;
        }
    }
    states
        .keys()
        .filter(|name| !ending.contains(*name))
        .map(|name| {
            Problem::new(
                name.name(),
                "is a dead end: no end of the machine can be reached from it",
            )
        })
        .collect()
}
