//! What stacks cost, as a chapter: `docs/cost.md`.

use std::fmt::Write as _;

use super::bill::Bill;
use super::prices::{CHECKED, Evidence, PRICES, REGION};
use super::report::{Report, SLOWER_MS, StackCost};
use super::words::{NOT_COUNTED, assumptions, batches, compared, difference, dominates};
use super::{BackfillCost, Dollars, Quantity};

/// The report as Markdown.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    let images = Quantity::of(report.assumptions.images);
    add(
        &mut out,
        "<!-- Made by `cargo run -p iac -- cost --format markdown`. Do not edit: change iac/src/cost/ and run it again. -->\n",
    );
    add(&mut out, "# What it costs\n");
    add(
        &mut out,
        &format!(
            "What {images} images cost in each stack, in {REGION}, at prices checked on {CHECKED}. Every quantity is read from the stack's template: the memory and the processor of the functions on an image's way, the states of a workflow, what a role allows, the indexes of a table, the lifecycle rules of a bucket. Change an option and these numbers change.\n"
        ),
    );
    overview(&mut out, report);
    add(
        &mut out,
        "A template cannot say everything. `iac cost` assumes the rest, and each assumption is a flag:\n",
    );
    add(&mut out, "| Flag | Value | |");
    add(&mut out, "|---|--:|---|");
    for (flag, value, words) in assumptions(&report.assumptions) {
        add(&mut out, &format!("| `{flag}` | {value} | {words} |"));
    }
    add(
        &mut out,
        &format!("\nA KB is 1,000 bytes; a GB is 2^30, as AWS bills it. {NOT_COUNTED}\n"),
    );
    for stack in &report.stacks {
        chapter(&mut out, stack, report);
    }
    backfills(&mut out, report);
    prices(&mut out);
    out
}

/// A line a way and a stack.
fn overview(out: &mut String, report: &Report) {
    let months = report.assumptions.months;
    let kept = if months == 1 {
        "For keeping them a month".to_owned()
    } else {
        format!("For keeping them {months} months")
    };
    add(
        out,
        &format!(
            "| Stack | Images come by | Once | {kept} | Each {SLOWER_MS} ms that an image takes longer |"
        ),
    );
    add(out, "|---|---|--:|--:|--:|");
    for stack in &report.stacks {
        for (way, slower) in stack.estimate.ways.iter().zip(&stack.slower) {
            add(
                out,
                &format!(
                    "| [`{name}`](#{name}) | `{}` | {} | {} | {slower} |",
                    way.name,
                    way.bill.total_once(),
                    way.bill.total_kept(),
                    name = stack.name
                ),
            );
        }
    }
    out.push('\n');
    let mut ways = report.stacks.iter().flat_map(|stack| &stack.estimate.ways);
    if ways.all(|way| way.bill.total_kept() > way.bill.total_once()) {
        add(
            out,
            "Whichever way they come, keeping the images costs more than all that is done with them: look at what keeps originals first.\n",
        );
    }
}

fn chapter(out: &mut String, stack: &StackCost, report: &Report) {
    add(out, &format!("## {}\n", stack.name));
    let images = Quantity::of(report.assumptions.images);
    let mut ways = stack.estimate.ways.iter();
    if let Some(way) = ways.next() {
        let total = way.bill.total();
        add(
            out,
            &format!(
                "{images} images by `{}` cost {total}: {}. {}\n",
                way.name,
                way.how,
                dominates(&way.bill)
            ),
        );
        table(out, &way.bill);
    }
    for way in ways {
        let total = way.bill.total();
        add(
            out,
            &format!(
                "By `{}` they cost {total}: {}. {}\n",
                way.name,
                way.how,
                dominates(&way.bill)
            ),
        );
    }
    if stack.alternatives.is_empty() {
        return;
    }
    add(out, &format!("### {}: what to switch\n", stack.name));
    add(out, "| Option | Costs | | Why |");
    add(out, "|---|--:|--:|---|");
    for alternative in &stack.alternatives {
        add(
            out,
            &format!(
                "| `{}`{} | {} | {} | {} |",
                alternative.option,
                compared(alternative.downloads, report.assumptions.downloads),
                Dollars::micro(alternative.microdollars),
                difference(alternative),
                alternative.why
            ),
        );
    }
    out.push('\n');
}

