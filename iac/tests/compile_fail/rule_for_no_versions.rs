//! A bucket without old versions has no rule for them.

use iac::resources::s3::{Aging, Bucket, Rule};

fn main() {
    let _ = Bucket::private(7).with_rule(Rule::old_versions(Aging::Expire { after_days: 30 }));
}
