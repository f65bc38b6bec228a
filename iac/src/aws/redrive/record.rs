//! What Lambda puts into a queue when a function failed on an event for the last time.

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

/// A record of a failed event.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The function's name.
    pub function: String,
    /// The version or alias that was invoked, where it was one.
    pub qualifier: Option<String>,
    /// The event, byte for byte.
    pub payload: String,
    /// The keys of the objects that the event names.
    pub keys: Vec<String>,
    /// The error's name, or why Lambda gave up.
    pub error: String,
    /// What was wrong, in words.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Destination<'a> {
    #[serde(borrow)]
    request_payload: Option<&'a RawValue>,
    request_context: Context,
    response_payload: Option<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    function_arn: String,
    condition: Option<String>,
}

impl Record {
    /// Reads the body of a message.
    ///
    /// # Errors
    /// It is no such record, in words.
    pub fn read(body: &str) -> Result<Self, String> {
        let read: Destination<'_> = serde_json::from_str(body)
            .map_err(|error| format!("it is no record of a failed event: {error}"))?;
        let payload = read
            .request_payload
            .filter(|payload| payload.get() != "null")
            .ok_or(
                "it has no requestPayload, so that nothing is left to invoke the function with",
            )?;
        let arn = &read.request_context.function_arn;
        // arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER
        let mut parts = arn.split(':').skip(5);
        let (Some("function"), Some(function)) = (parts.next(), parts.next()) else {
            return Err(format!("`{arn}` is no function"));
        };
        let qualifier = parts.next().filter(|qualifier| *qualifier != "$LATEST");
        let response = read.response_payload.unwrap_or_default();
        let text = |field: &str| response[field].as_str().map(str::to_owned);
        Ok(Self {
            function: function.to_owned(),
            qualifier: qualifier.map(str::to_owned),
            keys: keys(payload.get()),
            payload: payload.get().to_owned(),
            error: text("errorType")
                .or(read.request_context.condition)
                .unwrap_or_default(),
            message: text("errorMessage").unwrap_or_default(),
        })
    }
}

/// The keys in an event of S3, or in a request.
fn keys(payload: &str) -> Vec<String> {
    let event: Json = serde_json::from_str(payload).unwrap_or_default();
    if let Some(key) = event["key"].as_str() {
        return vec![key.to_owned()];
    }
    let records = event["Records"].as_array().into_iter().flatten();
    records
        .filter_map(|record| record["s3"]["object"]["key"].as_str())
        .map(decoded)
        .collect()
}

/// A key as S3 writes it into an event: a plus for a space, `%XX` for what is no plain character. One that
/// is written otherwise is shown as far as it can be.
fn decoded(key: &str) -> String {
    let key = key.replace('+', " ");
    percent_decode_str(&key).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Record, decoded};

    #[test]
    fn a_record_is_read_and_its_event_stays_as_it_is() {
        // The order, the spaces and the large number are the sender's own.
        let payload = r#"{"Records" : [ {"s3":{"object":{"key":"a+b/%C3%A9.jpg","size":12345678901234567890}}} ] }"#;
        let body = format!(
            r#"{{"version":"1.0","requestContext":{{"requestId":"1","functionArn":"arn:aws:lambda:eu-west-1:123456789012:function:stack-resize-image:$LATEST","condition":"RetriesExhausted","approximateInvokeCount":2}},"requestPayload":{payload},"responsePayload":{{"errorType":"CorruptImage","errorMessage":"it breaks off"}}}}"#
        );
        assert_eq!(
            Record::read(&body),
            Ok(Record {
                function: "stack-resize-image".to_owned(),
                qualifier: None,
                payload: payload.to_owned(),
                keys: vec!["a b/é.jpg".to_owned()],
                error: "CorruptImage".to_owned(),
                message: "it breaks off".to_owned(),
            })
        );
    }

    #[test]
    fn a_record_without_an_answer_says_why_lambda_gave_up() {
        let body = json!({
            "requestContext": {
                "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
                "condition": "EventAgeExceeded",
            },
            "requestPayload": { "bucket": "b", "key": "k" },
        });
        let record = Record::read(&body.to_string()).expect("a record");
        assert_eq!(record.error, "EventAgeExceeded");
        assert_eq!(record.qualifier.as_deref(), Some("live"));
        assert_eq!(record.keys, ["k"]);
    }

    #[test]
    fn what_is_no_record_is_named() {
        for (body, words) in [
            ("hello", "it is no record of a failed event"),
            ("{}", "missing field `requestContext`"),
            (
                r#"{"requestContext":{"functionArn":"f"},"requestPayload":{}}"#,
                "`f` is no function",
            ),
            (
                r#"{"requestContext":{"functionArn":"arn:aws:lambda:r:1:function:f"}}"#,
                "no requestPayload",
            ),
        ] {
            let error = Record::read(body).expect_err(body);
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn keys_are_decoded_as_far_as_they_can_be() {
        for (key, expected) in [
            ("a%2Bb", "a+b"),
            ("100%", "100%"),
            ("%zz%41", "%zzA"),
            ("%é", "%é"),
        ] {
            assert_eq!(decoded(key), expected);
        }
    }
}
