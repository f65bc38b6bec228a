//! What is kept, and for how long: by the lifecycle rules of the bucket.

use serde_json::Value as Json;

use super::bill::Bill;
use super::money::Quantity;
use super::prices;
use super::processing::{GB, plural};
use super::reading::{Objects, Reading};

/// What a month has in this account of things.
const DAYS: u64 = 30;
/// What is smaller is not moved to another class, unless a rule says so.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html>
const LEAST_TO_MOVE: u64 = 128 * 1_024;
/// What an item takes in a table beside its attributes, and again in an index, in bytes.
///
/// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
const ITEM_OVERHEAD: u64 = 100;

/// Days in a class of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    standard: u64,
    infrequent: u64,
}

/// Adds what objects of a size cost as long as they are kept.
pub(super) fn keep(
    bill: &mut Bill,
    reading: &Reading<'_>,
    objects: &Objects,
    words: &str,
    number: u64,
    size_kb: u64,
) {
    let months = reading.assumptions.months;
    let bytes = size_kb * 1_000;
    let rules = &reading.properties(&objects.bucket)["LifecycleConfiguration"]["Rules"];
    let days = days(rules, &objects.keys.by_default(), bytes, months * DAYS);
    let images = Quantity::of(number);
    let month = |days: u64| {
        Quantity::ratio(
            u128::from(number) * u128::from(bytes) * u128::from(days),
            GB * u128::from(DAYS),
        )
    };
    let formula = |days: u64| {
        format!(
            "{images} x {} KB x {days} of 30 days",
            Quantity::of(size_kb)
        )
    };
    let bucket = &objects.bucket;
    bill.kept(
        &prices::S3_STANDARD,
        month(days.standard),
        format!("{words} in {bucket}"),
        formula(days.standard),
    );
    bill.kept(
        &prices::S3_STANDARD_IA,
        month(days.infrequent),
        format!("{words} in {bucket}, Standard-IA"),
        formula(days.infrequent),
    );
    if days.infrequent > 0 {
        bill.kept(
            &prices::S3_TRANSITION,
            images,
            format!("{words} in {bucket} move to Standard-IA"),
            format!("{images} x 1 transition"),
        );
    }
}

/// Whether a rule moves objects of a size to Standard-IA at some time.
pub(super) fn moves(reading: &Reading<'_>, objects: &Objects, size_kb: u64) -> bool {
    let rules = &reading.properties(&objects.bucket)["LifecycleConfiguration"]["Rules"];
    days(rules, &objects.keys.by_default(), size_kb * 1_000, u64::MAX).infrequent > 0
}

/// How long objects are in which class, of so many days in all. Classes other than Standard-IA count as the
/// standard one, which is dearer.
fn days(rules: &Json, keys: &str, bytes: u64, all: u64) -> Days {
    let mut until = all;
    let mut moved = all;
    for rule in rules.as_array().into_iter().flatten() {
        let prefix = rule["Prefix"].as_str().unwrap_or_default();
        if rule["Status"] != "Enabled" || !keys.starts_with(prefix) {
            continue;
        }
        if let Some(expire) = rule["ExpirationInDays"].as_u64() {
            until = until.min(expire);
        }
        for transition in rule["Transitions"].as_array().into_iter().flatten() {
            if transition["StorageClass"] == "STANDARD_IA"
                && bytes >= LEAST_TO_MOVE
                && let Some(after) = transition["TransitionInDays"].as_u64()
            {
                moved = moved.min(after);
            }
        }
    }
    let standard = moved.min(until);
    Days {
        standard,
        infrequent: until - standard,
    }
}

/// Adds what the items of a table cost as long as they are kept.
pub(super) fn keep_items(
    bill: &mut Bill,
    reading: &Reading<'_>,
    table: &str,
    indexes: usize,
    items: u64,
) {
    let assumptions = reading.assumptions;
    let months = assumptions.months;
    let bytes = assumptions.item_bytes + ITEM_OVERHEAD;
    let month = |copies: u64| {
        Quantity::ratio(
            u128::from(items) * u128::from(bytes) * u128::from(copies) * u128::from(months),
            GB,
        )
    };
    let copies = 1 + indexes as u64;
    let number = Quantity::of(items);
    let size = Quantity::of(bytes);
    let with_indexes = if indexes > 0 { "(with indexes) " } else { "" };
    let in_months = format!("{months} {}", plural(months, "month"));
    bill.kept(
        &prices::DYNAMODB_STORAGE,
        month(copies),
        format!("records in {table}"),
        format!("{number} x {size} bytes x {copies} {with_indexes}x {in_months}"),
    );
    let recovery = &reading.properties(table)["PointInTimeRecoverySpecification"];
    if recovery["PointInTimeRecoveryEnabled"] == true {
        bill.kept(
            &prices::DYNAMODB_BACKUP,
            month(1),
            format!("records of {table} that can be restored"),
            format!("{number} x {size} bytes x {in_months}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_say_how_long_and_where() {
        let rules = json!([
            { "Status": "Enabled", "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 7 } },
            {
                "Status": "Enabled",
                "Prefix": "uploads/",
                "Transitions": [{ "StorageClass": "STANDARD_IA", "TransitionInDays": 30 }],
                "ExpirationInDays": 90,
            },
            { "Status": "Disabled", "ExpirationInDays": 1 },
        ]);
        let large = 3_600_000;
        for (keys, bytes, all, standard, infrequent) in [
            ("uploads/*", large, 30, 30, 0),
            ("uploads/*", large, 60, 30, 30),
            ("uploads/*", large, 360, 30, 60),
            // Too small to move, and removed all the same.
            ("uploads/*", 90_000, 360, 90, 0),
            ("processed/*", large, 360, 360, 0),
        ] {
            assert_eq!(
                days(&rules, keys, bytes, all),
                Days {
                    standard,
                    infrequent
                },
                "{keys} {bytes} {all}"
            );
        }
    }
}
