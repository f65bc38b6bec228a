//! How much an image may ask for. Everything here is compared with a file's headers before memory is
//! taken for its pixels.

use serde::{Deserialize, Serialize};

pub use crate::fit::MAX_RESULT_SIDE;

/// What the engine accepts. The defaults are those of public image services: Cloudflare and imageflow
/// stop at 100 megapixels, imgproxy at 50, sharp at 268.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest source file, in bytes.
    pub max_source_bytes: u64,
    /// Largest width times height, in pixels.
    pub max_pixels: u64,
    /// Most pixels of all results together, canvases included.
    pub max_result_pixels: u64,
    /// Largest width and largest height, in pixels.
    pub max_side: u32,
    /// Most memory for one decoded picture, in bytes: its pixels as the decoder gives them. The process
    /// peaks at this and half as much again, when 16 bits a sample become 8. A JPEG is never whole at its
    /// own size: what counts there are its planes at the result's and, if it is progressive, as much
    /// again for the coefficients that are kept. An opaque lossy WebP is twice as wide and as high as the
    /// result at most, unless its own size is near to that.
    pub max_decoded_bytes: u64,
    /// Most scans in a JPEG. Encoders write ten or so; each costs a pass over the whole picture, and a
    /// small file can hold thousands.
    pub max_jpeg_scans: usize,
    /// Most 8x8 blocks visited in all scans of a JPEG together. The default is about a second of
    /// processor time if all are empty, and more with data in them.
    pub max_jpeg_block_visits: u64,
    /// Largest ICC profile that is carried over, in bytes. A larger one is left out, not refused:
    /// profiles of cameras and screens have 500 bytes to 600 KB.
    pub max_icc_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_source_bytes: 64 << 20,
            max_pixels: 100_000_000,
            max_result_pixels: 100_000_000,
            max_side: 65_535,
            max_decoded_bytes: 400 << 20,
            max_jpeg_scans: 100,
            max_jpeg_block_visits: 150_000_000,
            max_icc_bytes: 1 << 20,
        }
    }
}
