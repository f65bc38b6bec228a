//! `bootstrap`: what has to be there before a stack with functions can be deployed.
//!
//! ```text
//! iac deploy -- PutObject --> artifact bucket, EXECUTABLE/SHA256.zip <-- reads -- Lambda
//! ```

use crate::cfn::{ModelError, Stack, Template};
use crate::parts::named_bucket;
use crate::resources::s3::{Aging, Bucket, BucketName, Rule};

/// The stack with the bucket of the functions' zips, one for an account and region. Its one bucket has a
/// name that is known before there is one, so that a plan is the same before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bootstrap;

impl Bootstrap {
    /// The stack's name in this project.
    pub const NAME: &str = "bootstrap";
    /// What it is deployed as where nobody says otherwise.
    pub const STACK_NAME: &str = "iac-artifacts";
    /// The output with the bucket's name.
    pub const BUCKET_OUTPUT: &str = "BucketName";
    /// What stands between the stack's name and the account in the bucket's.
    pub const BUCKET_SUFFIX: &str = "code";
    /// Days that a zip stays after it was put there. A deployment puts it there again long before that, and
    /// with it what it takes the place of: Lambda has a copy of its own of what it runs, the bucket's is for
    /// the way back from an update that fails.
    pub const ZIPS_STAY_DAYS: u32 = 365;
    /// Days that a zip stays after it was removed by hand or by age.
    const OLD_VERSIONS_STAY_DAYS: u32 = 30;

    /// Builds the template.
    ///
    /// # Errors
    /// Nothing: there are no options.
    pub fn template(self) -> Result<Template, ModelError> {
        let mut stack = Stack::new(
            Self::NAME,
            "The bucket that functions are deployed from: private, encrypted and versioned; a zip goes a year after it was last deployed",
        );
        let bucket = Bucket::private(1)
            .named(&BucketName::of_stack(Self::BUCKET_SUFFIX))
            .with_rule(Rule::objects(Aging::Expire {
                after_days: Self::ZIPS_STAY_DAYS,
            }))
            .versioned(Aging::Expire {
                after_days: Self::OLD_VERSIONS_STAY_DAYS,
            });
        let bucket = named_bucket(&mut stack, "ArtifactBucket", bucket);
        stack.output(
            Self::BUCKET_OUTPUT,
            "Bucket of the functions' zips",
            &bucket.name(),
        );
        stack.build()
    }
}
