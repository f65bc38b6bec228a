//! What it costs to resize what is already in a bucket. A Distributed Map pays a state transition for each child
//! execution that it starts, beside what the child costs.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html>

use serde_json::Value as Json;

use super::assumptions::Assumptions;
use super::bill::Bill;
use super::money::Quantity;
use super::prices;
use super::processing::{GB, Processing, Runs, plural};
use super::reading::Reading;
use super::storage;
use crate::topology::{Kind, StateMachine, Step, Work, Workflow};

/// Keys that a request to list a bucket gives.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
const KEYS_A_PAGE: u64 = 1_000;
/// The least that a part of a multipart upload has, in bytes: reports go out in at most so many requests.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>
const PART: u128 = 5 << 20;

/// What a backfill costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackfillCost {
    /// The logical id of the state machine.
    pub state_machine: String,
    /// Images that a child execution gets.
    pub batch: u64,
    /// The lines.
    pub bill: Bill,
    /// What it costs more where a lifecycle rule has moved the originals to Standard-IA.
    pub if_moved: Bill,
}

/// The first state machine with a Distributed Map.
pub(super) fn backfill(reading: &Reading<'_>) -> Option<BackfillCost> {
    reading.topology.nodes.iter().find_map(|node| {
        let Kind::StateMachine(machine) = &node.kind else {
            return None;
        };
        let map = machine.steps.iter().find_map(|step| match &step.work {
            Work::DistributedMap { workflow, steps } => Some((step, *workflow, steps.as_slice())),
            _ => None,
        });
        let map = map?;
        let state = &reading.properties(&node.id)["Definition"]["States"][&map.0.name];
        Some(BackfillCost {
            state_machine: node.id.clone(),
            batch: batch(state),
            bill: bill(reading, &node.id, machine, state, map),
            if_moved: if_moved(reading, map.2),
        })
    })
}

fn bill(
    reading: &Reading<'_>,
    id: &str,
    machine: &StateMachine,
    map: &Json,
    (_, workflow, steps): (&Step, Workflow, &[Step]),
) -> Bill {
    let assumptions = reading.assumptions;
    let images = assumptions.backfill_images;
    let failing = assumptions.failures.of(images);
    let mut processing = Processing::new(reading);
    let bill = &mut processing.bill;

    list(bill, id, map, images);
    let children = images.div_ceil(batch(map));
    let started = Quantity::of(children);
    let states = machine.steps.len() as u64;
    bill.once(
        &prices::STANDARD_TRANSITION,
        Quantity::of(children.saturating_add(states)),
        format!("{id}, Standard"),
        format!("{started} children started x 1 + {states} of its own"),
    );
    match workflow {
        Workflow::Express => processing.express("its children", steps, children),
        Workflow::Standard => {
            let states = steps.len() as u64;
            bill.once(
                &prices::STANDARD_TRANSITION,
                Quantity::of(children.saturating_mul(states)),
                "its children, Standard",
                format!("{started} children x {states} states"),
            );
        }
    }
    let calls = Runs {
        calls: children,
        results: images - failing,
    };
    for function in Reading::invoked(steps) {
        processing.resize(&function, calls, &format!("{started} children x 1 call"));
    }
    report(&mut processing.bill, map, assumptions);
    processing.end_of_backfill(images - failing)
}

/// What is read from Standard-IA is paid by the GB.
fn if_moved(reading: &Reading<'_>, steps: &[Step]) -> Bill {
    let mut bill = Bill::default();
    let assumptions = reading.assumptions;
    let size = assumptions.source_kb;
    let images = assumptions.backfill_images;
    for function in Reading::invoked(steps) {
        for original in reading.gets(&function) {
            if storage::moves(reading, &original, size) {
                bill.once(
                    &prices::S3_RETRIEVAL,
                    Quantity::ratio(u128::from(images) * u128::from(size) * 1_000, GB),
                    format!("originals read back from {}, Standard-IA", original.bucket),
                    format!(
                        "{} images x {} KB",
                        Quantity::of(images),
                        Quantity::of(size)
                    ),
                );
            }
        }
    }
    bill
}

/// Images that a child execution gets.
fn batch(map: &Json) -> u64 {
    let batch = map["ItemBatcher"]["MaxItemsPerBatch"].as_u64();
    batch.unwrap_or(1).max(1)
}

fn list(bill: &mut Bill, id: &str, map: &Json, images: u64) {
    let reader = map["ItemReader"]["Resource"].as_str().unwrap_or_default();
    if reader.ends_with(":listObjectsV2") {
        let number = Quantity::of(images);
        bill.once(
            &prices::S3_PUT,
            Quantity::of(images.div_ceil(KEYS_A_PAGE)),
            format!("{id} lists the bucket"),
            format!("{number} images / {} a LIST", Quantity::of(KEYS_A_PAGE)),
        );
    }
}

/// What is reported of each image, in files.
fn report(bill: &mut Bill, map: &Json, assumptions: &Assumptions) {
    let (images, bytes) = (assumptions.backfill_images, assumptions.report_bytes);
    let months = assumptions.months;
    if map["ResultWriter"].is_null() {
        return;
    }
    let all = u128::from(images) * u128::from(bytes);
    let formula = format!(
        "{} images x {} bytes",
        Quantity::of(images),
        Quantity::of(bytes)
    );
    let parts = u64::try_from(all.div_ceil(PART)).unwrap_or(u64::MAX);
    bill.once(
        &prices::S3_PUT,
        Quantity::of(parts),
        "reports are written",
        format!("{formula} / 5 MB a PUT"),
    );
    bill.kept(
        &prices::S3_STANDARD,
        Quantity::ratio(all * u128::from(months), GB),
        "reports",
        format!("{formula} x {months} {}", plural(months, "month")),
    );
}
