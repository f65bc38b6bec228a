//! `upload-metadata`: images are resized as S3 tells of them, and a table says what became of each.
//!
//! ```text
//! client -- POST /images --> API Gateway -- invoke --> Lambda upload-image
//!    |                           |                         | PutObject
//!    | PutObject, by IAM         | GET /images[/{id}]      v
//!    `---------------------------)---------------> original bucket
//!                                v                         | s3:ObjectCreated:*
//!                     Lambda read-metadata                 v
//!                                | GetItem, Query   Lambda resize-image -- PutObject --> processed bucket
//!                                v                         | PutItem   `-- fails twice --> dead-letter queue
//!                     DynamoDB ImageMetadata <-------------'
//! ```

mod api;

use lambda::environment;
use lambda::metadata::INDEX;
use lambda::upload::MAX_BODY_IMAGE_BYTES;

use crate::cfn::{Handle, ModelError, Stack, Template, Value};
use crate::iam::{PolicyDocument, action};
use crate::parts::{
    AllowedOrigins, ApiOptions, Backfill, CodeLocation, FunctionSettings, ImageParameters,
    Lifecycle, Lookup, OperationParameters, Program, ResizeOnUploadSettings, Results,
    by_upload_time, code_bucket, image_parameters, metadata_table, notifying_bucket,
    operation_parameters, origins_parameter, output_prefix_parameter, public_api, resize_on_upload,
    result_bucket, rust_function,
};
use crate::resources::dynamodb::Table;
use crate::resources::lambda::{Architecture, Environment, Function};
use crate::resources::s3::{Bucket, BucketName, Prefix};

/// The options of the stack. The defaults are the system as it was first drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadMetadata {
    /// The API.
    pub api: ApiOptions,
    /// The processor that the parameter `Architecture` is set to by default.
    pub architecture: Architecture,
    /// How long originals are kept.
    pub originals: Lifecycle,
    /// How long results are kept.
    pub results: Lifecycle,
    /// Most images that are resized at once, unless the person who deploys says otherwise; `None` for no
    /// bound. An account must be allowed 100 functions at once beside what it reserves. A new one may be
    /// allowed 10 in all: have that raised, or choose `None`.
    pub reserved_concurrency: Option<u32>,
    /// A state machine for what is already in the original bucket.
    pub backfill: Option<Backfill>,
}

impl Default for UploadMetadata {
    fn default() -> Self {
        Self {
            api: ApiOptions::default(),
            architecture: Architecture::Arm64,
            originals: Lifecycle::originals(),
            results: Lifecycle::results(),
            reserved_concurrency: Some(20),
            backfill: Some(Backfill::default()),
        }
    }
}

/// What the person who deploys decides.
struct Parameters {
    resize_code: CodeLocation,
    upload_code: CodeLocation,
    read_code: CodeLocation,
    images: ImageParameters,
    output_prefix: Value<String>,
    origins: AllowedOrigins,
    operation: OperationParameters,
}

impl UploadMetadata {
    /// The stack's name.
    pub const NAME: &str = "upload-metadata";

    /// Builds the template.
    ///
    /// # Errors
    /// What the model refuses, such as a lifecycle that S3 would refuse.
    pub fn template(&self) -> Result<Template, ModelError> {
        let mut stack = Stack::new(
            Self::NAME,
            "Images uploaded through the API or to S3 are resized as S3 tells of them, and a table says what became of each. Buckets are named after the stack: use at most 28 of a-z, 0-9 and -",
        );
        self.compose(&mut stack)?;
        stack.build()
    }

