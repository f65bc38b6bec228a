//! A transition leads to a state, not to a name.

use iac::asl::{Machine, Pass, Transition};

fn main() {
    let mut machine = Machine::new("An example");
    machine.state(
        "Start",
        Pass {
            comment: "Leads nowhere".to_owned(),
            parameters: Vec::new(),
            transition: Transition::Next("Nowhere"),
        },
    );
}
