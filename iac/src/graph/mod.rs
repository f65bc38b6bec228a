//! Pictures of a stack, drawn from what its template says.
//!
//! [`Drawing`] decides what a person would draw: things and arrows with words on them. [`mermaid`] writes it as
//! text for Markdown, [`svg`] lays it out and draws it. The same template gives the same bytes.

mod arrows;
mod drawing;
mod label;
mod layout;
mod meaning;
mod measure;
pub mod mermaid;
pub mod svg;

pub use drawing::{Arrow, Drawing, Heads, Line, Service, Style, Thing};
