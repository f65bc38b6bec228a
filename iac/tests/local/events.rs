//! What the function that resizes makes of S3's events, also of those that come again or late: the same for
//! every upload stack.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::encoded;
use crate::picture;
use crate::system::System;
use crate::uploads::{
    ask, dead_letters, invoke, item, object, result_place, result_size, size, source_bucket, wait,
};

/// Time for what should not happen: another event, another record.
const PAUSE: Duration = Duration::from_millis(1200);

/// Time for the function to begin with an image.
const HEAD_START: Duration = Duration::from_millis(100);

/// What the function logged of objects that it was told of, a line each time, in order.
fn told(system: &System) -> Vec<Value> {
    let group = format!("/aws/lambda/{}", function(system));
    let question = json!({"logGroupName": group, "limit": 10_000});
    let answer = ask(system, "logs", "Logs_20140328.FilterLogEvents", &question);
    let events = answer["events"].as_array().expect("events").iter();
    let lines = events.flat_map(|event| event["message"].as_str().unwrap_or_default().lines());
    let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
    // Lambda's JSON logs have the fields by themselves or under `fields`.
    let lines = lines.map(|mut line| match line["fields"].take() {
        fields @ Value::Object(_) => fields,
        _ => line,
    });
    lines.filter(|line| line["outcome"].is_string()).collect()
}

fn function(system: &System) -> String {
    let stack = &system.session.deployed.pseudo.stack_name;
    format!("{stack}-resize-image")
}

/// How the function was done with an object, each time that it was told of it.
pub(crate) fn outcomes(system: &System, key: &str) -> Vec<String> {
    let mut lines = told(system);
    lines.retain(|line| line["key"] == key);
    let outcomes = lines.iter().map(|line| line["outcome"].as_str());
    outcomes
        .map(|one| one.expect("a text").to_owned())
        .collect()
}

/// Does something so many times at one moment, each on a thread of its own.
pub(crate) fn at_once<T: Send>(times: u32, step: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(times as usize);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..times)
            .map(|number| {
                let (start, step) = (&start, &step);
                scope.spawn(move || {
                    start.wait();
                    step(number)
                })
            })
            .collect();
        let results = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        results.map(|result| result.expect("done")).collect()
    })
}

/// Waits until the function is done with each of these originals, and makes sure that it was told of each
/// once, and of no result.
pub(crate) fn assert_each_processed_once(system: &System, keys: &[String]) {
    for key in keys {
        wait(key, || outcomes(system, key).pop());
    }
    std::thread::sleep(PAUSE);
    let lines = told(system);
    for key in keys {
        assert_eq!(outcomes(system, key), ["processed"], "{key}");
        let (bucket, result) = result_place(system, key);
        let back = lines
            .iter()
            .find(|line| line["bucket"] == bucket && line["key"] == result);
        assert_eq!(back, None, "{key}: its result came back");
        assert!(
            object(system, &bucket, &result).is_some(),
            "{key}: no result"
        );
    }
}

/// Waits until objects that are no images are given up under the names of their errors, and makes sure that
/// nothing goes on after that and nothing else is said of them.
pub(crate) fn assert_given_up_once(system: &System, objects: &[(&str, &str)]) {
    for (key, error) in objects {
        let letter = wait("the dead letter", || dead_letters(system, key).pop());
        assert_eq!(letter["responsePayload"]["errorType"], *error, "{letter}");
    }
    std::thread::sleep(PAUSE);
    for (key, error) in objects {
        assert_eq!(dead_letters(system, key).len(), 1, "{key}");
        assert_eq!(outcomes(system, key), ["failed", "failed"], "{key}");
        let (bucket, result) = result_place(system, key);
        assert_eq!(object(system, &bucket, &result), None, "{key}: a result");
        if system.session.output("MetadataTableName").is_ok() {
            let item = item(system, key).expect("recorded");
            assert_eq!(item["Status"]["S"], "failed", "{item}");
            assert_eq!(item["Error"]["S"], *error, "{item}");
        }
    }
}

/// S3's record of an object, as it came: made from the line about it.
fn record(line: &Value) -> Value {
    let key = line["key"].as_str().expect("a key");
    let key = encoded(key).replace("%20", "+").replace("%2F", "/");
    json!({
        "eventVersion": "2.6", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": line["bucket"]}, "object": {
            "key": key, "size": line["source_bytes"], "eTag": line["etag"], "versionId": line["version"],
            "sequencer": line["sequencer"],
        }},
    })
}

/// All that is kept of an original.
#[derive(Debug, PartialEq)]
struct Kept {
    /// What S3 says of its result.
    result: BTreeMap<String, String>,
    /// Its item in the table, where there is one.
    item: Option<BTreeMap<String, Value>>,
}

