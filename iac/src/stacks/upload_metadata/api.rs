//! The methods of `upload-metadata`, each with one of two functions behind it.

use lambda::ApiError;
use lambda::metadata::{ImagePage, ImageRecord};
use lambda::upload::{ImageAccepted, ImageUpload};

use crate::cfn::{Handle, Problem};
use crate::openapi::{Body, Integration, Method, Operation, Parameter, Response, Schema};
use crate::parts::{image_types, preflight_by};
use crate::resources::lambda::Function;

/// The methods of the two functions.
pub(super) fn paths(
    upload: &Handle<Function>,
    read: &Handle<Function>,
) -> Result<Vec<(String, Vec<Operation>)>, Problem> {
    let error = Schema::of::<ApiError>()?;
    let refused = |status, description: &str| Response::new(status, description, Some(&error));
    let post = Operation::new(
        Method::Post,
        "uploadImage",
        "Takes an image of up to 4.5 MB",
        Integration::function(upload),
    )
    .parameter(Parameter::query("filename", "Name of the image").optional())
    .parameter(
        Parameter::header("X-Filename", "Name of the image, in place of the query's").optional(),
    )
    .body(Body::Binary {
        media_types: image_types(),
        json: Some(Schema::of::<ImageUpload>()?),
    })
    .answers(Response::new(
        202,
        "The image is in the bucket and will be resized",
        Some(&Schema::of::<ImageAccepted>()?),
    ))
    .answers(refused(400, "The body is broken or there is none"))
    .answers(refused(413, "The image is larger than what is taken"))
    .answers(refused(415, "The body is no image that can be resized"));
    let list = Operation::new(
        Method::Get,
        "listImages",
        "Tells what is known of all images, the newest first, page by page",
        Integration::function(read),
    )
    .parameter(Parameter::query("cursor", "What the page before gave for this one").optional())
    .parameter(Parameter::query("limit", "Most images of a page, 1 to 100").optional())
    .answers(Response::new(
        200,
        "A page of images",
        Some(&Schema::of::<ImagePage>()?),
    ))
    .answers(refused(400, "There is no such cursor or limit"));
    let get = Operation::new(
        Method::Get,
        "getImage",
        "Tells what is known of an image",
        Integration::function(read),
    )
    .parameter(Parameter::path(
        "id",
        "Id of the image, as the upload gave it",
    ))
    .answers(Response::new(
        200,
        "What is known",
        Some(&Schema::of::<ImageRecord>()?),
    ))
    .answers(refused(404, "Nothing is known of such an image (yet)"));
    Ok(vec![
        (
            "/images".to_owned(),
            vec![post, list, preflight_by(upload, "imagesPreflight")],
        ),
        (
            "/images/{id}".to_owned(),
            vec![get, preflight_by(read, "imagePreflight")],
        ),
    ])
}
