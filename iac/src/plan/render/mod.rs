//! Plans for people.

mod excerpt;
mod grants;
mod markdown;
mod paint;
mod text;
mod value;
mod words;

pub(super) use markdown::markdown;
pub(super) use text::text;
pub(super) use value::plain;
