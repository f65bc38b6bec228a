//! What the template cannot say: how large images are, how long functions run, how often something fails.

use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The assumptions. Sizes are decimal: a KB is 1,000 bytes; what is billed by the GB is billed by 2^30.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assumptions {
    /// Images that are uploaded.
    pub images: u64,
    /// An original in KB: a JPEG of 12 megapixels.
    pub source_kb: u64,
    /// A result in KB.
    pub result_kb: u64,
    /// How long a function takes that handles an image, be it to resize or to store it, in milliseconds.
    pub duration_ms: u64,
    /// How long every other call of a function takes, in milliseconds.
    pub api_duration_ms: u64,
    /// What an Express execution lasts beyond its functions, in milliseconds.
    pub overhead_ms: u64,
    /// The images that fail.
    pub failures: Share,
    /// How often the API is asked for the result or the record of an image.
    pub reads: u64,
    /// How often a result goes out to the internet.
    pub downloads: u64,
    /// The downloads that a CDN does not have in its cache.
    pub cache_misses: Share,
    /// How long originals, results and records are kept, in months of 30 days.
    pub months: u64,
    /// What a call of a function writes to the log, in bytes.
    pub log_bytes: u64,
    /// A record of an image in bytes, names of attributes included.
    pub item_bytes: u64,
    /// Images that a backfill finds.
    pub backfill_images: u64,
    /// What a backfill reports of an image, in bytes.
    pub report_bytes: u64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            images: 1_000_000,
            source_kb: 3_600,
            result_kb: 90,
            duration_ms: 100,
            api_duration_ms: 20,
            overhead_ms: 100,
            failures: Share(1_000),
            reads: 1,
            downloads: 0,
            cache_misses: Share(100_000),
            months: 1,
            log_bytes: 1_000,
            item_bytes: 1_000,
            backfill_images: 10_000_000,
            report_bytes: 1_500,
        }
    }
}

impl Assumptions {
    /// Images that fail.
    #[must_use]
    pub fn failing(&self) -> u64 {
        self.failures.of(self.images)
    }
}

/// A share, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(u32);

impl Share {
    const ALL: u32 = 1_000_000;

    /// The share of a number, rounded.
    #[must_use]
    pub fn of(self, number: u64) -> u64 {
        let exact = u128::from(number) * u128::from(self.0);
        let rounded = (exact + u128::from(Self::ALL / 2)) / u128::from(Self::ALL);
        u64::try_from(rounded).unwrap_or(u64::MAX)
    }
}

impl std::fmt::Display for Share {
    /// In percent: `0.1`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Share {
    /// In percent, as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text that is no share.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no share in percent: give a number from 0 to 100 with up to 4 decimals, such as 0.1")]
pub struct ShareError;

impl FromStr for Share {
    type Err = ShareError;

    /// Reads a number of percent.
    fn from_str(text: &str) -> Result<Self, ShareError> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 4 {
            return Err(ShareError);
        }
        let whole: u32 = whole.parse().map_err(|_| ShareError)?;
        let part: u32 = format!("{part:0<4}").parse().map_err(|_| ShareError)?;
        let millionths = whole.checked_mul(10_000).and_then(|w| w.checked_add(part));
        match millionths {
            Some(millionths) if millionths <= Self::ALL => Ok(Self(millionths)),
            _ => Err(ShareError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percent_with_four_decimals() {
        for (text, shown, of_a_million) in [
            ("0.1", "0.1", 1_000),
            ("0", "0", 0),
            ("100", "100", 1_000_000),
            ("12.3456", "12.3456", 123_456),
            ("7.0", "7", 70_000),
        ] {
            let share: Share = text.parse().expect(text);
            assert_eq!(share.to_string(), shown);
            assert_eq!(share.of(1_000_000), of_a_million);
        }
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "100.0001",
            "1.23456",
            "1e2",
            "99999999999",
        ] {
            assert_eq!(text.parse::<Share>(), Err(ShareError), "{text}");
        }
    }
}
