//! How many images, and how they fared.

use aws_sdk_sfn::types::MapRunItemCounts;
use serde::Serialize;

/// How many images of a run there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// All that are known; the number grows while the bucket is listed.
    pub total: u64,
    /// Resized, folders included.
    pub succeeded: u64,
    /// Failed, those that took too long included.
    pub failed: u64,
    /// Neither begun nor ended.
    pub pending: u64,
    /// Begun and not ended.
    pub running: u64,
    /// Stopped because the run was.
    pub aborted: u64,
}

impl From<&MapRunItemCounts> for Counts {
    fn from(counts: &MapRunItemCounts) -> Self {
        let natural = |number: i64| u64::try_from(number).unwrap_or_default();
        Self {
            total: natural(counts.total()),
            succeeded: natural(counts.succeeded()),
            failed: natural(counts.failed()) + natural(counts.timed_out()),
            pending: natural(counts.pending()),
            running: natural(counts.running()),
            aborted: natural(counts.aborted()),
        }
    }
}

impl Counts {
    /// Those that ended, whichever way.
    #[must_use]
    pub fn ended(&self) -> u64 {
        self.succeeded + self.failed + self.aborted
    }

    /// The share that failed, in percent of all.
    #[must_use]
    pub fn failed_percentage(&self) -> f64 {
        if self.total == 0 {
            return 0.0;
        }
        real(self.failed) * 100.0 / real(self.total)
    }
}

/// The number as a real one. A bucket with more than four billion images would need another tool.
pub(super) fn real(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A number for people: `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Counts, grouped};

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (10_000_000, "10,000,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_share_is_of_all() {
        let counts = Counts {
            total: 30,
            succeeded: 28,
            failed: 2,
            ..Counts::default()
        };
        assert!((counts.failed_percentage() - 6.666_667).abs() < 0.001);
        assert!(Counts::default().failed_percentage().abs() < f64::EPSILON);
    }
}
