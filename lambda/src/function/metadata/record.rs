//! An item of the table as the API says it.

use std::str::FromStr;

use crate::function::table::Item;
use crate::metadata::attribute::{
    BUCKET, CONTENT_TYPE, ERROR, FILE_NAME, FORMAT, HEIGHT, IMAGE_ID, KEY, MESSAGE, PROCESSED_TIME,
    RESULT_BUCKET, RESULT_KEY, SIZE, SOURCE_ETAG, SOURCE_HEIGHT, SOURCE_SIZE, SOURCE_VERSION,
    SOURCE_WIDTH, STATUS, UPLOAD_TIME, WIDTH,
};
use crate::metadata::{ImageFailure, ImageRecord, ImageStatus, ResultImage, SourceImage};

/// The record, or the name of the attribute that it needs and lacks.
pub(super) fn of(item: &Item) -> Result<ImageRecord, &'static str> {
    let status = [ImageStatus::Processed, ImageStatus::Failed]
        .into_iter()
        .find(|status| text(item, STATUS).as_deref() == Ok(status.as_str()))
        .ok_or(STATUS)?;
    let (result, error) = match status {
        ImageStatus::Processed => (Some(result(item)?), None),
        ImageStatus::Failed => (None, Some(failure(item)?)),
    };
    Ok(ImageRecord {
        id: text(item, IMAGE_ID)?,
        status,
        file_name: text(item, FILE_NAME)?,
        source: SourceImage {
            bucket: text(item, BUCKET)?,
            key: text(item, KEY)?,
            size: number(item, SOURCE_SIZE).ok(),
            width: number(item, SOURCE_WIDTH).ok(),
            height: number(item, SOURCE_HEIGHT).ok(),
            etag: text(item, SOURCE_ETAG).ok(),
            version: text(item, SOURCE_VERSION).ok(),
        },
        result,
        format: text(item, FORMAT).ok(),
        upload_time: text(item, UPLOAD_TIME)?,
        processed_time: text(item, PROCESSED_TIME)?,
        error,
    })
}

fn result(item: &Item) -> Result<ResultImage, &'static str> {
    Ok(ResultImage {
        bucket: text(item, RESULT_BUCKET)?,
        key: text(item, RESULT_KEY)?,
        size: number(item, SIZE)?,
        width: number(item, WIDTH)?,
        height: number(item, HEIGHT)?,
        content_type: text(item, CONTENT_TYPE)?,
    })
}

fn failure(item: &Item) -> Result<ImageFailure, &'static str> {
    Ok(ImageFailure {
        name: text(item, ERROR)?,
        message: text(item, MESSAGE)?,
    })
}

fn text(item: &Item, name: &'static str) -> Result<String, &'static str> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .ok_or(name)
}

fn number<T: FromStr>(item: &Item, name: &'static str) -> Result<T, &'static str> {
    item.get(name)
        .and_then(|value| value.as_n().ok())
        .and_then(|value| value.parse().ok())
        .ok_or(name)
}
