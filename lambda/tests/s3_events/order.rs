//! Events in any order, and writers at the same time.

use std::sync::Arc;

use lambda::FailureName;
use serde_json::json;

use crate::support::s3::etag;
use crate::support::{Behaviour, Lambda, photo, refused};
use crate::{counted, record, tell};

/// The entity tag of the original that a result was made from.
fn made_from(lambda: &Lambda, path: &str) -> Option<String> {
    let s3 = lambda.s3();
    s3.result(path)?.note("source-etag").map(str::to_owned)
}

#[test]
fn the_last_result_is_made_from_the_newest_object_in_any_order_of_events() {
    let objects: Vec<_> = (0..3).map(|n| photo(40 + n, 30)).collect();
    let events: Vec<_> = objects
        .iter()
        .enumerate()
        .map(|(n, bytes)| record("a.jpg", bytes, &format!("0{n}")))
        .collect();
    let newest = etag(&objects[2]);
    for order in [
        &[0, 1, 2][..],
        &[2, 1, 0],
        &[1, 2, 0, 2],
        &[2, 0],
        &[0, 0, 2, 1, 1, 2],
    ] {
        let lambda = Lambda::start();
        lambda.has("a.jpg", Behaviour::Object(objects[2].clone()));
        for &n in order {
            let outcome = tell(&lambda, std::slice::from_ref(&events[n]));
            assert!(outcome.succeeded, "{order:?}: {:?}", outcome.body);
            let superseded = usize::from(n != 2);
            assert_eq!(outcome.body["superseded"], superseded, "{order:?}: {n}");
        }
        assert_eq!(
            made_from(&lambda, "resized/thumbs/a.jpg"),
            Some(newest.clone()),
            "{order:?}"
        );
        assert_eq!(lambda.puts().len(), 1, "{order:?}: made once");
    }
}

#[test]
fn an_object_that_was_replaced_is_resized_again() {
    let lambda = Lambda::start();
    let (old, new) = (photo(40, 30), photo(50, 30));
    lambda.has("a.jpg", Behaviour::Object(old.clone()));
    counted(&tell(&lambda, &[record("a.jpg", &old, "01")]), [1, 0, 0, 0]);
    lambda.has("a.jpg", Behaviour::Object(new.clone()));
    counted(&tell(&lambda, &[record("a.jpg", &new, "02")]), [1, 0, 0, 0]);
    let puts = lambda.puts();
    assert_eq!(
        puts[1].headers["if-match"],
        format!("\"{}\"", etag(&puts[0].body))
    );
    counted(&tell(&lambda, &[record("a.jpg", &old, "01")]), [0, 0, 1, 0]);
    assert_eq!(made_from(&lambda, "resized/thumbs/a.jpg"), Some(etag(&new)));
}

#[test]
fn the_same_bytes_as_another_version_are_resized_again() {
    let lambda = Lambda::start();
    let bytes = photo(40, 30);
    let event = |version: &str| {
        let mut record = record("a.jpg", &bytes, "01");
        record["s3"]["object"]["versionId"] = json!(version);
        [record]
    };
    lambda.has("a.jpg", Behaviour::Version(bytes.clone(), "v1"));
    counted(&tell(&lambda, &event("v1")), [1, 0, 0, 0]);
    counted(&tell(&lambda, &event("v1")), [0, 1, 0, 0]);
    lambda.has("a.jpg", Behaviour::Version(bytes.clone(), "v2"));
    counted(&tell(&lambda, &event("v2")), [1, 0, 0, 0]);
    assert_eq!(lambda.puts()[1].note("source-version"), Some("v2"));
    counted(&tell(&lambda, &event("v2")), [0, 1, 0, 0]);
}

/// A result that another process wrote, made from these bytes.
fn written_by_another(source: &[u8]) -> Lambda {
    let another = Lambda::start();
    another.has("a.jpg", Behaviour::Object(source.to_vec()));
    counted(
        &tell(&another, &[record("a.jpg", source, "00")]),
        [1, 0, 0, 0],
    );
    another
}

#[test]
fn the_slower_of_two_writers_starts_again() {
    let source = photo(40, 30);
    let put = written_by_another(&source).puts().remove(0);
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    // The other one is done between this one's look and its write.
    lambda.s3().before = vec![("PUT", Box::new(move |s3| s3.puts.push(put)))];
    counted(
        &tell(&lambda, &[record("a.jpg", &source, "01")]),
        [0, 1, 0, 0],
    );
    assert_eq!(lambda.puts().len(), 1);
    assert_eq!(lambda.s3().count("PUT"), 1, "it tried once");
}

