//! `iac local`: the whole system on one machine, without an AWS account and without Docker.
//!
//! ```text
//! curl --> gateway (here) --> MiniStack: Step Functions --> the real resize-image --> MiniStack: S3
//!                         --> the real presign-upload, upload-image, read-metadata
//!                         --> MiniStack: S3 --> event --> the real resize-image
//! ```
//!
//! The template is deployed unmodified; the [`gateway`] stands in for API Gateway, whose mapping
//! templates and validators no local engine has.

pub mod browser;
mod concurrency;
pub mod demo;
pub mod deploy;
pub mod engine;
pub mod error;
pub mod functions;
pub mod gateway;
pub mod introduction;
pub mod notifications;
mod permission;
pub mod session;
mod setup;
mod signal;
pub mod storage;
pub mod template;
pub mod vtl;

pub use crate::report::{self, Reporter};
pub use crate::service_error as causes;
pub use error::LocalError;
pub use session::{Options, Session};
pub use signal::Signals;
