//! A bucket has no such attribute.

use iac::cfn::Stack;
use iac::resources::s3::Bucket;

fn main() {
    let mut stack = Stack::new("example", "An example");
    let bucket = stack.add("Bucket", Bucket::private(7));
    stack.output("StreamArn", "A stream", &bucket.stream_arn());
}
