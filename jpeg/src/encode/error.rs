//! What cannot be encoded.

/// Why a picture was not encoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A side that a JPEG cannot have.
    #[error("a JPEG has 1 to 65535 pixels a side, not {width} x {height}")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Less or more samples than a plane of its size has.
    #[error("{what} has {found} bytes where its size takes {expected}")]
    Samples {
        /// The plane, as a noun: `a plane of chroma`.
        what: &'static str,
        /// Bytes that there are.
        found: usize,
        /// Bytes that there should be.
        expected: u64,
    },
    /// Chroma that is not half as wide and half as high as luma, rounded up.
    #[error(
        "a plane of chroma has {} x {} samples where {} x {} are half of the picture",
        found.0, found.1, expected.0, expected.1
    )]
    Chroma {
        /// Its width and height.
        found: (u32, u32),
        /// The width and height that it should have.
        expected: (u32, u32),
    },
    /// A quality that there is none of.
    #[error("the quality of a JPEG is 1 to 100, not {0}")]
    Quality(u8),
}
