//! `upload-events`: a page uploads an image, S3 tells a function, the function resizes it.
//!
//! ```text
//! web page -- POST /uploads --> API Gateway -- invoke --> Lambda presign-upload
//!    |                              |                     signs a PUT, no more
//!    | PUT to the signed URL        | PUT /uploads/{key}: PutObject
//!    v                              v
//! source bucket <-------------------'
//!    | s3:ObjectCreated:*
//!    v
//! Lambda resize-image -- PutObject --> destination bucket, thumbs/ [--> CloudFront]
//!    | fails twice
//!    v
//! dead-letter queue --> alarm
//! ```

mod api;

use lambda::environment;
use lambda::upload::MAX_UPLOAD_BYTES;

use crate::cfn::{Handle, ModelError, Problem, Stack, Template, Value};
use crate::iam::{PolicyDocument, action};
use crate::openapi::{Existing, Method, Operation, Parameter};
use crate::parts::{
    AllowedOrigins, ApiOptions, Backfill, Cdn, CodeLocation, FunctionSettings, ImageParameters,
    Lifecycle, OperationParameters, Program, ResizeOnUploadSettings, Results, S3UploadSettings,
    code_bucket, image_parameters, notifying_bucket, operation_parameters, origins_parameter,
    output_prefix_parameter, public_api, resize_on_upload, result_bucket, rust_function, s3_upload,
};
use crate::resources::lambda::{Architecture, Environment, Function};
use crate::resources::s3::{Bucket, BucketName, Prefix};

/// The options of the stack. The defaults are the system as it was first drawn, with both of its ways in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadEvents {
    /// How images get in.
    pub uploads: Uploads,
    /// The API.
    pub api: ApiOptions,
    /// The processor that the parameter `Architecture` is set to by default.
    pub architecture: Architecture,
    /// How long originals are kept.
    pub originals: Lifecycle,
    /// How long results are kept.
    pub results: Lifecycle,
    /// A distribution in front of the results.
    pub cdn: Option<Cdn>,
    /// Largest image that is signed for, in bytes; at most [`MAX_UPLOAD_BYTES`].
    pub max_upload_bytes: u64,
    /// How long a signed URL is valid, in seconds; at most twelve hours.
    pub url_expires_seconds: u32,
    /// Most images that are resized at once, unless the person who deploys says otherwise; `None` for no
    /// bound. An account must be allowed 100 functions at once beside what it reserves. A new one may be
    /// allowed 10 in all: have that raised, or choose `None`.
    pub reserved_concurrency: Option<u32>,
    /// A state machine for what is already in the source bucket.
    pub backfill: Option<Backfill>,
}

/// How images get into the source bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Uploads {
    /// By a signed URL, which binds key, type and length: the page sends the image to S3 itself.
    Presigned,
    /// Through API Gateway, in one request: up to 10 MB, of whatever type, under a key that the client
    /// chooses and that no object has yet.
    Direct,
    /// By either.
    #[default]
    Both,
}

impl Default for UploadEvents {
    fn default() -> Self {
        Self {
            uploads: Uploads::Both,
            api: ApiOptions::default(),
            architecture: Architecture::Arm64,
            originals: Lifecycle::originals(),
            results: Lifecycle::results(),
            cdn: None,
            max_upload_bytes: MAX_UPLOAD_BYTES,
            url_expires_seconds: 300,
            reserved_concurrency: Some(20),
            backfill: Some(Backfill::default()),
        }
    }
}

/// No URL is valid for longer than the credentials of the role that signed it, in seconds.
const LONGEST_VALID_SECONDS: u64 = 12 * 60 * 60;

/// What the person who deploys decides.
struct Parameters {
    resize_code: CodeLocation,
    presign_code: Option<CodeLocation>,
    images: ImageParameters,
    output_prefix: Value<String>,
    origins: AllowedOrigins,
    operation: OperationParameters,
}

/// The resources of the API with their methods.
type Paths = Vec<(String, Vec<Operation>)>;

impl UploadEvents {
    /// The stack's name.
    pub const NAME: &str = "upload-events";