/// The backfills: the first whole, of the others what they have beyond it.
fn backfills(out: &mut String, report: &Report) {
    let stacks: Vec<(&str, &BackfillCost)> = report
        .stacks
        .iter()
        .filter_map(|stack| Some((stack.name, stack.estimate.backfill.as_ref()?)))
        .collect();
    let Some((first_name, first)) = stacks.first() else {
        return;
    };
    let images = Quantity::of(report.assumptions.backfill_images);
    add(out, "## Backfill\n");
    add(
        out,
        &format!(
            "What it costs to resize {images} images that are in the bucket already; the originals are paid for without it, too.\n"
        ),
    );
    add(
        out,
        "| Stack | Once | For keeping results | More if the originals have been moved to Standard-IA | Beyond the table below |",
    );
    add(out, "|---|--:|--:|--:|---|");
    for (name, backfill) in &stacks {
        let known = |id: &str| first.bill.lines().iter().any(|line| line.price.id == id);
        let more = backfill.bill.lines().iter();
        let more: Vec<String> = more
            .filter(|line| !known(line.price.id))
            .map(|line| format!("{}: {} ({})", line.dollars, line.what, line.formula))
            .collect();
        let moved = match backfill.if_moved.total() {
            nothing if nothing == Dollars::default() => "no rule moves them".to_owned(),
            more => more.to_string(),
        };
        add(
            out,
            &format!(
                "| `{name}` | {} | {} | {moved} | {} |",
                backfill.bill.total_once(),
                backfill.bill.total_kept(),
                more.join("; ")
            ),
        );
    }
    add(
        out,
        &format!(
            "\nFor `{first_name}`: {}{}\n",
            dominates(&first.bill),
            batches(first)
        ),
    );
    table(out, &first.bill);
}

fn table(out: &mut String, bill: &Bill) {
    add(out, "| Service | For | Formula | Quantity | Price | Cost |");
    add(out, "|---|---|---|--:|---|--:|");
    for kept in [false, true] {
        let largest = bill.largest(kept);
        for line in bill.lines().iter().filter(|line| line.kept == kept) {
            let mark = if largest == Some(line) { "**" } else { "" };
            add(
                out,
                &format!(
                    "| {} | {} | {} | {} | {} | {mark}{}{mark} |",
                    line.price.service,
                    line.what,
                    line.formula,
                    line.quantity,
                    line.price.in_words(),
                    line.dollars
                ),
            );
        }
        let (total, words) = if kept {
            (bill.total_kept(), "To keep them")
        } else {
            (bill.total_once(), "Once")
        };
        if total > Dollars::default() {
            add(out, &format!("| | **{words}** | | | | **{total}** |"));
        }
    }
    out.push('\n');
}

fn prices(out: &mut String) {
    add(out, "## Prices\n");
    add(
        out,
        &format!(
            "First tiers in {REGION}, in dollars, checked on {CHECKED} against stored copies, not against AWS's own bill. *Price list*: a copy of AWS's price list of that day has it under that number. *Page*: a page of AWS says it. *Others*: others say that AWS says it. *Unverified*: no page was found that says it. AWS's page, to which the service links, decides.\n"
        ),
    );
    add(out, "| Service | Price | Says | Read in |");
    add(out, "|---|---|---|---|");
    for price in PRICES {
        let evidence = match price.evidence {
            Evidence::PriceList { sku, published } => {
                format!("Price list of {published}, {sku}")
            }
            Evidence::Page => "Page".to_owned(),
            Evidence::Others => "Others".to_owned(),
            Evidence::Unverified => "**Unverified**".to_owned(),
        };
        let link = |(index, url): (usize, &&str)| format!("[{}]({url})", index + 1);
        let read: Vec<String> = price.read.iter().enumerate().map(link).collect();
        add(
            out,
            &format!(
                "| [{}]({}) | {} | {evidence} | {} |",
                price.service,
                price.source,
                price.in_words(),
                read.join(" ")
            ),
        );
    }
}

fn add(out: &mut String, line: &str) {
    // A String takes everything.
    let _ = writeln!(out, "{line}");
}
