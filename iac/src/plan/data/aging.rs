//! Data that goes later: what a change of settings deletes sooner, or protects no longer.

use serde_json::Value as Json;

use crate::plan::values::{document, scalar};

/// Where a rule of a bucket says after how many days objects go.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html>
const EXPIRY: [(&str, &str); 3] = [
    ("/ExpirationInDays", "objects"),
    (
        "/NoncurrentVersionExpiration/NoncurrentDays",
        "old versions",
    ),
    ("/NoncurrentVersionExpirationInDays", "old versions"),
];

/// Sentences about data that stays in place and is deleted sooner than before, or kept by less.
pub(in crate::plan) fn warnings(id: &str, before: &Json, after: &Json) -> Vec<String> {
    let (old, new) = (&before["Properties"], &after["Properties"]);
    let mut warnings = match after["Type"].as_str().unwrap_or_default() {
        "AWS::S3::Bucket" => bucket(id, old, new),
        "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => table(id, old, new),
        "AWS::SQS::Queue" => {
            let kept = |properties: &Json| {
                number(&properties["MessageRetentionPeriod"]).unwrap_or(345_600.0)
            };
            let seconds = kept(new);
            let sooner = seconds < kept(old);
            sooner
                .then(|| {
                    format!("Messages in `{id}` that are older than {seconds} seconds are deleted.")
                })
                .into_iter()
                .collect()
        }
        "AWS::Logs::LogGroup" => {
            let days = number(&new["RetentionInDays"]);
            let sooner = match (number(&old["RetentionInDays"]), days) {
                (Some(old), Some(new)) => new < old,
                (None, new) => new.is_some(),
                (Some(_), None) => false,
            };
            days.filter(|_| sooner)
                .map(|days| format!("Logs in `{id}` that are older than {days} days are deleted."))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    };
    if super::Holds::of(after["Type"].as_str().unwrap_or_default()).is_some() {
        for (attribute, when) in [
            (
                "DeletionPolicy",
                "when the stack is deleted or it is taken out of the template",
            ),
            ("UpdateReplacePolicy", "when another takes its place"),
        ] {
            let keeps = |resource: &Json| {
                let policy = resource[attribute].as_str().unwrap_or_default();
                policy.starts_with("Retain") || policy == "Snapshot"
            };
            if keeps(before) && !keeps(after) {
                warnings.push(format!("From now on `{id}` is deleted {when}."));
            }
        }
    }
    warnings
}

fn bucket(id: &str, old: &Json, new: &Json) -> Vec<String> {
    let rules = |properties: &Json| -> Vec<Json> {
        let rules = document(&properties["LifecycleConfiguration"]["Rules"]);
        let rules = rules.and_then(|rules| rules.as_array().cloned());
        let enabled = rules.into_iter().flatten();
        enabled.filter(|rule| rule["Status"] == "Enabled").collect()
    };
    let scope = |rule: &Json| {
        let scope = [
            "Prefix",
            "TagFilters",
            "ObjectSizeGreaterThan",
            "ObjectSizeLessThan",
        ];
        scope.map(|field| rule[field].clone())
    };
    let was = rules(old);
    let mut warnings = Vec::new();
    for rule in rules(new) {
        for (pointer, what) in EXPIRY {
            let Some(days) = rule.pointer(pointer).and_then(number) else {
                continue;
            };
            let covered = was.iter().any(|old| {
                let as_soon = old
                    .pointer(pointer)
                    .and_then(number)
                    .is_some_and(|old| old <= days);
                as_soon && scope(old) == scope(&rule)
            });
            if !covered {
                let place = match rule["Prefix"].as_str() {
                    Some(prefix) if !prefix.is_empty() => format!("under {prefix} in `{id}`"),
                    _ => format!("in `{id}`"),
                };
                warnings.push(format!("S3 deletes {what} {place} after {days} days."));
            }
        }
    }
    let versions = |properties: &Json| properties["VersioningConfiguration"]["Status"] == "Enabled";
    if versions(old) && !versions(new) {
        warnings.push(format!(
            "`{id}` keeps no versions any more: what is overwritten or deleted from now on is gone."
        ));
    }
    warnings
}

fn table(id: &str, old: &Json, new: &Json) -> Vec<String> {
    let mut warnings = Vec::new();
    let on = |properties: &Json, pointer: &str| {
        let switch = properties.pointer(pointer).and_then(scalar);
        switch.is_some_and(|switch| switch.eq_ignore_ascii_case("true"))
    };
    let expires = |properties| on(properties, "/TimeToLiveSpecification/Enabled");
    if expires(new) && !expires(old) {
        let attribute =
            scalar(&new["TimeToLiveSpecification"]["AttributeName"]).unwrap_or_default();
        warnings.push(format!(
            "DynamoDB deletes the items of `{id}` whose `{attribute}` is in the past."
        ));
    }
    for (pointer, sentence) in [
        (
            "/DeletionProtectionEnabled",
            "is no longer protected from deletion",
        ),
        (
            "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled",
            "can no longer be restored to a point in time",
        ),
    ] {
        if on(old, pointer) && !on(new, pointer) {
            warnings.push(format!("`{id}` {sentence}."));
        }
    }
    warnings
}

fn number(value: &Json) -> Option<f64> {
    scalar(value)?.parse().ok()
}
