//! The image functions of the pipelines.
//!
//! Three layers, each usable without the one above it:
//! - always: what the functions take, give and fail with ([`request`], [`fit`], [`result`], [`failure`], [`upload`],
//!   [`metadata`], [`api_error`], [`cors`]), and what they are told ([`environment`], [`names`]). The infrastructure
//!   code builds its API models, its state machines and its environment variables from these, so that a
//!   name is written once.
//! - feature `engine`: the resize engine on bytes in memory, and its [`worker`].
//! - feature `function` (default): the Lambda functions around it. `resize`, `presign`, `upload` and
//!   `metadata` are one each.

pub mod api_error;
#[cfg(any(feature = "engine", feature = "runtime"))]
mod causes;
pub mod cors;
#[cfg(feature = "engine")]
pub mod engine;
pub mod environment;
pub mod failure;
pub mod fit;
pub mod format;
#[cfg(feature = "runtime")]
pub mod function;
pub mod metadata;
pub mod names;
pub mod request;
pub mod result;
pub mod upload;
#[cfg(feature = "engine")]
pub mod worker;

pub use api_error::{ApiError, ApiErrorName};
pub use failure::FailureName;
pub use fit::Fit;
pub use format::Format;
pub use request::{ResizeRequest, SizeRequest};
pub use result::{ResizeResult, ResizeResults};
