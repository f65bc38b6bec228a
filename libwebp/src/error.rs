//! What can be wrong with a WebP.

/// Why a WebP was not read, or not written.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Part of the picture is missing: the file ends too early.
    #[error("the WebP breaks off: {:.1} % of its rows are there", share * 100.0)]
    Truncated {
        /// How many of its rows were decoded before the data ended, 0 to 1.
        share: f64,
    },
    /// The file contradicts itself or the format.
    #[error("the WebP is corrupt: {what}")]
    Corrupt {
        /// What libwebp says: `a wrong bitstream`.
        what: &'static str,
    },
    /// A part of the format that is not read.
    #[error("{what} is not supported in a WebP")]
    Unsupported {
        /// The part, as a noun: `an animation`.
        what: &'static str,
    },
    /// There is no memory for it.
    #[error("there is no memory for {what}")]
    OutOfMemory {
        /// For what: `the pixels`.
        what: &'static str,
    },
    /// A picture that cannot be written as a WebP.
    #[error("the picture cannot be a WebP: {what}")]
    Unwritable {
        /// What is wrong with it, as a sentence: `a side has 0 pixels`.
        what: &'static str,
    },
}