    fn compose(&self, stack: &mut Stack) -> Result<(), ModelError> {
        let parameters = self.parameters(stack);
        let prefix = &parameters.output_prefix;
        let table = metadata_table(stack, Lookup::ByIdAndTime);
        let processed = result_bucket(stack, "ResizedBucket", self.results, prefix, None);
        let name = BucketName::of_stack("source");
        let resize = resize_on_upload(
            stack,
            &ResizeOnUploadSettings {
                code: &parameters.resize_code,
                source: &name,
                input_prefix: None,
                results: Results::in_bucket(&processed, prefix),
                images: &parameters.images,
                table: Some(&table),
                operation: &parameters.operation,
            },
        );
        let bucket = self.originals.bucket();
        let original = notifying_bucket(stack, "SourceBucket", bucket, &resize);
        let upload = Self::upload_image(stack, &parameters, &original);
        let read = Self::read_metadata(stack, &parameters, &table);
        let paths = api::paths(&upload, &read).map_err(|problem| stack.refused([problem]))?;
        public_api(
            stack,
            &self.api,
            "Takes images, which are resized, and tells what became of them",
            paths,
            &parameters.origins,
            &parameters.operation.log_retention,
        );
        resize.complete(stack, &original, &processed, self.backfill)
    }

    fn parameters(&self, stack: &mut Stack) -> Parameters {
        stack.parameter_group("Code");
        let code = code_bucket(stack, self.architecture);
        let resize_code = code.zip(stack, Program::ResizeImage);
        let upload_code = code.zip(stack, Program::UploadImage);
        let read_code = code.zip(stack, Program::ReadMetadata);
        stack.parameter_group("Images");
        let images = image_parameters(stack, 500);
        let output_prefix = output_prefix_parameter(stack, self.backfill);
        stack.parameter_group("Pages");
        let origins = origins_parameter(stack, &self.api.origins);
        stack.parameter_group("Operation");
        Parameters {
            resize_code,
            upload_code,
            read_code,
            images,
            output_prefix,
            origins,
            operation: operation_parameters(stack, self.reserved_concurrency),
        }
    }

    /// The function that takes an image and puts it into the original bucket.
    fn upload_image(
        stack: &mut Stack,
        parameters: &Parameters,
        original: &Handle<Bucket>,
    ) -> Handle<Function> {
        let uploads = Prefix::uploads().value();
        rust_function(
            stack,
            FunctionSettings {
                code: &parameters.upload_code,
                description: "Takes an image and puts it into the original bucket",
                permissions: PolicyDocument::new().grant(
                    "PutUploads",
                    [action::s3::PUT_OBJECT],
                    &original.objects_under(&uploads),
                ),
                environment: Environment::new([
                    (environment::SOURCE_BUCKET, original.name().text()),
                    (environment::UPLOAD_PREFIX, uploads),
                    (environment::ALLOWED_ORIGINS, parameters.origins.variable()),
                    (
                        environment::MAX_UPLOAD_BYTES,
                        MAX_BODY_IMAGE_BYTES.to_string().into(),
                    ),
                ]),
                memory_size: 512,
                timeout: 29,
                reserved_concurrency: None,
                log_retention: &parameters.operation.log_retention,
            },
        )
    }

    /// The function that reads the table, an image by its id or many by their index.
    fn read_metadata(
        stack: &mut Stack,
        parameters: &Parameters,
        table: &Handle<Table>,
    ) -> Handle<Function> {
        rust_function(
            stack,
            FunctionSettings {
                code: &parameters.read_code,
                description: "Tells what is known of an image, or of all, the newest first",
                permissions: PolicyDocument::new()
                    .grant("ReadOne", [action::dynamodb::GET_ITEM], table)
                    .grant(
                        "ReadMany",
                        [action::dynamodb::QUERY],
                        &by_upload_time(table),
                    ),
                environment: Environment::new([
                    (environment::METADATA_TABLE, table.name().text()),
                    (environment::TABLE_INDEX, INDEX.into()),
                    (environment::ALLOWED_ORIGINS, parameters.origins.variable()),
                ]),
                memory_size: 512,
                timeout: 10,
                reserved_concurrency: None,
                log_retention: &parameters.operation.log_retention,
            },
        )
    }
}
