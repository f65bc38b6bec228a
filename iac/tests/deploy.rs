//! Commands that create, follow and look at stacks, as processes: against an engine, and against recorded
//! answers of CloudFormation for what no engine does.
#![cfg(all(feature = "aws", feature = "local", target_os = "linux"))]

#[path = "deploy/attach.rs"]
mod attach;
#[path = "deploy/change_sets.rs"]
mod change_sets;
#[path = "deploy/destroy.rs"]
mod destroy;
#[path = "deploy/drift.rs"]
mod drift;
#[path = "deploy/engine.rs"]
mod engine;
#[path = "deploy/faults.rs"]
mod faults;
#[path = "deploy/film.rs"]
mod film;
#[path = "deploy/photos.rs"]
mod photos;
#[path = "deployed/program.rs"]
mod program;
#[path = "deploy/propose.rs"]
mod propose;
#[path = "deployed/proxy.rs"]
#[expect(
    dead_code,
    reason = "CloudFormation has another protocol: film.rs plays what is refused"
)]
mod proxy;
#[path = "deploy/recorded.rs"]
mod recorded;
#[path = "local/skip.rs"]
mod skip;
#[path = "deploy/status.rs"]
mod status;
#[path = "local/tools.rs"]
#[expect(dead_code, reason = "nothing here runs a function")]
mod tools;
