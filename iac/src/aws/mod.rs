//! What is deployed: an account of AWS or a local engine, and the stacks in it.
//!
//! Everything here acts on a stack by what CloudFormation knows of it, never on names that someone typed
//! twice.

pub mod account;
pub mod backfill;
pub mod error;
mod interrupt;
pub mod redrive;
pub mod stack;

pub use account::{Account, Connection};
pub use error::AwsError;
pub use interrupt::Interrupt;
pub use stack::DeployedStack;
