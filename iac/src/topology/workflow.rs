//! The states that an execution goes through when nothing fails.

use serde_json::{Map, Value as Json};

use super::node::Workflow;
use super::template::Template;

/// A state that an execution enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state's name.
    pub name: String,
    /// What it does.
    pub work: Work,
}

/// What a state does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Invokes a function, by its logical id.
    Invoke(String),
    /// Starts an execution of its own for each item.
    DistributedMap {
        /// How these run.
        workflow: Workflow,
        /// What each goes through.
        steps: Vec<Step>,
    },
    /// Something else.
    Other,
}

/// The way through a definition that ends well and does most, for each state once: an execution that skips its
/// work is the exception.
pub(super) fn steps(template: &Template<'_>, definition: &Json, substitutions: &Json) -> Vec<Step> {
    let reading = Reading {
        template,
        substitutions,
    };
    reading.steps(definition)
}

struct Reading<'a> {
    template: &'a Template<'a>,
    substitutions: &'a Json,
}

impl Reading<'_> {
    fn steps(&self, definition: &Json) -> Vec<Step> {
        let (Some(start), Some(states)) = (
            definition["StartAt"].as_str(),
            definition["States"].as_object(),
        ) else {
            return Vec::new();
        };
        let way = busiest(states, start, &mut Vec::new()).unwrap_or_default();
        way.into_iter()
            .map(|name| Step {
                name: name.to_owned(),
                work: self.work(&states[name]),
            })
            .collect()
    }

    fn work(&self, state: &Json) -> Work {
        let resource = state["Resource"].as_str().unwrap_or_default();
        if resource.contains(":lambda:invoke") {
            let name = &state["Parameters"]["FunctionName"];
            if let Some(id) = self.function(name.as_str().unwrap_or_default()) {
                return Work::Invoke(id);
            }
        }
        let processor = &state["ItemProcessor"];
        if state["Type"] == "Map" && processor["ProcessorConfig"]["Mode"] == "DISTRIBUTED" {
            return Work::DistributedMap {
                workflow: workflow(&processor["ProcessorConfig"]["ExecutionType"]),
                steps: self.steps(processor),
            };
        }
        Work::Other
    }

    /// The function that a definition names by a substitution: `${ResizeImageFunctionArn}`.
    fn function(&self, name: &str) -> Option<String> {
        let substitution = name.strip_prefix("${")?.strip_suffix('}')?;
        let id = self
            .template
            .identify_whole(&self.substitutions[substitution])?;
        Some(id.to_owned())
    }
}

/// How executions run, by `StateMachineType` or `ExecutionType`.
pub(super) fn workflow(r#type: &Json) -> Workflow {
    if *r#type == "EXPRESS" {
        Workflow::Express
    } else {
        Workflow::Standard
    }
}

/// The way from a state to an end that is no failure which does most and, of ways alike in that, the longest;
/// without going round in circles.
fn busiest<'a>(
    states: &'a Map<String, Json>,
    name: &'a str,
    behind: &mut Vec<&'a str>,
) -> Option<Vec<&'a str>> {
    let state = states.get(name)?;
    if behind.contains(&name) || state["Type"] == "Fail" {
        return None;
    }
    if state["End"] == true || state["Type"] == "Succeed" {
        return Some(vec![name]);
    }
    let choices = state["Choices"].as_array().into_iter().flatten();
    let next = choices
        .map(|choice| &choice["Next"])
        .chain([&state["Default"], &state["Next"]])
        .filter_map(Json::as_str);
    let work = |name: &&&str| states[**name]["Type"] == "Task" || states[**name]["Type"] == "Map";
    let rank = |way: &Vec<&str>| (way.iter().filter(work).count(), way.len());
    behind.push(name);
    let mut best: Option<Vec<&str>> = None;
    for next in next {
        let way = busiest(states, next, behind);
        if way.as_ref().map(rank) > best.as_ref().map(rank) {
            best = way;
        }
    }
    behind.pop();
    best.map(|mut way| {
        way.insert(0, name);
        way
    })
}
