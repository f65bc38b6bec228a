//! An action is no text.

use iac::cfn::Handle;
use iac::iam::PolicyDocument;
use iac::resources::s3::Bucket;

fn policy(bucket: &Handle<Bucket>) -> PolicyDocument {
    PolicyDocument::new().grant("Read", ["s3:*"], &bucket.objects())
}

fn main() {}
