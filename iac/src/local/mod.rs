//! `iac local`: the whole system on one machine, without an AWS account and without Docker.
//!
//! ```text
//! curl --> gateway (here) --> MiniStack: Step Functions --> the real resize-image --> MiniStack: S3
//! ```
//!
//! The template is deployed unmodified; the [`gateway`] stands in for API Gateway, whose mapping
//! templates and validators no local engine has.

pub mod demo;
pub mod deploy;
pub mod engine;
pub mod error;
pub mod gateway;
pub mod session;
mod signal;
pub mod storage;
pub mod template;
pub mod vtl;

pub use crate::report::{self, Reporter};
pub use crate::service_error as causes;
pub use error::LocalError;
pub use session::{Options, Session};
pub use signal::Signals;
