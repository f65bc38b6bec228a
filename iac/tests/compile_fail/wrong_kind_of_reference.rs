//! The ARN of a state machine is no role's.

use iac::cfn::Handle;
use iac::openapi::Integration;
use iac::resources::stepfunctions::StateMachine;

fn integration(machine: &Handle<StateMachine>) -> Integration {
    Integration::start_execution(&machine.arn(), machine.arn())
}

fn main() {}
