//! What can be wrong with a JPEG.

/// Why a JPEG was not decoded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file contradicts itself or the format.
    #[error("the JPEG is corrupt at byte {at}: {what}")]
    Corrupt {
        /// What is wrong.
        what: &'static str,
        /// Offset in the file, in bytes.
        at: usize,
    },
    /// Part of the picture is missing: the file, or the data of a scan, ends too early.
    #[error("the JPEG breaks off: {:.1} % of its picture data are there", percent(*share))]
    Truncated {
        /// How much of the picture was there before the data ended, 0 to 1: of a sequential JPEG its
        /// blocks. Of a progressive one all coefficients of all blocks, each bit that is missing at the lower
        /// end halving what a coefficient counts; nobody knows which scans a file without an end would have
        /// had, so that the share is that of a whole picture.
        share: f64,
    },
    /// A part of the format that this decoder does not know.
    #[error("{what} is not supported in a JPEG")]
    Unsupported {
        /// The part, as a noun: `arithmetic coding`.
        what: &'static str,
    },
    /// More than the [`Limits`](crate::Limits) allow.
    #[error("the JPEG has {found} {what}; at most {limit} are taken")]
    TooLarge {
        /// What there is too much of, as a plural noun: `pixels`.
        what: &'static str,
        /// How many there are, or how many were counted before reading stopped.
        found: u64,
        /// How many are allowed.
        limit: u64,
    },
}

/// Tenths of a percent, rounded down: what is not whole is not called so.
fn percent(share: f64) -> f64 {
    (share * 1000.0).floor() / 10.0
}

impl Error {
    pub(crate) fn corrupt(what: &'static str, at: usize) -> Self {
        Self::Corrupt { what, at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_almost_whole_is_not_a_hundred_percent() {
        let text = |share| Error::Truncated { share }.to_string();
        let there = "the JPEG breaks off: 99.9 % of its picture data are there";
        assert_eq!(text(0.999_999), there);
        assert!(text(0.256).contains(" 25.6 %"));
    }
}
