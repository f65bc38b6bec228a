//! An object of S3 is not written into a log group.

use iac::cfn::Handle;
use iac::iam::{PolicyDocument, action};
use iac::resources::logs::LogGroup;

fn policy(logs: &Handle<LogGroup>) -> PolicyDocument {
    PolicyDocument::new().grant("Write", [action::s3::PUT_OBJECT], logs)
}

fn main() {}
