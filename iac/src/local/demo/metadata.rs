//! `upload-metadata` and `single-bucket`: the API takes the photo itself, and a table tells what became of
//! it.

use std::time::Instant;

use axum::body::Bytes;
use axum::http::StatusCode;
use lambda::Format;
use lambda::metadata::{ImageRecord, ImageStatus, attribute, image_id};
use lambda::upload::ImageAccepted;
use serde_json::{Value, json};

use super::signed::query_value;
use super::{Demo, DemoError, read};
use crate::local::setup::{elapsed, size};
use crate::local::{LocalError, Session};

/// `POST /images`, then `GET /images/{id}`.
pub(super) async fn through_function(demo: Demo<'_>) -> Result<(), LocalError> {
    let accepted: ImageAccepted = upload(demo, "/images", StatusCode::ACCEPTED).await?;
    let step = Instant::now();
    let session = demo.session;
    let route = session.route("GET", "/images/{id}")?;
    let path = route.path.replace("{id}", &accepted.id);
    let poll = async || {
        let answer = session.send(route, &path, "", Bytes::new()).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        read::<ImageRecord>(&answer, StatusCode::OK).map(Some)
    };
    let record = demo.until(&accepted.key, poll).await?;
    let shown = json!(record);
    demo.reporter.fact(
        "demo-succeeded",
        json!({"metadata": shown, "milliseconds": elapsed(step)}),
        &format!(
            "  --> GET {}{path}   ({} ms)\n{shown:#}",
            session.url(),
            elapsed(step)
        ),
    );
    if let (ImageStatus::Processed, Some(result)) = (record.status, record.result) {
        let object = session.storage.get(&result.bucket, &result.key).await?;
        return demo.finish(&result.key, &object);
    }
    let (error, message) = record
        .error
        .map(|error| (error.name, error.message))
        .unwrap_or_default();
    let key = accepted.key;
    Err(DemoError::Failed {
        key,
        error,
        message,
    }
    .into())
}

/// `POST /upload`, then the item in the table.
pub(super) async fn straight_into_bucket(demo: Demo<'_>) -> Result<(), LocalError> {
    let stored: Value = upload(demo, "/upload", StatusCode::OK).await?;
    let step = Instant::now();
    let key = stored["key"].as_str().unwrap_or_default();
    let table = demo.session.output("MetadataTableName")?;
    let poll = async || item(demo.session, table, &image_id(key)).await;
    let item = demo.until(key, poll).await?;
    let text = |name: &str| item[name]["S"].as_str().unwrap_or_default();
    demo.reporter.fact(
        "demo-succeeded",
        json!({"table": table, "item": item, "milliseconds": elapsed(step)}),
        &format!(
            "  --> {table} has {} = {}   ({} ms)\n{item:#}",
            attribute::IMAGE_ID,
            image_id(key),
            elapsed(step)
        ),
    );
    if text(attribute::STATUS) == ImageStatus::Processed.as_str() {
        let (bucket, key) = (text(attribute::RESULT_BUCKET), text(attribute::RESULT_KEY));
        let object = demo.session.storage.get(bucket, key).await?;
        demo.finish(key, &object)
    } else {
        Err(DemoError::Failed {
            key: key.to_owned(),
            error: text(attribute::ERROR).to_owned(),
            message: text(attribute::MESSAGE).to_owned(),
        }
        .into())
    }
}

/// Sends the photo as the body of a POST, and tells of it.
async fn upload<T: serde::de::DeserializeOwned + serde::Serialize>(
    demo: Demo<'_>,
    path: &str,
    status: StatusCode,
) -> Result<T, LocalError> {
    let (bytes, name) = demo.read()?;
    let session = demo.session;
    let route = session.route("POST", path)?;
    let path = format!("{}?filename={}", route.path, query_value(name));
    let kind = json!(Format::of(&bytes).unwrap_or(Format::Jpeg));
    let kind = kind.as_str().unwrap_or_default();
    let length = bytes.len() as u64;
    let answer = session.send(route, &path, kind, bytes.into()).await;
    let answer = answer.map_err(DemoError::from)?;
    let taken: T = read(&answer, status)?;
    let (url, shown) = (format!("{}{path}", session.url()), json!(taken));
    demo.reporter.fact(
        "demo-uploaded",
        json!({"file": demo.photo, "url": url, "status": status.as_u16(), "answer": shown, "bytes": length, "milliseconds": elapsed(demo.start)}),
        &format!(
            "\n{} --> POST {url}   ({}, {} ms)\n  --> the API answers {status} {shown}\n  --> S3 tells resize-image of it",
            demo.photo.display(),
            size(length),
            elapsed(demo.start)
        ),
    );
    Ok(taken)
}

/// What the table has of an image.
async fn item(session: &Session, table: &str, id: &str) -> Result<Option<Value>, DemoError> {
    let question = json!({"TableName": table, "Key": {attribute::IMAGE_ID: {"S": id}}, "ConsistentRead": true});
    let access = session.engine.access();
    let answer = access
        .ask("dynamodb", "DynamoDB_20120810.GetItem", &question)
        .await?;
    Ok(answer.get("Item").cloned())
}
