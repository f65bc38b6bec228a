//! The Lambda functions, a folder each, and what they share: the process around them ([`runtime`],
//! [`logging`], [`mod@panic`], [`variables`]), the clients of AWS ([`account`], [`storage`], [`table`]) and
//! API Gateway's proxy events ([`api`]).

pub mod account;
#[cfg(feature = "api")]
pub mod api;
pub mod logging;
#[cfg(feature = "metadata")]
pub mod metadata;
pub mod panic;
#[cfg(feature = "presign")]
pub mod presign;
#[cfg(feature = "resize")]
pub mod resize;
#[cfg(any(feature = "presign", feature = "resize"))]
pub mod result_key;
pub mod runtime;
#[cfg(feature = "storage")]
pub mod storage;
#[cfg(feature = "table")]
pub mod table;
mod trust;
#[cfg(feature = "upload")]
pub mod upload;
#[cfg(any(feature = "presign", feature = "upload"))]
pub mod upload_key;
pub mod variables;

pub use variables::{ConfigError, Variables};
