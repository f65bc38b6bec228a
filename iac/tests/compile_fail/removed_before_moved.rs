//! What is removed is removed days after it was moved, not on some day.

use iac::resources::s3::{Aging, StorageClass};

fn main() {
    let _ = Aging::TransitionThenExpire {
        to: StorageClass::StandardIa,
        after_days: 30,
        expire_after_days: 10,
    };
}
