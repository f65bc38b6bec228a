//! Plans for people.

mod comment;
mod excerpt;
mod grants;
pub(super) mod markdown;
mod paint;
pub(super) mod text;
mod value;
mod words;
mod writer;

pub(super) use value::plain;
