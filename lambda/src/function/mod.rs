//! The Lambda function: an event in, two calls to S3, a result or a [named error](error) out.

pub mod config;
pub mod error;
pub mod handler;
pub mod logging;
pub mod storage;

pub use config::{Config, ConfigError};
pub use error::FunctionError;
pub use handler::Function;
