//! A method that puts its body into a bucket.

use lambda::{ApiError, Format};
use schemars::JsonSchema;
use serde_json::json;

use crate::cfn::{Handle, Problem, Stack};
use crate::iam::{PolicyDocument, Service, TrustPolicy, action};
use crate::openapi::{
    Body, Existing, Header, Integration, IntegrationResponse, Method, Operation, Parameter,
    Response, Schema,
};
use crate::resources::iam::{Policy, Role};
use crate::resources::s3::{Bucket, Prefix};
use crate::vtl::{Field, MappingTemplate};

/// An image that was put into the bucket.
#[derive(JsonSchema)]
#[schemars(description = "An image that is in the bucket")]
#[expect(dead_code, reason = "the type is read by its schema")]
struct ImageStored {
    #[schemars(description = "Bucket that it is in")]
    bucket: String,
    #[schemars(description = "Its key, with the name as it was sent (URL-encoded)")]
    key: String,
}

/// What is particular to the method.
#[derive(Debug)]
pub struct S3UploadSettings<'a> {
    /// The method.
    pub method: Method,
    /// Where the image goes.
    pub bucket: &'a Handle<Bucket>,
    /// What its key starts with.
    pub prefix: &'a Prefix,
    /// The parameter with the rest of its key.
    pub key: Parameter,
    /// What becomes of an image that is there under this key.
    pub existing: Existing,
    /// The headers of every answer.
    pub headers: Vec<Header>,
}

/// The `User-Agent` of API Gateway's requests where no header of the client is mapped to it, or where its own
/// name were to stand beside what is mapped: uploads then go on as if there were no such rule. Nobody says this
/// as a media type by mistake.
const UNMAPPED: &str = "*AmazonAPIGateway_*";

/// The media types of images that are taken, each to be said exactly so: API Gateway takes no other spelling
/// of them for bytes, and would spoil the image as a text.
#[must_use]
pub fn image_types() -> Vec<&'static str> {
    Format::ALL.map(Format::content_type).to_vec()
}

/// Adds a role that may put images under the prefix and nothing else, and gives the method that does it.
/// The method takes up to 10 MB, which is API Gateway's own bound, of the [`image_types`] alone. What the
/// bytes are it cannot tell: a file that is no image, and is called one, ends as a failed event.
///
/// # Errors
/// What a model cannot say; nothing with the types there are.
pub fn s3_upload(stack: &mut Stack, settings: &S3UploadSettings<'_>) -> Result<Operation, Problem> {
    let objects = settings.bucket.objects_under(&settings.prefix.value());
    // The integration says the client's media type as the user agent. Where it does not, uploads have to go on
    // all the same, and the function refuses what is no image. API Gateway finds a header only in the capitals
    // of the mapping, `Content-Type`, and HTTP/2 has none: it says its own name then. Another engine may not map
    // the header, or not know the key.
    let agents = image_types().into_iter().chain([UNMAPPED]);
    let role = stack.add(
        "UploadRole",
        Role {
            description: "What the API may do with uploads".into(),
            assume_role_policy_document: TrustPolicy::service(Service::ApiGateway),
            policies: vec![Policy {
                policy_name: "upload".into(),
                policy_document: PolicyDocument::new()
                    .grant("PutUploads", [action::s3::PUT_OBJECT], &objects)
                    .deny_unless_user_agent_like(
                        "ImagesOnly",
                        [action::s3::PUT_OBJECT],
                        &objects,
                        agents,
                    ),
            }],
        },
    );
    let bucket = settings.bucket.name();
    let respond = |status, template| IntegrationResponse {
        status,
        template: Some(template),
        headers: settings.headers.clone(),
    };
    let stored = MappingTemplate::object()
        .field("bucket", Field::Deployed((&bucket).into()))
        .field("key", Field::Key(settings.prefix.clone(), settings.key));
    let refused = failure(
        "UploadRefused",
        "S3 did not take the image: give it a shorter name, or the request id to whoever runs the API",
    );
    let failed = failure("StorageUnavailable", "S3 failed to answer: try again");
    // S3's 403 does not tell the wrong type from a role that lacks something.
    let other_type = failure("UnsupportedMediaType", &types_in_words());
    let integration = Integration::put_object(
        &bucket,
        settings.prefix,
        settings.key,
        settings.existing,
        role.arn(),
    )
    // No status matches two of the patterns: which of them would count is nowhere said.
    .respond_to(r"2\d{2}", respond(200, stored))
    .respond_to("400|404", respond(400, refused))
    .respond_to("403", respond(415, other_type));
    let integration = match settings.existing {
        Existing::Replace => integration,
        Existing::Keep => integration.respond_to("409|412", respond(409, taken())),
    };
    // Whatever else comes is no success either, and no fault of the client's.
    operation(settings, integration.respond(respond(502, failed)))
}

fn operation(
    settings: &S3UploadSettings<'_>,
    integration: Integration,
) -> Result<Operation, Problem> {
    let stored = Schema::of::<ImageStored>()?;
    let error = Schema::of::<ApiError>()?;
    let answer = |status, description: &str, model| Response {
        headers: settings.headers.iter().map(|(name, _)| *name).collect(),
        ..Response::new(status, description, Some(model))
    };
    let mut operation = Operation::new(
        settings.method,
        "putImage",
        "Puts an image of up to 10 MB into the bucket",
        integration,
    )
    .body(Body::Binary {
        media_types: image_types(),
        json: None,
    })
    .answers(answer(200, "The image is in the bucket", &stored))
    .answers(answer(
        400,
        "A parameter is missing, or S3 refused the image",
        &error,
    ))
    .answers(answer(
        415,
        "The Content-Type is none that is taken, or the API may not write",
        &error,
    ))
    .answers(answer(502, "S3 failed", &error));
    if settings.existing == Existing::Keep {
        operation = operation.answers(answer(409, "There is an object of this name", &error));
    }
    operation.parameters = operation.integration.parameters();
    Ok(operation)
}

/// What to send instead of another type.
fn types_in_words() -> String {
    format!(
        "Send a Content-Type that is exactly one of {}; if it is, give the request id to whoever runs the API",
        image_types().join(", ")
    )
}

fn taken() -> MappingTemplate {
    failure(
        "NameTaken",
        "There is an object of this name already: choose another name",
    )
}

/// S3's own words are XML, and name things of the account.
fn failure(name: &str, message: &str) -> MappingTemplate {
    MappingTemplate::object()
        .field("error", Field::Fixed(json!(name)))
        .field("message", Field::Fixed(json!(message)))
        .field("requestId", Field::RequestId)
}
