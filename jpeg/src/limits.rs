//! How much a file may ask for.

use crate::Error;

/// What is compared with the headers before memory or time is spent on the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Largest width times height, in pixels.
    pub max_pixels: u64,
    /// Most scans. Encoders write ten or so; each can cost a pass over the whole picture.
    pub max_scans: u32,
    /// Most 8x8 blocks visited in all scans together.
    pub max_block_visits: u64,
    /// Most marker segments. A photo with a large profile and previews has some hundreds.
    pub max_segments: u32,
    /// Most memory for the coefficients of a progressive JPEG, in bytes. They are 2 bytes for each
    /// pixel of the decoded size and 8 for each block of the stored one.
    pub max_coefficient_bytes: u64,
    /// Largest ICC profile that is carried over, in bytes. A larger one is left out, not refused.
    pub max_icc_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: 100_000_000,
            max_scans: 100,
            max_block_visits: 150_000_000,
            max_segments: 10_000,
            max_coefficient_bytes: 400 << 20,
            max_icc_bytes: 1 << 20,
        }
    }
}

/// Fails if `found` is above `limit`.
pub(crate) fn check(what: &'static str, found: u64, limit: u64) -> Result<(), Error> {
    if found > limit {
        return Err(Error::TooLarge { what, found, limit });
    }
    Ok(())
}