    /// Builds the template.
    ///
    /// # Errors
    /// What the model refuses, such as a lifecycle that S3 would refuse.
    pub fn template(&self) -> Result<Template, ModelError> {
        let mut stack = Stack::new(
            Self::NAME,
            "Images are uploaded by signed URLs or through the API, and resized as S3 tells of them. Buckets are named after the stack: use at most 28 of a-z, 0-9 and -",
        );
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(stack.refused(problems));
        }
        self.compose(&mut stack)?;
        stack.build()
    }

    /// What the function that signs would refuse when it starts.
    fn problems(&self) -> Vec<Problem> {
        let outside = |name, value: u64, most| {
            let problem = format!("is {value}: it must be from 1 to {most}");
            (!(1..=most).contains(&value)).then(|| Problem::new(name, problem))
        };
        let expires = u64::from(self.url_expires_seconds);
        [
            outside("max_upload_bytes", self.max_upload_bytes, MAX_UPLOAD_BYTES),
            outside("url_expires_seconds", expires, LONGEST_VALID_SECONDS),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn compose(&self, stack: &mut Stack) -> Result<(), ModelError> {
        let parameters = self.parameters(stack);
        let resized = result_bucket(
            stack,
            "ResizedBucket",
            self.results,
            &parameters.output_prefix,
            self.cdn.as_ref(),
        );
        let name = BucketName::of_stack("source");
        let resize = resize_on_upload(
            stack,
            &ResizeOnUploadSettings {
                code: &parameters.resize_code,
                source: &name,
                input_prefix: None,
                results: Results::in_bucket(&resized, &parameters.output_prefix),
                images: &parameters.images,
                table: None,
                operation: &parameters.operation,
            },
        );
        let mut bucket = self.originals.bucket();
        if parameters.presign_code.is_some() {
            bucket = bucket.with_cors(parameters.origins.uploads());
        }
        let source = notifying_bucket(stack, "SourceBucket", bucket, &resize);

        let paths = self.paths(stack, &parameters, &source, &resized);
        let paths = paths.map_err(|problem| stack.refused([problem]))?;
        public_api(
            stack,
            &self.api,
            "Takes images, which are resized",
            paths,
            &parameters.origins,
            &parameters.operation.log_retention,
        );
        resize.complete(stack, &source, &resized, self.backfill)
    }

    fn parameters(&self, stack: &mut Stack) -> Parameters {
        stack.parameter_group("Code");
        let code = code_bucket(stack, self.architecture);
        let resize_code = code.zip(stack, Program::ResizeImage);
        let presign_code =
            (self.uploads != Uploads::Direct).then(|| code.zip(stack, Program::PresignUpload));
        stack.parameter_group("Images");
        let images = image_parameters(stack, 720);
        let output_prefix = output_prefix_parameter(stack, self.backfill);
        stack.parameter_group("Pages");
        let origins = origins_parameter(stack, &self.api.origins);
        stack.parameter_group("Operation");
        Parameters {
            resize_code,
            presign_code,
            images,
            output_prefix,
            origins,
            operation: operation_parameters(stack, self.reserved_concurrency),
        }
    }

    /// The ways in.
    fn paths(
        &self,
        stack: &mut Stack,
        parameters: &Parameters,
        source: &Handle<Bucket>,
        resized: &Handle<Bucket>,
    ) -> Result<Paths, Problem> {
        let mut paths = Vec::new();
        if let Some(code) = &parameters.presign_code {
            let presign = self.presign_upload(stack, parameters, code, source, resized);
            paths.extend(api::signing(&presign)?);
        }
        if self.uploads != Uploads::Presigned {
            let put = s3_upload(
                stack,
                &S3UploadSettings {
                    method: Method::Put,
                    bucket: source,
                    prefix: &Prefix::uploads(),
                    key: Parameter::path(
                        "key",
                        "Name of the image in the bucket, URL-encoded: uploads/ goes before it",
                    ),
                    // Among them are images that were uploaded by signed URLs.
                    existing: Existing::Keep,
                    headers: parameters.origins.headers(),
                },
            )?;
            let preflight = parameters.origins.preflight("putImagePreflight", "PUT");
            paths.push(("/uploads/{key}".to_owned(), vec![put, preflight]));
        }
        Ok(paths)
    }

    /// The function that signs. A URL can do what the function may, so it may do no more than URLs are for:
    /// put an upload, get the result of one.
    fn presign_upload(
        &self,
        stack: &mut Stack,
        parameters: &Parameters,
        code: &CodeLocation,
        source: &Handle<Bucket>,
        resized: &Handle<Bucket>,
    ) -> Handle<Function> {
        let uploads = Prefix::uploads().value();
        let results = crate::sub![&parameters.output_prefix, &uploads];
        rust_function(
            stack,
            FunctionSettings {
                code,
                description: "Signs URLs: to put an image into the source bucket, to get its result",
                permissions: PolicyDocument::new()
                    .grant(
                        "SignUploads",
                        [action::s3::PUT_OBJECT],
                        &source.objects_under(&uploads),
                    )
                    .grant(
                        "SignResults",
                        [action::s3::GET_OBJECT],
                        &resized.objects_under(&results),
                    ),
                environment: Environment::new([
                    (environment::SOURCE_BUCKET, source.name().text()),
                    (environment::RESIZED_BUCKET, resized.name().text()),
                    (environment::OUTPUT_PREFIX, parameters.output_prefix.clone()),
                    (environment::UPLOAD_PREFIX, uploads),
                    (environment::ALLOWED_ORIGINS, parameters.origins.variable()),
                    (
                        environment::MAX_UPLOAD_BYTES,
                        self.max_upload_bytes.to_string().into(),
                    ),
                    (
                        environment::URL_EXPIRES_SECONDS,
                        self.url_expires_seconds.to_string().into(),
                    ),
                ]),
                memory_size: 512,
                timeout: 10,
                reserved_concurrency: None,
                log_retention: &parameters.operation.log_retention,
            },
        )
    }
}
