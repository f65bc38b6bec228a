//! `upload-events`: the API signs a URL, the photo goes straight into the bucket, S3 tells the function.

use std::time::Instant;

use axum::body::Bytes;
use axum::http::{Method, StatusCode, header};
use lambda::Format;
use lambda::upload::{ResultLink, UploadGrant, UploadRequest};
use serde_json::{Value, json};

use super::{Demo, DemoError, read};
use crate::local::engine::Answer;
use crate::local::setup::{elapsed, size};
use crate::local::storage::Object;
use crate::local::{LocalError, Session};

pub(super) async fn run(demo: Demo<'_>) -> Result<(), LocalError> {
    let Demo {
        session, reporter, ..
    } = demo;
    let (bytes, name) = demo.read()?;
    let route = session.route("POST", "/uploads")?;
    let request = UploadRequest {
        filename: name.to_owned(),
        // The name's end is all that a browser looks at too; S3 and the function look at the bytes.
        content_type: Format::of(&bytes).unwrap_or(Format::Jpeg),
        content_length: bytes.len() as u64,
    };
    let request = json!(request).to_string();
    let answer = session.call(route, request.clone()).await;
    let grant: UploadGrant = read(&answer.map_err(DemoError::from)?, StatusCode::OK)?;
    let (url, seconds) = (format!("{}{}", session.url(), route.path), grant.expires_in);
    reporter.fact(
        "demo-signed",
        json!({"url": url, "request": request, "grant": grant, "milliseconds": elapsed(demo.start)}),
        &format!("\nPOST {url} {request}\n  --> the API signs a PUT of exactly that, for {seconds} s"),
    );

    let step = Instant::now();
    let length = bytes.len() as u64;
    let headers = grant.headers.iter();
    // The client writes it by itself, as a browser does.
    let headers: Vec<_> = headers
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let access = session.engine.access();
    let put = access.send_to(Method::PUT, &grant.url, None, &headers, bytes.into());
    let put = put.await.map_err(DemoError::from)?;
    if !put.status.is_success() {
        return Err(refused(&put).into());
    }
    let (bucket, key) = (&grant.bucket, &grant.key);
    reporter.fact(
        "demo-uploaded",
        json!({"file": demo.photo, "bucket": bucket, "key": key, "bytes": length, "milliseconds": elapsed(step)}),
        &format!(
            "{} --> s3://{bucket}/{key}   ({}, {} ms)\n  --> S3 tells resize-image of it",
            demo.photo.display(),
            size(length),
            elapsed(step)
        ),
    );

    let step = Instant::now();
    let link = demo.until(key, async || poll(session, key).await).await?;
    reporter.fact(
        "demo-succeeded",
        json!({"result": link, "milliseconds": elapsed(step)}),
        &format!(
            "  --> s3://{}/{}   ({} ms)",
            link.bucket,
            link.key,
            elapsed(step)
        ),
    );
    let got = access.send_to(Method::GET, &link.url, None, &[], Bytes::new());
    let got = got.await.map_err(DemoError::from)?;
    if !got.status.is_success() {
        return Err(refused(&got).into());
    }
    let kind = got.headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let object = Object {
        bytes: got.body.to_vec(),
        content_type: kind.to_owned(),
    };
    demo.finish(&link.key, &object)
}

fn refused(answer: &Answer) -> DemoError {
    DemoError::Refused {
        status: answer.status.as_u16(),
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    }
}

/// A link to the result once it is there. What failed is in the queue.
async fn poll(session: &Session, key: &str) -> Result<Option<ResultLink>, DemoError> {
    let Ok(route) = session.route("GET", "/results") else {
        return Err(DemoError::NotOfModel("no GET /results".to_owned()));
    };
    let path = format!("{}?key={}", route.path, query_value(key));
    let answer = session.send(route, &path, "", Bytes::new()).await?;
    if answer.status != StatusCode::NOT_FOUND {
        return read(&answer, StatusCode::OK).map(Some);
    }
    match failure(session, key).await? {
        Some(failure) => Err(failure),
        None => Ok(None),
    }
}

/// What the queue has of an object. The message stays visible to others.
async fn failure(session: &Session, key: &str) -> Result<Option<DemoError>, DemoError> {
    let Some(queue) = session.outputs.get("DeadLetterQueueUrl") else {
        return Ok(None);
    };
    let question = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10, "VisibilityTimeout": 0});
    let access = session.engine.access();
    let answer = access
        .ask("sqs", "AmazonSQS.ReceiveMessage", &question)
        .await?;
    let messages = answer["Messages"].as_array().into_iter().flatten();
    let events = messages
        .filter_map(|message| serde_json::from_str::<Value>(message["Body"].as_str()?).ok());
    for event in events {
        let record = &event["requestPayload"]["Records"][0]["s3"]["object"]["key"];
        // An event's key is encoded as a form; this one has no characters that it would encode.
        if record.as_str() != Some(key) {
            continue;
        }
        let text = |name: &str| event["responsePayload"][name].as_str().map(str::to_owned);
        return Ok(Some(DemoError::Failed {
            key: key.to_owned(),
            error: text("errorType").unwrap_or_default(),
            message: text("errorMessage").unwrap_or_default(),
        }));
    }
    Ok(None)
}

/// A value as it stands in a query.
pub(super) fn query_value(text: &str) -> String {
    text.bytes().fold(String::new(), |value, byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            value + char::from(byte).encode_utf8(&mut [0; 4])
        }
        other => value + &format!("%{other:02X}"),
    })
}
