//! What is there already is not made again.

use super::{etag, json, made, photo};
use crate::support::{Behaviour, Lambda, Outcome, SOURCE};
use serde_json::Value;

#[track_caller]
fn computed(outcome: &Outcome) -> bool {
    assert!(outcome.succeeded, "{:?}", outcome.body);
    outcome.body["computed"].as_bool().expect("a flag")
}

/// The methods of the calls to S3 since this was last asked.
fn calls(lambda: &Lambda) -> Vec<String> {
    let requests = std::mem::take(&mut lambda.s3().requests);
    requests.into_iter().map(|(method, _)| method).collect()
}

#[test]
fn the_same_of_the_same_is_made_once() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(900, 600)));
    let (first, put) = made(&lambda, &json!({"width": 300}));
    assert_eq!(first["computed"], true);
    assert_eq!(calls(&lambda), ["HEAD", "GET", "PUT"]);

    let again = lambda.resize_with("a.jpg", &json!({"width": 300}));
    assert!(!computed(&again));
    assert_eq!(
        calls(&lambda),
        ["HEAD", "GET"],
        "and the GET is answered 304"
    );
    let mut expected = first.clone();
    expected["computed"] = Value::from(false);
    assert_eq!(
        again.body, expected,
        "everything else is as it was said first"
    );

    let (forced, anew) = made(&lambda, &json!({"width": 300, "force": true}));
    assert_eq!(forced, first);
    assert_eq!(anew.body, put.body, "the same source gives the same bytes");
    assert_eq!(calls(&lambda), ["GET", "PUT"]);
}

#[test]
fn other_options_and_another_original_are_made() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(900, 600)));
    for options in [
        json!({}),
        json!({"width": 300}),
        json!({"width": 300, "height": 300}),
        json!({"width": 300, "height": 300, "fit": "cover"}),
        json!({"quality": 70}),
        json!({"progressive": true}),
        json!({"format": "png"}),
        json!({"allowTruncated": true}),
        // And what was there first, which has been written over.
        json!({}),
    ] {
        made(&lambda, &options);
        assert!(
            !computed(&lambda.resize_with("a.jpg", &options)),
            "{options}"
        );
    }
    let source = photo(300, 500);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    let (said, put) = made(&lambda, &json!({}));
    assert_eq!(said["source_height"], 500);
    assert_eq!(put.note("source-etag"), Some(etag(&source).as_str()));
}

#[test]
fn a_result_of_another_original_is_none_of_this() {
    let lambda = Lambda::start();
    for key in ["a.jpg", "b.jpg"] {
        lambda.has(key, Behaviour::Object(photo(90, 60)));
        let outcome = lambda.resize_with(key, &json!({"outputKey": "thumbs/x"}));
        assert!(computed(&outcome), "{key}");
    }
}

#[test]
fn of_several_sizes_only_what_is_missing_is_made() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(900, 600)));
    let which = |options: &Value| -> Vec<bool> {
        let outcome = lambda.resize_with("a.jpg", options);
        let results = outcome.body["results"].as_array().expect("a list");
        let computed = results.iter().map(|it| it["computed"] == true);
        computed.collect()
    };
    let two = json!({"sizes": [{"width": 300}, {"width": 200}]});
    assert_eq!(which(&two), [true, true]);
    assert_eq!(calls(&lambda), ["HEAD", "HEAD", "GET", "PUT", "PUT"]);
    assert_eq!(which(&two), [false, false]);
    assert_eq!(calls(&lambda), ["HEAD", "HEAD", "GET"]);
    let three = json!({"sizes": [{"width": 300}, {"width": 100}, {"width": 200}]});
    assert_eq!(which(&three), [false, true, false]);
    assert_eq!(calls(&lambda), ["HEAD", "HEAD", "HEAD", "GET", "PUT"]);
    assert_eq!(lambda.puts()[2].path, b"resized/thumbs/100x/a.jpg");
    lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
    assert_eq!(which(&two), [true, true]);
}

#[test]
fn an_original_that_is_gone_is_missed_though_its_result_is_there() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
    made(&lambda, &json!({}));
    lambda.s3().get.clear();
    let outcome = lambda.resize("a.jpg");
    assert_eq!(outcome.body["errorType"], "ObjectNotFound");
}

#[test]
fn without_an_answer_about_results_they_are_made() {
    for status in [403, 500] {
        let lambda = Lambda::start();
        lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
        lambda.s3().head_error = Some(status);
        for _ in 0..2 {
            made(&lambda, &json!({}));
        }
    }
}

#[test]
fn a_result_without_notes_is_made_again() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
    let (_, put) = made(&lambda, &json!({}));
    for note in put
        .headers
        .keys()
        .filter(|it| it.starts_with("x-amz-meta-"))
    {
        if ["x-amz-meta-source-modified", "x-amz-meta-source-version"].contains(&note.as_str()) {
            continue;
        }
        let mut poorer = put.clone();
        poorer.headers.remove(note);
        lambda.s3().puts = vec![poorer];
        made(&lambda, &json!({}));
    }
}

/// An event that comes again, after the stack's largest size was changed.
#[test]
fn a_repeated_event_is_one_only_with_the_same_settings() {
    let lambda = Lambda::start();
    let source = photo(900, 600);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    let event = json!({"Records": [{
        "eventName": "ObjectCreated:Put", "eventTime": "2025-01-01T10:20:30.400Z",
        "s3": {
            "bucket": {"name": SOURCE},
            "object": {"key": "a.jpg", "size": source.len(), "eTag": etag(&source), "sequencer": "0A"},
        },
    }]})
    .to_string();
    let tell = |lambda: &Lambda| {
        let outcome = lambda.send(&event);
        assert!(outcome.succeeded, "{:?}", outcome.body);
        (
            outcome.body["processed"].clone(),
            outcome.body["duplicate"].clone(),
        )
    };
    assert_eq!(tell(&lambda), (json!(1), json!(0)));
    assert_eq!(tell(&lambda), (json!(0), json!(1)));
    // A request finds what the event made, and an event what a request made.
    assert!(!computed(&lambda.resize("a.jpg")));
    assert!(computed(
        &lambda.resize_with("a.jpg", &json!({"force": true}))
    ));
    assert_eq!(tell(&lambda), (json!(0), json!(1)));

    let smaller = Lambda::beside(&lambda.s3, &[("MAX_WIDTH", Some("300"))]);
    assert_eq!(tell(&smaller), (json!(1), json!(0)));
    assert_eq!(tell(&smaller), (json!(0), json!(1)));
    let put = lambda.puts().pop().expect("a result");
    assert_eq!(put.note("width"), Some("300"));
    assert!(put.headers.contains_key("if-match"));
}
