//! What everything in the generated templates may do, read back from the files that people deploy: one
//! action, resource, trust or condition more or less fails.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "permissions/data.rs"]
mod data;
#[path = "permissions/invoke.rs"]
mod invoke;
#[path = "permissions/prefix.rs"]
mod prefix;
#[path = "permissions/read.rs"]
mod read;
#[path = "permissions/readme.rs"]
mod readme;
#[path = "permissions/roles.rs"]
mod roles;
