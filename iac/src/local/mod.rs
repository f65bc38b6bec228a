//! `iac local`: the whole system on one machine, without an AWS account and without Docker.
pub mod template;
pub mod vtl;
