//! Reads and writes WebP by libwebp, behind an interface that cannot be used wrongly.
//!
//! Why C: a thumbnail of a lossy WebP of 12 megapixels is nearly all decoding, and the decoders in safe Rust
//! take twice as long for it. They also give the whole picture only. libwebp scales while it decodes: it
//! holds a few rows of the file's size, and leaves the loop filter out where scaling hides what it does.
//!
//! What keeps it apart:
//! - `unsafe` is denied in this crate and forbidden in the others of the workspace. The functions that call C are
//!   private, few, and say why each call is sound.
//! - C writes into memory that Rust has allocated, initialised and measured, and libwebp compares that size
//!   with the picture's before its first byte. Nothing that libwebp allocates outlives a call.
//! - The binding is pinned to one version, which carries the sources of libwebp 1.6.0: `libwebp-sys` compiles them with
//!   the compiler of the target and asks for nothing that is installed. It uses SSE2 on x86-64 and NEON on
//!   arm64, which every such processor has. SSE4.1 and AVX2 are left out: the binding can turn them on only
//!   for all of its code at once, without asking the processor.
//! - No threads, here or in libwebp. The same input gives the same bytes.
//!
//! [`header`] allocates nothing. [`decode`] and [`encode`] allocate by the sizes they are given: whoever takes files
//! from others compares [`Header::memory`] with what is allowed first.
//!
//! ```
//! use libwebp::{Coding, Error, Layout, Options, decode, encode, header};
//!
//! let file = encode(&[90; 40 * 30 * 3], Layout::Rgb, (40, 30), Coding::Lossy { quality: 80.0 })?;
//! let found = header(&file)?;
//! assert_eq!((found.width, found.height), (40, 30));
//! let small = decode(&file, (20, 15), Options::default())?;
//! assert_eq!(small.pixels.len(), 20 * 15 * 3);
//! # Ok::<(), Error>(())
//! ```
//!
//! Source: <https://developers.google.com/speed/webp/docs/api>

mod decode;
mod encode;
mod error;
mod header;

pub use decode::{Decoded, Options, decode};
pub use encode::{Coding, encode};
pub use error::Error;
pub use header::{Coded, Header, header};

/// Largest width and height of a picture, in pixels.
///
/// Source: <https://developers.google.com/speed/webp/faq#what_is_the_maximum_size_a_webp_image_can_be>
pub const MAX_SIDE: u32 = 16_383;

/// What the bytes of a pixel are; rows have no padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha; not premultiplied.
    Rgba,
}

impl Layout {
    /// Bytes of a pixel.
    pub const fn channels(self) -> u8 {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    /// Bytes of a row.
    fn stride(self, width: u32) -> u64 {
        u64::from(width) * u64::from(self.channels())
    }

    /// Bytes of a picture.
    fn bytes(self, (width, height): (u32, u32)) -> u64 {
        self.stride(width).saturating_mul(u64::from(height))
    }
}
