//! What the engine promises: the limits that its figures are held against.

use crate::verdict::Limit;

/// The inputs whose speed is promised, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Baseline JPEG of 8 to 24 megapixels.
    Baseline,
    /// Progressive JPEG of the same sizes.
    Progressive,
    /// PNG of 12 megapixels, with and without alpha.
    Png,
    /// Lossy WebP of 12 megapixels.
    WebP,
}

impl Class {
    /// All, in the order of the table.
    pub const ALL: [Self; 4] = [Self::Baseline, Self::Progressive, Self::Png, Self::WebP];

    /// In the table.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Baseline => "baseline JPEG, 8 to 24 MP",
            Self::Progressive => "progressive JPEG, 8 to 24 MP",
            Self::Png => "PNG RGB and RGBA, 12 MP",
            Self::WebP => "WebP lossy, 12 MP",
        }
    }

    /// The most CPU, as a part of sharp's.
    pub const fn limit(self) -> Limit {
        let (must, aim) = match self {
            Self::Baseline => (0.60, 0.40),
            Self::Progressive => (0.95, 0.40),
            Self::Png => (0.75, 0.55),
            Self::WebP => (1.0, 0.80),
        };
        Limit { must, aim }
    }

    /// Whether the limit is one of Pillow's CPU as well.
    pub const fn is_of_pillow_too(self) -> bool {
        matches!(self, Self::Baseline)
    }
}

/// Memory over the idle process and the file, in MB of 1,000,000 bytes.
pub const MEMORY_MB: Limit = Limit {
    must: 24.0,
    aim: 12.0,
};

/// All memory of the function with an image of 108 megapixels, in Lambda's MB of 1,048,576 bytes.
pub const FUNCTION_MB: Limit = Limit {
    must: 256.0,
    aim: 128.0,
};

/// The most by which a result may be larger than sharp's.
pub const LARGER: f64 = 1.03;

/// CPU milliseconds from the start of the function to its first question for an event.
pub const START_MS: Limit = Limit {
    must: 5.0,
    aim: 2.5,
};

/// The function's zip for arm64, in MB of 1,000,000 bytes.
pub const ZIP_MB: Limit = Limit {
    must: 6.0,
    aim: 4.0,
};
