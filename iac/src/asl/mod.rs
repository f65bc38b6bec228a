//! Typed Amazon States Language.
//!
//! Source: <https://states-language.net/spec.html>

mod check;
mod error_name;
mod machine;
mod path;
mod retry;
mod state;

pub use error_name::ErrorName;
pub use machine::{Definition, Machine, StateRef};
pub use path::{Path, Payload};
pub use retry::{Catcher, JitterStrategy, Retrier};
pub use state::{Fail, LambdaInvoke, Pass, State, Transition};
