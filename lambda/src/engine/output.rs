//! What is asked of the engine: how large, cut how, written how.

use serde::{Deserialize, Serialize};

use super::fit::{Bounds, Fit};
use super::limits::Limits;
use crate::format::Format;

/// JPEG and lossy WebP quality: where files get larger faster than pictures get better.
pub const DEFAULT_QUALITY: u8 = 80;

/// One result to be made of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// The box.
    pub bounds: Bounds,
    /// How the picture goes into the box.
    pub fit: Fit,
    /// What to write. Not given: the source's own format, and where that is only read, a JPEG or, with
    /// alpha, a PNG.
    pub format: Option<Format>,
    /// Quality of a JPEG or of a lossy WebP, 1 to 100.
    pub quality: u8,
    /// Whether a JPEG is written in several scans, from coarse to fine.
    pub progressive: bool,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            bounds: Bounds::default(),
            fit: Fit::Inside,
            format: None,
            quality: DEFAULT_QUALITY,
            progressive: false,
        }
    }
}

/// How a source is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Options {
    /// The most that it may ask for.
    pub limits: Limits,
    /// Whether a JPEG, PNG or WebP that breaks off is resized as far as it goes, with gray or nothing in
    /// place of the rest. [`Resized::share`](super::Resized::share) says how much was there.
    pub allow_truncated: bool,
}
