//! A function cannot read from an archive that has to be asked for days before.

use iac::resources::s3::{Aging, StorageClass};

fn main() {
    let _ = Aging::Transition {
        to: StorageClass::DeepArchive,
        after_days: 90,
    };
}