fn kept(system: &System, key: &str) -> Kept {
    let (bucket, result) = result_place(system, key);
    let headers = object(system, &bucket, &result).expect("a result");
    let headers = headers.iter().filter(|(name, _)| {
        let name = name.as_str();
        ["etag", "last-modified", "x-amz-version-id"].contains(&name)
            || name.starts_with("x-amz-meta-")
    });
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()));
    let item = item(system, key).map(|item| serde_json::from_value(item).expect("attributes"));
    let has_table = system.session.output("MetadataTableName").is_ok();
    assert_eq!(item.is_some(), has_table, "{key}");
    Kept {
        result: headers.collect(),
        item,
    }
}

/// Puts one image after the other under one key, and tells the function of each again: at once, in the wrong
/// order, and when it has been replaced. The record and the result stay as they are.
pub(crate) fn assert_late_events_change_nothing(
    system: &System,
    key: &str,
    upload: impl Fn(&[u8]),
) {
    let (first, second) = (picture::jpeg(60, 40), picture::jpeg(80, 40));
    let process = |bytes: &[u8], times: usize| {
        upload(bytes);
        let line = wait("the result", || {
            let mut lines = told(system);
            lines.retain(|line| line["key"] == key && line["outcome"] == "processed");
            (lines.len() == times).then(|| lines.pop())?
        });
        // What is written again from here on has another time.
        std::thread::sleep(PAUSE);
        (record(&line), kept(system, key))
    };
    let tell = |records: &[&Value], [duplicate, superseded]: [usize; 2], before: &Kept| {
        let answer = invoke(system, &function(system), &json!({"Records": records}));
        let expected = json!({
            "status": "success", "processed": 0, "duplicate": duplicate, "superseded": superseded, "skipped": 0,
        });
        assert_eq!(answer, expected, "{records:?}");
        assert_eq!(kept(system, key), *before, "{records:?}");
    };

    let (one, before) = process(&first, 1);
    tell(&[&one], [1, 0], &before);
    tell(&[&one, &one], [2, 0], &before);

    let (two, before) = process(&second, 2);
    assert_eq!(result_size(system, key), (80, 40));
    tell(&[&one], [0, 1], &before);
    tell(&[&two, &one], [1, 1], &before);

    // The bytes of the first again: its event is about an earlier object nevertheless.
    let (three, before) = process(&first, 3);
    assert_eq!(result_size(system, key), (60, 40));
    tell(&[&one], [1, 0], &before);
    tell(&[&three, &two, &one, &three], [3, 1], &before);
}

/// Puts images under one key without waiting for results, each smaller than the one before, so that several are
/// resized at once and the oldest takes longest. Whichever is done first, the record and the result are of the
/// one that is there in the end.
pub(crate) fn assert_the_last_of_many_counts(system: &System, key: &str, upload: impl Fn(&[u8])) {
    let sides = [50, 2400, 1200, 600, 300, 100];
    for (number, side) in sides.into_iter().enumerate() {
        upload(&picture::jpeg(side, side));
        if number == 0 {
            wait("the first result", || outcomes(system, key).pop());
        }
        std::thread::sleep(HEAD_START);
    }
    wait("the end of all events", || {
        let mut ends = outcomes(system, key);
        // One that failed comes again.
        ends.retain(|outcome| outcome != "failed");
        (ends.len() == sides.len()).then_some(())
    });
    let source = source_bucket(system);
    let newest = object(system, &source, key).expect("stored");
    let newest_size = size(system, &source, key);
    assert_eq!(result_size(system, key), newest_size);
    let kept = kept(system, key);
    for (header, note, attribute) in [
        ("etag", "x-amz-meta-source-etag", "SourceETag"),
        (
            "x-amz-version-id",
            "x-amz-meta-source-version",
            "SourceVersion",
        ),
    ] {
        let expected = newest
            .get(header)
            .map(|value| value.to_str().expect("text").trim_matches('"'));
        assert_eq!(
            kept.result.get(note).map(String::as_str),
            expected,
            "{kept:?}"
        );
        if let Some(item) = &kept.item {
            let noted = item.get(attribute).and_then(|value| value["S"].as_str());
            assert_eq!(noted, expected, "{kept:?}");
        }
    }
    if let Some(item) = &kept.item {
        let dimensions = format!("{}x{}", newest_size.0, newest_size.1);
        assert_eq!(item["Dimensions"]["S"], dimensions, "{kept:?}");
        assert_eq!(item["Status"]["S"], "processed", "{kept:?}");
        let lines = told(system).into_iter().filter(|line| line["key"] == key);
        let sequencers = lines.map(|line| line["sequencer"].as_str().map(str::to_owned));
        let noted = item.get("Sequencer").and_then(|value| value["S"].as_str());
        assert_eq!(noted, sequencers.max().flatten().as_deref(), "{kept:?}");
    }
}
