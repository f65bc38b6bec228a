//! Typed Amazon States Language.
//!
//! Source: <https://states-language.net/spec.html>

mod check;
mod choice;
mod distributed_map;
mod error_name;
mod machine;
mod path;
mod retry;
mod state;

pub use choice::{Choice, ChoiceRule, Succeed};
pub use distributed_map::{DistributedMap, ListObjects, ResultWriter, Selection};
pub use error_name::ErrorName;
pub use machine::{Definition, Machine, StateRef};
pub use path::{Path, Payload};
pub use retry::{Catcher, JitterStrategy, Retrier};
pub use state::{Fail, LambdaInvoke, Pass, State, Transition};
