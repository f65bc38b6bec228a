//! `single-bucket`: one bucket, with uploads in one folder and results in another.
//!
//! ```text
//! client -- POST /upload?filename=... --> API Gateway
//!                                            | PutObject
//!                                            v
//!                    bucket: uploads/ -- s3:ObjectCreated:* --> Lambda resize-image
//!                            processed/ <------- PutObject -------'  |  | fails twice
//!                                                                    |  `--> dead-letter queue
//!                              DynamoDB ImageMetadata <-- PutItem ---'
//! ```

use crate::cfn::{ModelError, Stack, Template};
use crate::openapi::{Existing, Method, Parameter};
use crate::parts::{
    ApiOptions, Backfill, Lookup, Program, ResizeOnUploadSettings, Results, S3UploadSettings,
    code_bucket, image_parameters, metadata_table, notifying_bucket, operation_parameters,
    origins_parameter, public_api, resize_on_upload, s3_upload,
};
use crate::resources::lambda::Architecture;
use crate::resources::s3::{Aging, Bucket, BucketName, Prefix, Rule, StorageClass};

/// The options of the stack. The defaults are the system as it was first drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleBucket {
    /// The API.
    pub api: ApiOptions,
    /// The processor that the parameter `Architecture` is set to by default.
    pub architecture: Architecture,
    /// What the keys of originals start with.
    pub uploads: Prefix,
    /// What the keys of results start with. No key may start with both, or the function would be told of
    /// its own results.
    pub processed: Prefix,
    /// What becomes of originals as they grow old; `None` leaves them as they are.
    pub originals: Option<Aging>,
    /// What becomes of results as they grow old; `None` leaves them as they are.
    pub results: Option<Aging>,
    /// What becomes of versions that were written over or deleted.
    pub old_versions: Aging,
    /// Most images that are resized at once, unless the person who deploys says otherwise; `None` for no
    /// bound. An account must be allowed 100 functions at once beside what it reserves. A new one may be
    /// allowed 10 in all: have that raised, or choose `None`.
    pub reserved_concurrency: Option<u32>,
    /// A state machine for what is already in the bucket.
    pub backfill: Option<Backfill>,
}

impl Default for SingleBucket {
    fn default() -> Self {
        Self {
            api: ApiOptions::default(),
            architecture: Architecture::Arm64,
            uploads: Prefix::uploads(),
            processed: Prefix::processed(),
            originals: Some(Aging::Transition {
                to: StorageClass::StandardIa,
                after_days: 30,
            }),
            results: None,
            old_versions: Aging::Expire { after_days: 30 },
            reserved_concurrency: Some(20),
            backfill: Some(Backfill::default()),
        }
    }
}

impl SingleBucket {
    /// The stack's name.
    pub const NAME: &str = "single-bucket";

    /// Builds the template.
    ///
    /// # Errors
    /// What the model refuses, such as prefixes with which the function would be told of its own results.
    pub fn template(&self) -> Result<Template, ModelError> {
        let mut stack = Stack::new(
            Self::NAME,
            "Images uploaded through the API are resized into another folder of the same bucket, and a table says what became of each. The bucket is named after the stack: use at most 28 of a-z, 0-9 and -",
        );
        self.compose(&mut stack)?;
        stack.build()
    }

    fn compose(&self, stack: &mut Stack) -> Result<(), ModelError> {
        stack.parameter_group("Code");
        let code = code_bucket(stack, self.architecture).zip(stack, Program::ResizeImage);
        stack.parameter_group("Images");
        let images = image_parameters(stack, 720);
        stack.parameter_group("Pages");
        let origins = origins_parameter(stack, &self.api.origins);
        stack.parameter_group("Operation");
        let operation = operation_parameters(stack, self.reserved_concurrency);

        let table = metadata_table(stack, Lookup::ById);
        let name = BucketName::of_stack("images");
        let resize = resize_on_upload(
            stack,
            &ResizeOnUploadSettings {
                code: &code,
                source: &name,
                input_prefix: Some(&self.uploads),
                results: Results::beside_originals(&name, &self.processed),
                images: &images,
                table: Some(&table),
                operation: &operation,
            },
        );
        let bucket = notifying_bucket(stack, "Bucket", self.bucket(), &resize);
        let upload = s3_upload(
            stack,
            &S3UploadSettings {
                method: Method::Post,
                bucket: &bucket,
                prefix: &self.uploads,
                key: Parameter::query(
                    "filename",
                    "Name of the image in the bucket, behind the prefix of uploads",
                ),
                // The bucket keeps what was there as a version.
                existing: Existing::Replace,
                headers: origins.headers(),
            },
        )
        .map_err(|problem| stack.refused([problem]))?;
        let preflight = origins.preflight("putImagePreflight", "POST");
        public_api(
            stack,
            &self.api,
            "Takes images, which are resized",
            vec![("/upload".to_owned(), vec![upload, preflight])],
            &origins,
            &operation.log_retention,
        );
        stack.output("BucketName", "The bucket", &bucket.name());
        resize.complete(stack, &bucket, &bucket, self.backfill)
    }

    /// The bucket, with rules of its own for each of its folders.
    fn bucket(&self) -> Bucket {
        let rule = |aging: &Aging, prefix| Rule::objects(*aging).under(prefix);
        let originals = self
            .originals
            .iter()
            .map(|aging| rule(aging, &self.uploads));
        let results = self
            .results
            .iter()
            .map(|aging| rule(aging, &self.processed));
        originals
            .chain(results)
            .fold(Bucket::private(7), Bucket::with_rule)
            .versioned(self.old_versions)
    }
}
