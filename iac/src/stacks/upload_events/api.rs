//! The methods of `upload-events` that have a function behind them.

use lambda::ApiError;
use lambda::upload::{ResultLink, UploadGrant, UploadRequest};

use super::Paths;
use crate::cfn::{Handle, Problem};
use crate::openapi::{Body, Integration, Method, Operation, Parameter, Response, Schema};
use crate::parts::preflight_by;
use crate::resources::lambda::Function;

/// The methods of the function that signs.
pub(super) fn signing(presign: &Handle<Function>) -> Result<Paths, Problem> {
    let integration = Integration::function(presign);
    let error = Schema::of::<ApiError>()?;
    let refused = |status, description: &str| Response::new(status, description, Some(&error));
    let upload = Operation::new(
        Method::Post,
        "signUpload",
        "Signs the upload of an image to S3",
        integration.clone(),
    )
    .body(Body::Json(Schema::of::<UploadRequest>()?))
    .answers(Response::new(
        200,
        "How to put the image into the bucket",
        Some(&Schema::of::<UploadGrant>()?),
    ))
    .answers(refused(400, "The request does not fit the model"))
    .answers(refused(413, "The image is larger than what is taken"));
    let result = Operation::new(
        Method::Get,
        "signResult",
        "Signs the download of a result",
        integration,
    )
    .parameter(Parameter::query(
        "key",
        "Key of the upload, as the signed upload said it",
    ))
    .answers(Response::new(
        200,
        "Where the result is",
        Some(&Schema::of::<ResultLink>()?),
    ))
    .answers(refused(400, "The key is missing or not that of an upload"))
    .answers(refused(404, "There is no result (yet)"));
    Ok(vec![
        (
            "/uploads".to_owned(),
            vec![upload, preflight_by(presign, "signUploadPreflight")],
        ),
        (
            "/results".to_owned(),
            vec![result, preflight_by(presign, "signResultPreflight")],
        ),
    ])
}
