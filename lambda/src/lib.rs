//! The image functions of the pipeline.
//!
//! Three layers, each usable without the one above it:
//! - always: what a function takes, gives and fails with ([`request`], [`result`], [`failure`],
//!   [`environment`]). The infrastructure code builds its API model, its state machine and its
//!   environment variables from these, so that a name is written once.
//! - feature `engine`: the resize engine on bytes in memory.
//! - feature `function` (default): the Lambda function around it.

#[cfg(feature = "engine")]
pub mod engine;
pub mod environment;
pub mod failure;
#[cfg(feature = "function")]
pub mod function;
pub mod request;
pub mod result;

pub use failure::FailureName;
pub use request::ResizeRequest;
pub use result::ResizeResult;
