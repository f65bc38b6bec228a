//! Events that a function failed on go into a queue.

use iac::cfn::Handle;
use iac::resources::lambda::OnFailure;
use iac::resources::s3::Bucket;

fn destination(bucket: &Handle<Bucket>) -> OnFailure {
    OnFailure::queue(bucket)
}

fn main() {}
