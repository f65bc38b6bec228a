//! What is deployed: an account of AWS or a local engine, and the stacks in it.
//!
//! Everything here acts on a stack by what CloudFormation knows of it, never on names that someone typed
//! twice.

pub mod account;
pub(crate) mod accounts;
pub mod artifacts;
pub mod backfill;
pub mod cloudformation;
pub mod deploy;
pub mod destroy;
pub mod drift;
pub mod error;
pub mod follow;
mod interrupt;
pub mod redrive;
pub mod resize;
mod signed;
pub mod stack;
mod time;

use std::future::Future;

pub use account::{Account, Connection};
pub use error::{AwsError, Refusal};
pub use interrupt::{Interrupt, Signal};
pub use stack::DeployedStack;

/// Runs a command on this thread until it is done.
///
/// # Errors
/// The command's own, or that the async runtime cannot be started.
pub fn block_on<T>(command: impl Future<Output = Result<T, AwsError>>) -> Result<T, AwsError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(AwsError::Runtime)?;
    runtime.block_on(command)
}
