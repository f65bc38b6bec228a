//! What `iac cost` tells: the stacks, the assumptions and the prices.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::bill::Bill;
use super::money::{Dollars, Quantity};
use super::prices::{CHECKED, PRICES, REGION, STANDARD_TRANSITION};
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
            stacks.push(StackCost {
                name: entry.name,
                summary: entry.summary,
                estimate: estimate(template.document(), &assumptions),
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
    let way = |way: &WayCost| {
        let mut json = json!({ "name": way.name, "how": way.how });
        add_bill(&mut json, &way.bill);
        json
    };
    let backfill = |backfill: &BackfillCost| {
        let mut json = json!({ "state_machine": backfill.state_machine, "batch": backfill.batch });
        add_bill(&mut json, &backfill.bill);
        json
    };
    json!({
        "name": stack.name,
        "summary": stack.summary,
        "ways": stack.estimate.ways.iter().map(way).collect::<Vec<_>>(),
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

/// What a bill is mostly made of, in a sentence or two: the services that cost most, and the largest line.
pub(super) fn dominates(bill: &Bill) -> String {
    let mut sentences = Vec::new();
    for (kept, words, total) in [
        (false, "paid once", bill.total_once()),
        (true, "for keeping them", bill.total_kept()),
    ] {
        let Some(largest) = bill.largest(kept) else {
            continue;
        };
        let share = |amount: Dollars| format!("{amount} ({} %)", amount.percent_of(total));
        let services = bill.by_service(kept);
        let services: Vec<String> = services
            .iter()
            .take(2)
            .filter(|(_, amount)| amount.percent_of(total) > 0)
            .map(|(service, amount)| format!("{service} takes {}", share(*amount)))
            .collect();
        sentences.push(format!(
            "Of {total} {words}, {}; the largest line is {:?}, {}.",
            services.join(" and "),
            largest.what,
            share(largest.dollars)
        ));
    }
    sentences.join(" ")
}

/// What batches would change, where a child execution gets one image.
pub(super) fn batches(backfill: &BackfillCost) -> String {
    let mut lines = backfill.bill.lines().iter();
    let transitions = lines.find(|line| line.price.id == STANDARD_TRANSITION.id);
    match transitions {
        Some(line) if backfill.batch == 1 => format!(
            " A state transition is paid for each child execution that is started, and each child gets one image: with batches of ten, the {} would be a tenth. This backfill has none, because then an image that fails could not be told from the nine beside it, nor be tried again alone.",
            line.dollars
        ),
        _ => String::new(),
    }
}

/// What an option changes: `$23.72 less`.
pub(super) fn difference(alternative: &AlternativeCost) -> String {
    let (now, other) = (alternative.microdollars_now, alternative.microdollars);
    let amount = Dollars::micro(now.abs_diff(other));
    match other.cmp(&now) {
        std::cmp::Ordering::Less => format!("{amount} less"),
        std::cmp::Ordering::Equal => "the same".to_owned(),
        std::cmp::Ordering::Greater => format!("{amount} more"),
    }
}

/// The assumptions: the flag, the value, what it is.
pub(super) fn assumptions(assumptions: &Assumptions) -> Vec<(&'static str, String, &'static str)> {
    let Assumptions {
        images,
        source_kb,
        result_kb,
        duration_ms,
        api_duration_ms,
        overhead_ms,
        failures,
        reads,
        downloads,
        cache_misses,
        months,
        log_bytes,
        item_bytes,
        backfill_images,
        report_bytes,
    } = assumptions;
    vec![
        ("--images", whole(*images), "images"),
        (
            "--source-kb",
            whole(*source_kb),
            "KB an original has: a JPEG of 12 megapixels",
        ),
        ("--result-kb", whole(*result_kb), "KB a result has"),
        (
            "--duration-ms",
            whole(*duration_ms),
            "ms that a function takes to resize or to store an image, with the template's memory",
        ),
        (
            "--api-duration-ms",
            whole(*api_duration_ms),
            "ms of every other call of a function",
        ),
        (
            "--overhead-ms",
            whole(*overhead_ms),
            "ms that an Express execution lasts beyond its functions",
        ),
        (
            "--failures",
            failures.to_string(),
            "percent of images that fail",
        ),
        (
            "--reads",
            whole(*reads),
            "times the API is asked for an image's result or record",
        ),
        (
            "--downloads",
            whole(*downloads),
            "times each result goes out to the internet",
        ),
        (
            "--cache-misses",
            cache_misses.to_string(),
            "percent of downloads that CloudFront has to fetch first",
        ),
        (
            "--months",
            whole(*months),
            "months of 30 days that everything is kept",
        ),
        (
            "--log-bytes",
            whole(*log_bytes),
            "bytes that a call of a function writes to its log",
        ),
        (
            "--item-bytes",
            whole(*item_bytes),
            "bytes of an image's record in DynamoDB",
        ),
        (
            "--backfill-images",
            whole(*backfill_images),
            "images that a backfill finds",
        ),
        (
            "--report-bytes",
            whole(*report_bytes),
            "bytes that a backfill reports of an image",
        ),
    ]
}

fn whole(number: u64) -> String {
    Quantity::of(number).to_string()
}

/// What is in no bill.
pub(super) const NOT_COUNTED: &str = "A state transition is a state that an execution enters, as AWS says (\"each time a step of your workflow is executed\"). Not counted: free tiers, discounts and taxes; starts of functions and tries that are repeated because AWS failed; preflight requests of browsers; what API Gateway's own answers weigh; lists of images; logs once they are written (30 days, $0.03 a GB-month); a queue, which costs nothing while nobody uses it; uploads, which are free to receive.";
