//! What executions of a state machine cost.

use serde_json::Value as Json;

use super::money::Quantity;
use super::prices;
use super::processing::{Processing, Runs, plural};
use super::reading::Reading;
use crate::topology::{StateMachine, Step, Workflow};

/// Memory of an Express execution in MB: it is billed by 64 MB, and one that hands a bucket and a key to a
/// function needs the least there is.
///
/// Source: <https://aws.amazon.com/step-functions/pricing/>
const EXPRESS_MEMORY_MB: u128 = 64;
/// What the time of an Express execution is rounded up to, in milliseconds.
const EXPRESS_STEP_MS: u64 = 100;
impl Processing<'_> {
    /// An execution for each image.
    pub(super) fn execution(&mut self, id: &str, machine: &StateMachine) {
        let assumptions = self.reading.assumptions;
        let (images, failing) = (assumptions.images, assumptions.failing());
        match machine.workflow {
            Workflow::Standard => {
                let definition = &self.reading.properties(id)["Definition"];
                self.transitions(id, &machine.steps, failing_states(definition));
            }
            Workflow::Express => self.express(id, &machine.steps, images),
        }
        let runs = Runs {
            calls: images,
            results: images - failing,
        };
        for function in Reading::invoked(&machine.steps) {
            let formula = format!("{} images x 1 call", Quantity::of(images));
            self.resize(&function, runs, &formula);
        }
    }

    /// Standard executions are paid by the states they enter.
    fn transitions(&mut self, id: &str, steps: &[Step], more: u64) {
        let assumptions = self.reading.assumptions;
        let (images, failing) = (assumptions.images, assumptions.failing());
        let states = steps.len() as u64;
        let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
        let entered = images.saturating_mul(states);
        let quantity = Quantity::of(entered.saturating_add(failing.saturating_mul(more)));
        let failed = if more == 0 || failing == 0 {
            String::new()
        } else {
            format!(" + {} that fail x {more} more", Quantity::of(failing))
        };
        let formula = format!(
            "{} images x {states} {} ({}){failed}",
            Quantity::of(images),
            plural(states, "state"),
            names.join(", ")
        );
        let what = format!("{id}, Standard");
        self.bill
            .once(&prices::STANDARD_TRANSITION, quantity, what, formula);
    }

    /// Express executions are paid by their number, time and memory.
    pub(super) fn express(&mut self, id: &str, steps: &[Step], executions: u64) {
        let assumptions = self.reading.assumptions;
        let number = Quantity::of(executions);
        self.bill.once(
            &prices::EXPRESS_REQUEST,
            number,
            format!("{id}, Express"),
            format!("{number} images x 1 execution"),
        );
        let calls = Reading::invoked(steps).len() as u64;
        let lasts = calls
            .saturating_mul(assumptions.duration_ms)
            .saturating_add(assumptions.overhead_ms);
        let billed = lasts.div_ceil(EXPRESS_STEP_MS) * EXPRESS_STEP_MS;
        let quantity = Quantity::ratio(
            u128::from(executions) * u128::from(billed) * EXPRESS_MEMORY_MB,
            1_000 * 1_024,
        );
        self.bill.once(
            &prices::EXPRESS_DURATION,
            quantity,
            format!("{id}, Express: time and memory"),
            format!("{number} executions x {billed} ms x {EXPRESS_MEMORY_MB} MB"),
        );
    }
}

/// The states that an execution enters more when its work fails: what the first catcher leads to.
fn failing_states(definition: &Json) -> u64 {
    let states = &definition["States"];
    let Some(all) = states.as_object() else {
        return 0;
    };
    let caught = all
        .values()
        .find_map(|state| state["Catch"][0]["Next"].as_str());
    let mut entered: Vec<&str> = Vec::new();
    let mut next = caught;
    while let Some(name) = next {
        if entered.contains(&name) {
            break;
        }
        entered.push(name);
        next = states[name]["Next"].as_str();
    }
    entered.len() as u64
}
