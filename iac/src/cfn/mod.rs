//! Typed CloudFormation: resources, references and the template they make.

mod condition;
mod error;
mod expression;
mod handle;
mod limits;
mod list;
pub(crate) mod owner;
mod parameter;
pub mod pseudo;
mod references;
mod stack;
mod template;
mod value;
mod yaml;

pub use condition::{Condition, Test};
pub use error::{ModelError, Problem};
pub use handle::{Attributes, Handle, Policy, Resource};
pub use limits::MAX_TEMPLATE_BODY;
pub use list::List;
pub use parameter::Parameter;
pub use stack::{Note, Stack};
pub use template::Template;
pub use value::{Arn, Id, Literal, Piece, Textual, Value};
