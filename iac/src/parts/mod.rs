//! Parts that stacks are composed of: a few resources that belong together, with the handles that
//! the rest of a stack needs.

mod backfill;
mod bucket;
mod cdn;
mod cors;
mod dead_letters;
mod function;
mod gateway_responses;
mod metadata_table;
mod origins;
mod parameters;
mod public_api;
mod resize_on_upload;
mod resize_states;
mod rest_api;
mod s3_upload;

pub use backfill::{
    BACKFILL_PREFIX, BACKFILL_STATE_MACHINE, Backfill, BackfillSettings, BucketRef, backfill,
};
pub use bucket::{Lifecycle, named_bucket, notifying_bucket, private_bucket, result_bucket};
pub use cdn::{Cdn, CdnDomain, distribution};
pub use cors::{Cors, Origin};
pub use dead_letters::{DEAD_LETTER_QUEUE, alarm_actions, dead_letter_queue};
pub use function::{
    CodeBucket, CodeLocation, FunctionSettings, Program, code_bucket, rust_function,
};
pub use gateway_responses::gateway_responses;
pub use metadata_table::{Lookup, by_upload_time, metadata_table};
pub use origins::{AllowedOrigins, origins_parameter};
pub use parameters::{
    ImageParameters, OperationParameters, image_parameters, log_retention_parameter,
    operation_parameters, output_prefix_parameter,
};
pub use public_api::{ApiOptions, preflight_by, public_api};
pub use resize_on_upload::{ResizeOnUpload, ResizeOnUploadSettings, Results, resize_on_upload};
pub use resize_states::resize_states;
pub use rest_api::{Auth, RestApiPart, RestApiSettings, log_group, rest_api};
pub use s3_upload::{S3UploadSettings, image_types, s3_upload};
