//! Decodes JPEG (ITU-T T.81, <https://www.w3.org/Graphics/JPEG/itu-t81.pdf>) for thumbnails: at one to
//! eight eighths of its size, and nothing that this size does not show.
//!
//! A thumbnail of a photo of 12 megapixels needs a sixteenth of its coefficients, and most of the time of a
//! decoder goes into the others. Here
//! - of each 8x8 block only the corner of `N` x `N` low frequencies is kept, whose inverse transform of
//!   `N` points is the block at `N` eighths;
//! - the symbols of the other coefficients are passed over several at a time, by a table of the next bits;
//! - whole scans of a progressive picture are left out where nothing that is kept depends on them, and of a
//!   refined coefficient that is not kept only its place is (a bit in a map);
//! - planes stay in the file's colour space and at their own resolution, and a sequential picture is handed
//!   out row of MCUs by row of MCUs, so that memory does not grow with its height.
//!
//! [`encode`] writes planes as JPEG, baseline or progressive.
//!
//! What it reads: baseline, extended sequential and progressive Huffman coding of 8 bits a sample; 1, 3 or 4
//! components with any sampling factors; scans interleaved or not; restart markers. What it does not is
//! an [`Error::Unsupported`] that names it. Data that are missing are an error, not a gray area, unless
//! [`Options::allow_truncated`] asks for that.
//!
//! ```
//! use jpeg::{Decoder, Eighths, Error, Limits, Options, Planes};
//!
//! fn planes(file: &[u8]) -> Result<Planes, Error> {
//!     let decoder = Decoder::new(file, &Limits::default())?;
//!     let frame = &decoder.header().frame;
//!     // Each plane with a size of its own, for a picture of 720 x 540 with half as much chroma.
//!     let targets = [(720, 540), (360, 270), (360, 270)];
//!     let sizes: Vec<_> = frame
//!         .components
//!         .iter()
//!         .zip(targets)
//!         .map(|(component, target)| Eighths::for_target(component.size, target))
//!         .collect();
//!     Planes::of(&decoder, &sizes, Options::default())
//! }
//! assert!(planes(b"no JPEG").is_err());
//! ```
#![forbid(unsafe_code)]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    clippy::inline_always,
    reason = "bits become numbers here, and loops of a few instructions must not become calls"
)]

mod band;
mod bits;
mod color;
mod damage;
mod decoder;
pub mod encode;
mod error;
mod frame;
mod header;
mod huffman;
mod icc;
mod idct;
mod limits;
mod planes;
mod progressive;
mod restart;
mod runs;
mod scale;
mod scan;
mod segment;
mod sequential;
mod skips;
mod standard;
mod tables;
mod zigzag;

pub use band::{Band, Shape, Sink};
pub use color::Color;
pub use damage::{Options, Outcome};
pub use decoder::Decoder;
pub use error::Error;
pub use frame::{Component, Frame};
pub use header::Header;
pub use limits::Limits;
pub use planes::{Plane, Planes};
pub use scale::Eighths;
