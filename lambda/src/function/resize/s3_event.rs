//! S3's event notifications.
//!
//! They come at least once and in any order, and any field but the bucket's and the key's name may be missing.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use serde::Deserialize;
use serde_json::value::RawValue;

/// What is in an event.
#[derive(Debug)]
pub(super) enum Event<'a> {
    /// Not S3's: a request.
    Request(&'a str),
    /// What S3 sends when a notification is configured.
    Test,
    /// Something happened to these objects.
    Records(Vec<&'a RawValue>),
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "Records", borrow)]
    records: Option<Vec<&'a RawValue>>,
    #[serde(rename = "Event")]
    event: Option<String>,
}

impl<'a> Event<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        match serde_json::from_str(text) {
            Ok(Envelope {
                records: Some(records),
                ..
            }) => Self::Records(records),
            Ok(Envelope {
                event: Some(event), ..
            }) if event == "s3:TestEvent" => Self::Test,
            _ => Self::Request(text),
        }
    }
}

/// What happened to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    /// Such as `ObjectCreated:Put`.
    pub(super) event_name: String,
    pub(super) event_time: Option<String>,
    pub(super) bucket: String,
    /// As it is in the bucket.
    pub(super) key: String,
    pub(super) bytes: Option<u64>,
    /// Without quotes.
    pub(super) etag: Option<String>,
    pub(super) version: Option<String>,
    pub(super) sequencer: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    event_time: Option<String>,
    s3: Entity,
}

#[derive(Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object {
    key: String,
    size: Option<u64>,
    e_tag: Option<String>,
    version_id: Option<String>,
    sequencer: Option<String>,
}

impl Notice {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// What is wrong with it, naming the field.
    pub(super) fn of(record: &RawValue) -> Result<Self, String> {
        let mut json = serde_json::Deserializer::from_str(record.get());
        let record: Record = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| format!("{}: {}", error.path(), error.inner()))?;
        let Entity { bucket, object } = record.s3;
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Self {
            event_name: record.event_name,
            event_time: record.event_time,
            bucket: bucket.name,
            key: decode(&object.key)
                .map_err(|problem| format!("s3.object.key: {:?} {problem}", object.key))?,
            bytes: object.size,
            etag: given(object.e_tag.map(|etag| etag.trim_matches('"').to_owned())),
            version: given(object.version_id),
            sequencer: given(object.sequencer),
        })
    }

    /// Whether there is a new object: put, posted, copied or put together from parts.
    pub(super) fn is_creation(&self) -> bool {
        let name = self.event_name.as_str();
        name.strip_prefix("s3:")
            .unwrap_or(name)
            .starts_with("ObjectCreated:")
    }
}

/// A key as a form would send it: spaces are `+`, and bytes of UTF-8 that are not letters are `%` and two
/// digits.
fn decode(key: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, tail) = tail
                    .split_at_checked(2)
                    .ok_or("has a % without two hexadecimal digits")?;
                rest = tail;
                hexadecimal(digits).ok_or("has a % without two hexadecimal digits")?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8 when it is decoded")
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |value, &digit| {
        let digit = char::from(digit).to_digit(16)?;
        u8::try_from(u32::from(value) * 16 + digit).ok()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As S3 writes keys.
    fn encode(key: &str) -> String {
        key.bytes().fold(String::new(), |text, byte| match byte {
            b' ' => text + "+",
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                text + &char::from(byte).to_string()
            }
            other => format!("{text}%{other:02X}"),
        })
    }

    #[test]
    fn keys_are_decoded() {
        for (encoded, key) in [
            ("a.jpg", "a.jpg"),
            ("a+b.jpg", "a b.jpg"),
            ("a%20b.jpg", "a b.jpg"),
            ("a%2Bb.jpg", "a+b.jpg"),
            ("a%2bb.jpg", "a+b.jpg"),
            ("100%25.jpg", "100%.jpg"),
            ("%2525", "%25"),
            (
                "%C3%A9t%C3%A9/%F0%9F%93%B7.jpg",
                "\u{e9}t\u{e9}/\u{1F4F7}.jpg",
            ),
            ("\u{e9}.jpg", "\u{e9}.jpg"),
            ("", ""),
        ] {
            assert_eq!(decode(encoded).as_deref(), Ok(key), "{encoded}");
        }
        for wrong in [
            "%", "a%", "a%2", "%zz", "%+1", "%-1", "%C3", "%FF", "a%2%20",
        ] {
            decode(wrong).expect_err(wrong);
        }
    }

    proptest! {
        #[test]
        fn every_key_survives(key in any::<String>()) {
            prop_assert_eq!(decode(&encode(&key)), Ok(key));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = decode(&text);
        }
    }

    #[test]
    fn requests_tests_and_records_are_told_apart() {
        assert!(matches!(Event::of(r#"{"Records": []}"#), Event::Records(list) if list.is_empty()));
        let announced = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}"#;
        assert!(matches!(Event::of(announced), Event::Test));
        for request in [
            r#"{"bucket":"b","key":"k"}"#,
            r#"{"Records": 1}"#,
            r#"{"Event":"other"}"#,
            "[]",
            "nonsense",
        ] {
            assert!(matches!(Event::of(request), Event::Request(text) if text == request));
        }
    }

    fn notice(record: &str) -> Result<Notice, String> {
        let raw: Box<RawValue> = serde_json::from_str(record).expect("JSON");
        Notice::of(&raw)
    }

    #[test]
    fn only_names_are_needed() {
        let little = r#"{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}"#;
        let notice_of_little = notice(little).expect("enough");
        assert!(notice_of_little.is_creation());
        assert_eq!(
            notice_of_little,
            Notice {
                event_name: "ObjectCreated:Put".to_owned(),
                event_time: None,
                bucket: "b".to_owned(),
                key: "k".to_owned(),
                bytes: None,
                etag: None,
                version: None,
                sequencer: None,
            }
        );
        let nothing = r#"{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},
            "object":{"key":"k","eTag":"","versionId":null,"sequencer":null,"size":null}}}"#;
        let notice_of_nothing = notice(nothing).expect("null is nothing");
        assert!(!notice_of_nothing.is_creation());
        assert_eq!(notice_of_nothing.etag, None);
        for (record, said) in [
            ("7", "invalid type"),
            ("{}", "`eventName`"),
            (r#"{"eventName":"x"}"#, "`s3`"),
            (
                r#"{"eventName":"x","s3":{"bucket":{"name":7}}}"#,
                "s3.bucket.name",
            ),
            (
                r#"{"eventName":"x","s3":{"bucket":{"name":"b"},"object":{}}}"#,
                "`key`",
            ),
            (
                r#"{"eventName":"x","s3":{"bucket":{"name":"b"},"object":{"key":"%E0"}}}"#,
                "\"%E0\" is not UTF-8",
            ),
        ] {
            let problem = notice(record).expect_err(record);
            assert!(problem.contains(said), "{record}: {problem}");
        }
    }
}
