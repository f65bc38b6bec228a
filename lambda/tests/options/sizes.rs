//! Several results of one request.

use std::collections::BTreeMap;

use super::{json, photo, picture, refused};
use crate::support::{Behaviour, Lambda, RESIZED};
use lambda::FailureName;

#[test]
fn several_sizes_are_made_of_one_reading() {
    let lambda = Lambda::start();
    let source = photo(1600, 1200);
    lambda.has("p/a.jpg", Behaviour::Object(source.clone()));
    let outcome = lambda.resize_with(
        "p/a.jpg",
        &json!({
            "height": 300, "format": "webp",
            "sizes": [
                {"width": 300, "fit": "cover"},
                {"height": 120, "format": "jpeg", "quality": 70},
                {"width": 640, "height": 640, "outputKey": "thumbs/large"},
            ],
        }),
    );
    assert!(outcome.succeeded, "{:?}", outcome.body);
    let puts: BTreeMap<_, _> = lambda
        .puts()
        .into_iter()
        .map(|put| (String::from_utf8(put.path.clone()).expect("UTF-8"), put))
        .collect();
    let paths: Vec<_> = puts.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "resized/thumbs/300x300/p/a.jpg",
            "resized/thumbs/large",
            "resized/thumbs/x120/p/a.jpg",
        ]
    );
    let bytes = |path: &str| puts[path].body.len();
    assert_eq!(
        outcome.body,
        json!({
            "status": "success", "source_format": "jpeg", "source_width": 1600,
            "source_height": 1200, "source_bytes": source.len(), "animated": false, "share": 1.0,
            "results": [
                {
                    "bucket": RESIZED, "image_key": "thumbs/300x300/p/a.jpg", "format": "webp",
                    "content_type": "image/webp", "width": 300, "height": 300,
                    "bytes": bytes(paths[0]), "computed": true,
                },
                {
                    "bucket": RESIZED, "image_key": "thumbs/x120/p/a.jpg", "format": "jpeg",
                    "content_type": "image/jpeg", "width": 160, "height": 120,
                    "bytes": bytes(paths[2]), "computed": true,
                },
                {
                    "bucket": RESIZED, "image_key": "thumbs/large", "format": "webp",
                    "content_type": "image/webp", "width": 640, "height": 480,
                    "bytes": bytes(paths[1]), "computed": true,
                },
            ],
        })
    );
    for (path, size) in paths.iter().zip([(300, 300), (640, 480), (160, 120)]) {
        let found = picture(&puts[*path]);
        assert_eq!((found.width(), found.height()), size, "{path}");
    }
    assert_eq!(lambda.s3().count("GET"), 1);
}

#[test]
fn one_of_the_list_is_answered_as_a_list() {
    let lambda = Lambda::start();
    lambda.has("a.jpg", Behaviour::Object(photo(40, 30)));
    let outcome = lambda.resize_with("a.jpg", &json!({"sizes": [{}]}));
    let results = outcome.body["results"].as_array().expect("a list");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["image_key"], "thumbs/720x720/a.jpg");
}

#[test]
fn a_failure_of_one_is_a_failure_of_all() {
    let lambda = Lambda::start();
    let path = b"originals/a.jpg".to_vec();
    lambda.has("a.jpg", Behaviour::Object(photo(40, 30)));
    let sizes = json!({"sizes": [{"width": 9}, {"width": 8}]});
    // The second one is not taken by S3.
    let refuse: Box<dyn FnOnce(&mut crate::support::S3) + Send> = Box::new(|s3| {
        s3.before.push((
            "PUT",
            Box::new(|s3| s3.put_error = Some((403, "AccessDenied"))),
        ));
    });
    lambda.s3().before.push(("PUT", refuse));
    refused(
        &lambda.resize_with("a.jpg", &sizes),
        FailureName::AccessDenied,
        &["thumbs/8x/a.jpg"],
    );
    // Another try makes what is missing.
    lambda.s3().put_error = None;
    let outcome = lambda.resize_with("a.jpg", &sizes);
    let computed: Vec<_> = [0, 1]
        .map(|index| outcome.body["results"][index]["computed"].clone())
        .into();
    assert_eq!(computed, [false, true]);
    assert!(lambda.s3().get.contains_key(&path));
}
