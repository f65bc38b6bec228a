//! Commands that create, follow and look at stacks, as processes: against an engine, and against recorded
//! answers of CloudFormation for what no engine does.
#![cfg(all(feature = "aws", feature = "local", target_os = "linux"))]

#[path = "deploy/approval.rs"]
mod approval;
#[path = "deploy/artifacts.rs"]
mod artifacts;
#[path = "deploy/attach.rs"]
mod attach;
#[path = "deploy/between.rs"]
mod between;
#[path = "deploy/change_sets.rs"]
mod change_sets;
#[path = "deploy/code.rs"]
mod code;
#[path = "deploy/deployed.rs"]
mod deployed;
#[path = "deploy/deployer.rs"]
mod deployer;
#[path = "deploy/destroy.rs"]
mod destroy;
#[path = "deploy/diff.rs"]
mod diff;
#[path = "deploy/drift.rs"]
mod drift;
#[path = "deploy/engine.rs"]
mod engine;
#[path = "deploy/faults.rs"]
mod faults;
#[path = "deploy/film.rs"]
mod film;
#[path = "deploy/person.rs"]
mod person;
#[path = "deploy/photos.rs"]
mod photos;
#[path = "local/picture.rs"]
mod picture;
#[path = "deploy/preflight.rs"]
mod preflight;
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
#[path = "deploy/states.rs"]
mod states;
#[path = "deploy/status.rs"]
mod status;
#[path = "deploy/stuck.rs"]
mod stuck;
#[path = "deploy/terminal.rs"]
mod terminal;
#[path = "local/tools.rs"]
mod tools;
#[path = "deploy/update.rs"]
mod update;
#[path = "deploy/verdicts.rs"]
mod verdicts;
