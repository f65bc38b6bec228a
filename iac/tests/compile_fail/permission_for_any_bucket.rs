//! A function is permitted to one bucket, not to whatever text matches.

use iac::cfn::Handle;
use iac::resources::lambda::{Function, Permission};

fn permission(function: &Handle<Function>) -> Permission {
    Permission::bucket(function, "arn:aws:s3:::*")
}

fn main() {}
