//! Commands on a deployed stack, as processes: the committed templates in MiniStack with IAM on, the real
//! functions.
#![cfg(all(feature = "aws", feature = "local", target_os = "linux"))]

#[path = "deployed/backfill.rs"]
mod backfill;
#[path = "deployed/faults.rs"]
mod faults;
#[path = "local/picture.rs"]
mod picture;
#[path = "deployed/program.rs"]
mod program;
#[path = "deployed/proxy.rs"]
mod proxy;
#[path = "deployed/redrive.rs"]
mod redrive;
#[path = "deployed/resize.rs"]
mod resize;
#[path = "local/skip.rs"]
mod skip;
#[path = "deployed/stack.rs"]
mod stack;
#[path = "local/tools.rs"]
mod tools;
