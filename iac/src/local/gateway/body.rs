//! A client's payload.

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::respond::ResponseType;

/// Largest payload of a REST API.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html>
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// A client that is cut off while it sends does not see the answer, so a little more is read and dropped.
const MAX_DRAINED_BYTES: usize = 64 * 1024 * 1024;

/// Reads it whole.
pub(super) async fn read(body: Body) -> Result<Bytes, ResponseType> {
    let mut body = Limited::new(body, MAX_DRAINED_BYTES);
    let mut read = Vec::new();
    let mut too_large = false;
    while let Some(frame) = body.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(ResponseType::RequestTooLarge);
            }
            // It breaks off, or is not in chunks as it says it is.
            Err(_) => return Err(ResponseType::Unreadable),
        };
        if let Some(data) = frame.data_ref() {
            too_large |= read.len() + data.len() > MAX_BODY_BYTES;
            if !too_large {
                read.extend_from_slice(data);
            }
        }
    }
    if too_large {
        Err(ResponseType::RequestTooLarge)
    } else {
        Ok(read.into())
    }
}
