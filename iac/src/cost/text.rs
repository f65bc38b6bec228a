//! What stacks cost, for the terminal.

use std::fmt::Write as _;

use super::bill::{Bill, Line};
use super::prices::{CHECKED, Evidence, PRICES, REGION};
use super::report::{Report, SLOWER_MS};
use super::words::{NOT_COUNTED, assumptions, batches, compared, difference, dominates};
use super::{Dollars, Quantity};

/// The report as text.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    let images = Quantity::of(report.assumptions.images);
    for stack in &report.stacks {
        add(&mut out, &format!("{}: {}", stack.name, stack.summary));
        for (index, way) in stack.estimate.ways.iter().enumerate() {
            let total = way.bill.total();
            add(
                &mut out,
                &format!("\n  {images} images by {}: {total}", way.name),
            );
            add(&mut out, &format!("  ({})", way.how));
            if index == 0 {
                bill(&mut out, &way.bill);
                if let Some(slower) = stack.slower.first() {
                    add(
                        &mut out,
                        &format!("    Each {SLOWER_MS} ms that an image takes longer: {slower}."),
                    );
                }
            } else {
                add(&mut out, &format!("    {}", dominates(&way.bill)));
            }
        }
        if let Some(backfill) = &stack.estimate.backfill {
            let images = Quantity::of(report.assumptions.backfill_images);
            let total = backfill.bill.total();
            add(
                &mut out,
                &format!("\n  {images} images by a backfill: {total}"),
            );
            bill(&mut out, &backfill.bill);
            let moved = backfill.if_moved.total();
            if moved > Dollars::default() {
                add(
                    &mut out,
                    &format!("    {moved} more if the originals have been moved to Standard-IA."),
                );
            }
            let batches = batches(backfill);
            if !batches.is_empty() {
                add(&mut out, &format!("   {batches}"));
            }
        }
        if !stack.alternatives.is_empty() {
            add(&mut out, "\n  To switch:");
        }
        for alternative in &stack.alternatives {
            let other = Dollars::micro(alternative.microdollars);
            let difference = difference(alternative);
            add(
                &mut out,
                &format!(
                    "    {}: {other}, {difference}{}",
                    alternative.option,
                    compared(alternative.downloads, report.assumptions.downloads)
                ),
            );
            add(&mut out, &format!("      {}", alternative.why));
        }
        out.push('\n');
    }
    add(&mut out, "Assumed (each is a flag):");
    for (flag, value, words) in assumptions(&report.assumptions) {
        add(&mut out, &format!("  {flag:<18} {value:>10}  {words}"));
    }
    add(
        &mut out,
        &format!("\nPrices of {REGION}, checked on {CHECKED}; first tiers."),
    );
    let unverified: Vec<_> = PRICES
        .iter()
        .filter(|price| price.evidence == Evidence::Unverified)
        .map(|price| price.in_words())
        .collect();
    if !unverified.is_empty() {
        add(&mut out, &format!("Unverified: {}.", unverified.join("; ")));
    }
    add(&mut out, NOT_COUNTED);
    out
}

fn bill(out: &mut String, bill: &Bill) {
    for kept in [false, true] {
        let largest = bill.largest(kept);
        for line in bill.lines().iter().filter(|line| line.kept == kept) {
            let mark = if largest == Some(line) {
                "  <-- largest"
            } else {
                ""
            };
            add(
                out,
                &format!(
                    "    {:>10}  {}{mark}",
                    line.dollars.to_string(),
                    title(line)
                ),
            );
            add(out, &format!("                {}", formula(line)));
        }
        let (total, words) = if kept {
            (bill.total_kept(), "to keep them")
        } else {
            (bill.total_once(), "once")
        };
        add(out, &format!("    {:>10}  {words}", total.to_string()));
    }
    add(out, &format!("    {}", dominates(bill)));
}

fn title(line: &Line) -> String {
    format!("{}: {}", line.price.service, line.what)
}

fn formula(line: &Line) -> String {
    let unit = line.price.in_words();
    format!("{} = {} at {unit}", line.formula, line.quantity)
}

fn add(out: &mut String, line: &str) {
    // A String takes everything.
    let _ = writeln!(out, "{line}");
}
