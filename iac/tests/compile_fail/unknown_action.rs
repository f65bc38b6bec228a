//! IAM knows no such action.

use iac::cfn::Handle;
use iac::iam::{PolicyDocument, action};
use iac::resources::s3::Bucket;

fn policy(bucket: &Handle<Bucket>) -> PolicyDocument {
    PolicyDocument::new().grant("Read", [action::s3::GET_OBJECTS], &bucket.objects())
}

fn main() {}
