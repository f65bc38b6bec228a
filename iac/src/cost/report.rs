//! What `iac cost` tells: the stacks, the assumptions and the prices.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::bill::Bill;
use super::money::Dollars;
use super::prices::{CHECKED, PRICES, REGION};
use super::{Assumptions, BackfillCost, Estimate, WayCost, alternatives, estimate};
use crate::cfn::ModelError;
use crate::stacks::Entry;

/// What some stacks cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the templates cannot say.
    pub assumptions: Assumptions,
    /// The stacks.
    pub stacks: Vec<StackCost>,
}

/// What a stack costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackCost {
    /// The stack's name.
    pub name: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    /// What it costs.
    pub estimate: Estimate,
    /// What another 100 ms cost that a function takes to resize or to store an image, for each way.
    pub slower: Vec<Dollars>,
    /// What it costs with another option.
    pub alternatives: Vec<AlternativeCost>,
}

/// What a stack costs with another option, by the first of its ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlternativeCost {
    /// The option as the code has it.
    pub option: &'static str,
    /// Why, and what else it changes.
    pub why: &'static str,
    /// Downloads of each result with which both are compared.
    pub downloads: u64,
    /// What the stack costs as it is, in millionths of a dollar.
    pub microdollars_now: u64,
    /// What it costs with the option, in millionths of a dollar.
    pub microdollars: u64,
}

/// By how many milliseconds images are slower in [`StackCost::slower`].
pub(super) const SLOWER_MS: u64 = 100;

impl Report {
    /// Of stacks as they are.
    ///
    /// # Errors
    /// A stack that the model refuses.
    pub fn of(entries: &[&Entry], assumptions: Assumptions) -> Result<Self, ModelError> {
        let mut stacks = Vec::new();
        for entry in entries {
            let template = entry.template()?;
            let mut others = Vec::new();
            for alternative in alternatives(entry.name) {
                let compared = Assumptions {
                    downloads: assumptions.downloads.max(alternative.downloads),
                    ..assumptions.clone()
                };
                let other = estimate(alternative.template()?.document(), &compared);
                let now = estimate(template.document(), &compared);
                others.push(AlternativeCost {
                    option: alternative.option,
                    why: alternative.why,
                    downloads: compared.downloads,
                    microdollars_now: total(&now).as_micro(),
                    microdollars: total(&other).as_micro(),
                });
            }
            let now = estimate(template.document(), &assumptions);
            let slow = Assumptions {
                duration_ms: assumptions.duration_ms.saturating_add(SLOWER_MS),
                ..assumptions.clone()
            };
            let slow = estimate(template.document(), &slow);
            let ways = now.ways.iter().zip(&slow.ways);
            stacks.push(StackCost {
                name: entry.name,
                summary: entry.summary,
                slower: ways
                    .map(|(way, slow)| slow.bill.total() - way.bill.total())
                    .collect(),
                estimate: now,
                alternatives: others,
            });
        }
        Ok(Self {
            assumptions,
            stacks,
        })
    }

    /// For programs. Amounts are in millionths of a dollar; quantities and prices are decimals as text.
    #[must_use]
    pub fn json(&self) -> Json {
        let prices: Vec<Json> = PRICES
            .iter()
            .map(|price| {
                json!({
                    "id": price.id,
                    "service": price.service,
                    "dollars": price.dollars.to_string().trim_start_matches('$'),
                    "per": price.per,
                    "unit": price.unit,
                    "checked": price.checked,
                    "evidence": price.evidence,
                    "source": price.source,
                    "read": price.read,
                })
            })
            .collect();
        json!({
            "region": REGION,
            "checked": CHECKED,
            "assumptions": self.assumptions,
            "stacks": self.stacks.iter().map(stack).collect::<Vec<_>>(),
            "prices": prices,
        })
    }
}

/// What the first way costs.
fn total(estimate: &Estimate) -> Dollars {
    let first = estimate.ways.first();
    first.map_or_else(Dollars::default, |way| way.bill.total())
}

fn stack(stack: &StackCost) -> Json {
    let way = |(way, slower): (&WayCost, &Dollars)| {
        let mut json = json!({ "name": way.name, "how": way.how });
        add_bill(&mut json, &way.bill);
        json["microdollars_per_100_ms_more"] = json!(slower.as_micro());
        json
    };
    let backfill = |backfill: &BackfillCost| {
        let mut json = json!({ "state_machine": backfill.state_machine, "batch": backfill.batch });
        add_bill(&mut json, &backfill.bill);
        json["microdollars_more_if_moved"] = json!(backfill.if_moved.total().as_micro());
        json
    };
    json!({
        "name": stack.name,
        "summary": stack.summary,
        "ways": stack.estimate.ways.iter().zip(&stack.slower).map(way).collect::<Vec<_>>(),
        "backfill": stack.estimate.backfill.as_ref().map(backfill),
        "alternatives": stack.alternatives,
    })
}

fn add_bill(json: &mut Json, bill: &Bill) {
    json["microdollars"] = json!(bill.total().as_micro());
    json["microdollars_once"] = json!(bill.total_once().as_micro());
    json["microdollars_kept"] = json!(bill.total_kept().as_micro());
    let largest = |kept| bill.largest(kept).map(|line| line.what.clone());
    json["largest_once"] = json!(largest(false));
    json["largest_kept"] = json!(largest(true));
    json["lines"] = json!(bill);
}
