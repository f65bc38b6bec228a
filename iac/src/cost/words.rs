//! What the text and the chapter say in the same words.

use std::cmp::Ordering;

use super::bill::Bill;
use super::money::{Dollars, Quantity};
use super::prices::STANDARD_TRANSITION;
use super::{AlternativeCost, Assumptions, BackfillCost};

/// What a bill is mostly made of, in two sentences: the services that cost most, and the largest line.
pub(super) fn dominates(bill: &Bill) -> String {
    let mut sentences = Vec::new();
    for (kept, words, total) in [
        (false, "Paid once", bill.total_once()),
        (true, "For keeping them", bill.total_kept()),
    ] {
        let Some(largest) = bill.largest(kept) else {
            continue;
        };
        let services: Vec<String> = bill
            .by_service(kept)
            .iter()
            .map(|(service, amount)| (service, amount.percent_of(total)))
            .take(2)
            .filter(|(_, percent)| *percent > 0)
            .map(|(service, percent)| format!("{percent} % to {service}"))
            .collect();
        sentences.push(format!(
            "{words}: {total}, {}; the largest line is {} ({}).",
            services.join(" and "),
            largest.what,
            largest.dollars
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
            " A state transition is paid for each child execution that is started, and each child gets one image: with batches of ten, the {} would be a tenth. This backfill makes none: an image that fails alone is reported and tried again alone.",
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
        Ordering::Less => format!("{amount} less"),
        Ordering::Equal => "the same".to_owned(),
        Ordering::Greater => format!("{amount} more"),
    }
}

/// With how many downloads an option is compared, where that is not what is assumed.
pub(super) fn compared(downloads: u64, assumed: u64) -> String {
    if downloads == assumed {
        String::new()
    } else {
        format!(" (compared with --downloads {downloads})")
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
pub(super) const NOT_COUNTED: &str = "A state transition is a state that an execution enters, as AWS says (\"each time a step of your workflow is executed\"). Not counted: free tiers, discounts and taxes; starts of functions and tries that are repeated because AWS failed; preflight requests of browsers; what API Gateway's own answers weigh; lists of images; logs once they are written; a queue, which costs nothing while nobody uses it; uploads, which are free to receive.";