#[test]
fn conflicts_end_in_another_try_and_then_in_words() {
    for (status, code, existing) in [
        (409, "ConditionalRequestConflict", false),
        (412, "PreconditionFailed", false),
        (412, "PreconditionFailed", true),
        (404, "NoSuchKey", true),
    ] {
        let lambda = Lambda::start();
        let (old, new) = (photo(40, 30), photo(50, 30));
        let put = existing.then(|| written_by_another(&old).puts().remove(0));
        lambda.s3().puts.extend(put);
        let before = lambda.puts().len();
        lambda.has("a.jpg", Behaviour::Object(new.clone()));
        // Once, and then it works.
        lambda.s3().put_error = Some((status, code));
        let event = [record("a.jpg", &new, "01")];
        refused(
            &tell(&lambda, &event),
            FailureName::StorageUnavailable,
            &["s3://resized/thumbs/a.jpg", "5 times"],
        );
        assert_eq!(lambda.s3().count("PUT"), 5, "{code}");
        assert_eq!(lambda.puts().len(), before);
        lambda.s3().put_error = None;
        counted(&tell(&lambda, &event), [1, 0, 0, 0]);
    }
}

#[test]
fn a_conflict_that_passes_is_no_failure() {
    let lambda = Lambda::start();
    let source = photo(40, 30);
    lambda.has("a.jpg", Behaviour::Object(source.clone()));
    lambda.s3().put_error = Some((409, "ConditionalRequestConflict"));
    // The second look at the result comes after the conflict.
    lambda.s3().before = vec![
        ("HEAD", Box::new(|_| {})),
        ("HEAD", Box::new(|s3| s3.put_error = None)),
    ];
    counted(
        &tell(&lambda, &[record("a.jpg", &source, "01")]),
        [1, 0, 0, 0],
    );
    assert_eq!(lambda.s3().count("PUT"), 2);
}

#[test]
fn an_object_that_is_replaced_meanwhile_does_not_leave_a_stale_result() {
    // A result is there, made from `first`. The event about `second` is being handled when the object becomes
    // `first` again: that event finds a result made from its bytes, and rightly does nothing.
    let (first, second) = (photo(40, 30), photo(50, 30));
    let put = written_by_another(&first).puts().remove(0);
    let lambda = Lambda::start();
    lambda.s3().puts.push(put);
    lambda.has("a.jpg", Behaviour::Object(second.clone()));
    let replaced = first.clone();
    lambda.s3().before = vec![(
        "PUT",
        Box::new(move |s3| {
            s3.get
                .insert(b"originals/a.jpg".to_vec(), Behaviour::Object(replaced));
        }),
    )];
    counted(
        &tell(&lambda, &[record("a.jpg", &second, "02")]),
        [1, 0, 0, 0],
    );
    assert_eq!(
        made_from(&lambda, "resized/thumbs/a.jpg"),
        Some(etag(&first))
    );
}

#[test]
fn many_processes_and_repeated_events_at_once() {
    let s3 = Arc::default();
    let keys: Vec<_> = (0..20).map(|n| format!("{n}.jpg")).collect();
    let objects: Vec<_> = (0..20).map(|n| photo(40 + n, 30)).collect();
    let lambdas: Vec<_> = (0..4).map(|_| Lambda::beside(&s3, &[])).collect();
    for (key, bytes) in keys.iter().zip(&objects) {
        lambdas[0].has(key, Behaviour::Object(bytes.clone()));
    }
    std::thread::scope(|scope| {
        for (shift, lambda) in lambdas.into_iter().enumerate() {
            let (keys, objects) = (&keys, &objects);
            scope.spawn(move || {
                for n in (0..20).map(|n| (n * 7 + shift * 3) % 20) {
                    let outcome = tell(&lambda, &[record(&keys[n], &objects[n], "01")]);
                    assert!(outcome.succeeded, "{:?}", outcome.body);
                }
            });
        }
    });
    let s3 = s3.lock().expect("unpoisoned");
    assert_eq!(s3.puts.len(), 20, "each is written once, and none is lost");
    for (key, bytes) in keys.iter().zip(&objects) {
        let put = s3.result(&format!("resized/thumbs/{key}")).expect(key);
        assert_eq!(put.note("source-etag"), Some(etag(bytes).as_str()));
    }
}
