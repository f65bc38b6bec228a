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
    /// Days that a zip stays after it was put there. Lambda has a copy of its own of what it runs; the
    /// bucket's is for the way back from an update that fails.
    pub const ZIPS_STAY_DAYS: u32 = 365;
    /// Days after which a deployment puts a zip there again, of those that it takes and of those whose place
    /// it takes. What was there when a stack was deployed last stays for eleven months.
    pub const ZIPS_RENEWED_AFTER_DAYS: u32 = 30;
    /// Days that a zip can still be had back after it was removed, or after it went.
    const OLD_VERSIONS_STAY_DAYS: u32 = 30;
    /// What stands between the stack's name and the account in the bucket's.
    const BUCKET_SUFFIX: &str = "code";

    /// The name that the bucket has, or will have.
    #[must_use]
    pub fn bucket_name(stack: &str, account: &str, region: &str) -> String {
        format!("{stack}-{}-{account}-{region}", Self::BUCKET_SUFFIX)
    }

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

#[cfg(test)]
mod tests {
    use super::Bootstrap;

    #[test]
    fn the_bucket_s_name_is_the_template_s() {
        let template = Bootstrap.template().expect("a template");
        let name = template.property_of("AWS::S3::Bucket", "BucketName");
        let name = name
            .and_then(|name| name["Fn::Sub"].as_str())
            .expect("a name");
        let name = name
            .replace("${AWS::StackName}", "iac-artifacts")
            .replace("${AWS::AccountId}", "123456789012")
            .replace("${AWS::Region}", "eu-central-1");
        assert_eq!(
            Bootstrap::bucket_name("iac-artifacts", "123456789012", "eu-central-1"),
            name
        );
    }
}
