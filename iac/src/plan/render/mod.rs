//! Plans for people.

mod value;

pub(super) use value::plain;
