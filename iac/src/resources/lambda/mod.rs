//! AWS Lambda.

mod event_invoke;
mod function;
mod permission;

pub use event_invoke::{EventInvokeConfig, OnFailure};
pub use function::{Architecture, Code, Environment, Function, LogFormat, LoggingConfig, Runtime};
pub use permission::Permission;
