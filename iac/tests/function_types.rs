//! The functions' own types as models of API Gateway.

use iac::openapi::Schema;
use lambda::metadata::{ImagePage, ImageRecord};
use lambda::upload::{ImageAccepted, ImageUpload, ResultLink, UploadGrant, UploadRequest};
use lambda::{ApiError, ResizeRequest};
use serde_json::{Value, json};

fn model(schema: Result<Schema, iac::cfn::Problem>) -> Value {
    serde_json::to_value(schema.expect("draft 4 can say it")).expect("JSON")
}

#[test]
fn every_type_of_the_apis_is_a_model() {
    for schema in [
        Schema::of::<ResizeRequest>(),
        Schema::of::<UploadRequest>(),
        Schema::of::<UploadGrant>(),
        Schema::of::<ResultLink>(),
        Schema::of::<ImageUpload>(),
        Schema::of::<ImageAccepted>(),
        Schema::of::<ImageRecord>(),
        Schema::of::<ImagePage>(),
        Schema::of::<ApiError>(),
    ] {
        assert_eq!(model(schema)["type"], "object");
    }
}

#[test]
fn an_upload_is_refused_by_its_model_where_a_schema_can_say_it() {
    assert_eq!(
        model(Schema::of::<UploadRequest>()),
        json!({
            "type": "object",
            "description": "Which upload to sign: the body of `POST /uploads`.",
            "additionalProperties": false,
            "required": ["filename", "contentType", "contentLength"],
            "properties": {
                "filename": {
                    "type": "string",
                    "description": "Name of the file; a readable form of it becomes part of the key: 1 to 255 characters.",
                    "minLength": 1,
                    "maxLength": 255,
                },
                "contentType": {
                    "type": "string",
                    "description": "Media type of the image.",
                    "enum": [
                        "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp",
                        "image/vnd.microsoft.icon", "image/qoi", "image/tiff", "image/avif",
                    ],
                },
                "contentLength": {
                    "type": "integer",
                    "description": "Size of the image in bytes.",
                    "minimum": 1,
                    "maximum": 67_108_864,
                },
            },
        })
    );
}

#[test]
fn what_a_record_may_lack_is_not_required_of_it() {
    let record = model(Schema::of::<ImageRecord>());
    assert_eq!(
        record["required"],
        json!([
            "id",
            "status",
            "fileName",
            "source",
            "uploadTime",
            "processedTime"
        ])
    );
    assert_eq!(
        record["properties"]["status"]["enum"],
        json!(["processed", "failed"])
    );
    assert_eq!(
        record["properties"]["source"]["required"],
        json!(["bucket", "key"])
    );
    let page = model(Schema::of::<ImagePage>());
    assert_eq!(page["required"], json!(["images"]));
    assert_eq!(
        page["properties"]["images"]["items"]["required"],
        record["required"]
    );
}
