//! Decodes JPEG (ITU-T T.81) at `N` eighths of its size.
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
