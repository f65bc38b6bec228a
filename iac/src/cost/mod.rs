//! What a million images cost in a stack.
//!
//! Which services an image meets, how often and in what size is read from the template: functions with their
//! memory and processor, states, permissions, indexes, lifecycle rules. A changed option changes the cost, and
//! a stack's name changes nothing. What a template cannot say is an [`Assumptions`], what AWS charges is in
//! [`prices`], and each [`Line`] says its formula.

mod alternatives;
mod assumptions;
mod backfill;
mod bill;
mod markdown;
mod money;
pub mod prices;
mod processing;
mod reading;
mod report;
mod storage;
mod text;
mod way;
mod words;
mod workflow;

use serde_json::Value as Json;

pub use alternatives::{Alternative, alternatives};
pub use assumptions::{Assumptions, Share, ShareError};
pub use backfill::BackfillCost;
pub use bill::{Bill, Line};
pub use markdown::markdown;
pub use money::{Dollars, Quantity, UnitPrice};
pub use report::{AlternativeCost, Report, StackCost};
pub use text::text;
pub use way::WayCost;

use reading::Reading;

/// What a stack costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Estimate {
    /// The ways in which images come in, in the order of the template, each with everything that follows.
    pub ways: Vec<WayCost>,
    /// A backfill, where the stack has one.
    pub backfill: Option<BackfillCost>,
}

/// What images cost in the stack of a template's document.
#[must_use]
pub fn estimate(document: &Json, assumptions: &Assumptions) -> Estimate {
    let reading = Reading::new(document, assumptions);
    Estimate {
        ways: way::ways(&reading),
        backfill: backfill::backfill(&reading),
    }
}
