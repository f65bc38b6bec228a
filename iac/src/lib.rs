//! Typed infrastructure for a serverless image pipeline on AWS.
//!
//! Data flows one way: a stack in [`stacks`], composed of [`parts`] and typed [`resources`], becomes
//! a [`cfn::Template`], which becomes the files of [`artifacts`]. All of that is pure: no clock, no
//! network, no randomness, no environment, ordered maps only, so that the same commit gives the same
//! bytes everywhere. Around it, [`commands`] read and write files and, with the feature `local`, run
//! what the files say, or, with the feature `aws`, deploy it and look after it.

pub mod artifacts;
pub mod asl;
#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "build")]
pub mod build;
#[cfg(feature = "build")]
pub mod bundle;
pub mod causes;
pub mod cfn;
pub mod cli;
pub mod commands;
pub mod cost;
pub mod deployer;
pub mod file_error;
pub mod generated;
pub mod graph;
pub mod iam;
#[cfg(feature = "local")]
pub mod local;
pub mod openapi;
pub mod output;
#[cfg(feature = "build")]
pub mod package;
pub mod parts;
pub mod placeholders;
pub mod plan;
pub mod project;
#[cfg(feature = "build")]
pub mod report;
pub mod resources;
#[cfg(any(feature = "local", feature = "aws"))]
pub mod service_error;
#[cfg(feature = "build")]
pub mod sha256;
pub mod stacks;
pub mod topology;
pub mod vtl;
