use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::FailureName;
use crate::engine::Limits;
use crate::function::result_key::ResultKeys;

fn config(resized_bucket: &str, input_prefix: Option<&str>) -> Config {
    Config {
        source_bucket: "originals".to_owned(),
        resized_bucket: resized_bucket.to_owned(),
        result_keys: ResultKeys {
            input_prefix: input_prefix.map(str::to_owned),
            output_prefix: "thumbs/".to_owned(),
        },
        bounds: Bounds::default(),
        limits: Limits::default(),
        cache_control: None,
        metadata_table: None,
    }
}

/// The targets of a request for `a.jpg` with these options.
fn asked(options: Value) -> Result<Vec<Target>, FunctionError> {
    let mut request = json!({"bucket": "originals", "key": "a.jpg"});
    let fields = request.as_object_mut().expect("an object");
    let Value::Object(options) = options else {
        panic!("no object: {options}");
    };
    fields.extend(options);
    let request = serde_json::from_value(request).expect("a request");
    targets(&request, &config("resized", None))
}

fn one(options: Value) -> Target {
    let mut targets = asked(options).expect("valid");
    assert_eq!(targets.len(), 1);
    targets.remove(0)
}

fn boxes(targets: &[Target]) -> Vec<(u32, u32)> {
    let side = |it: &Target| (it.output.bounds.max_width, it.output.bounds.max_height);
    targets.iter().map(side).collect()
}

#[track_caller]
fn invalid(options: Value, said: &[&str]) {
    let name = options.to_string();
    let error = asked(options).expect_err(&name);
    assert_eq!(error.name(), FailureName::InvalidRequest);
    for text in said {
        assert!(error.to_string().contains(text), "{name}: {error}");
    }
}

fn key(bucket: &str, key: &str, config: &Config) -> Result<String, FunctionError> {
    let targets = targets(&ResizeRequest::new(bucket, key), config)?;
    assert_eq!(targets.len(), 1);
    Ok(targets[0].key.clone())
}

#[test]
fn without_options_it_is_what_the_stack_says() {
    let target = one(json!({}));
    assert_eq!(
        target,
        Target::usual("thumbs/a.jpg".to_owned(), &config("resized", None))
    );
    assert_eq!(target.output, Output::default());
}

#[test]
fn each_option_is_passed_on() {
    let target = one(json!({
        "width": 300, "height": 200, "fit": "cover", "format": "webp", "quality": 55,
        "progressive": true, "outputKey": "thumbs/x", "allowTruncated": true, "force": true,
    }));
    assert_eq!(target.key, "thumbs/x");
    assert!(target.allow_truncated);
    let output = Output {
        bounds: Bounds {
            max_width: 300,
            max_height: 200,
        },
        fit: Fit::Cover,
        format: Some(Format::WebP),
        quality: 55,
        progressive: true,
    };
    assert_eq!(target.output, output);
}

#[test]
fn a_side_that_is_not_given_is_free() {
    let free = MAX_RESULT_SIDE;
    assert_eq!(boxes(&[one(json!({"width": 300}))]), [(300, free)]);
    assert_eq!(boxes(&[one(json!({"height": 300}))]), [(free, 300)]);
    assert_eq!(boxes(&[one(json!({"fit": "fill"}))]), [(720, 720)]);
    for fit in ["cover", "contain", "fill"] {
        invalid(json!({"width": 300, "fit": fit}), &["height: it is not"]);
        invalid(json!({"height": 300, "fit": fit}), &["width: it is not"]);
    }
}

#[test]
fn sizes_say_what_is_other_in_each() {
    let targets = asked(json!({
        "height": 200, "format": "png", "quality": 50,
        "sizes": [
            {"width": 300, "fit": "cover"},
            {"height": 100, "quality": 60, "format": "jpeg", "progressive": true},
            {"outputKey": "thumbs/mine"},
        ],
    }));
    let targets = targets.expect("valid");
    assert_eq!(
        boxes(&targets),
        [(300, 200), (MAX_RESULT_SIDE, 100), (MAX_RESULT_SIDE, 200)]
    );
    let keys: Vec<_> = targets.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(
        keys,
        ["thumbs/300x200/a.jpg", "thumbs/x100/a.jpg", "thumbs/mine"]
    );
    let said: Vec<_> = targets
        .iter()
        .map(|it| {
            let output = it.output;
            (
                output.format.map(Format::name),
                output.quality,
                output.progressive,
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            (Some("png"), 50, false),
            (Some("jpeg"), 60, true),
            (Some("png"), 50, false)
        ]
    );
    let stack = asked(json!({"sizes": [{}, {"width": 5}]})).expect("valid");
    assert_eq!(stack[0].key, "thumbs/720x720/a.jpg");
    assert_eq!(stack[1].key, "thumbs/5x/a.jpg");
}

#[test]
fn folders_of_sizes_replace_the_prefix_of_originals() {
    let mut request = ResizeRequest::new("originals", "uploads/b/c.png");
    request.sizes = Some(vec![SizeRequest {
        width: Some(9),
        ..SizeRequest::default()
    }]);
    let targets = targets(&request, &config("originals", Some("uploads/"))).expect("valid");
    assert_eq!(targets[0].key, "thumbs/9x/b/c.png");
}

#[test]
fn what_a_model_would_refuse_is_refused_by_name() {
    invalid(json!({"width": 0}), &["width: it is 0", "16383"]);
    invalid(json!({"height": 16_384}), &["height: it is 16384"]);
    invalid(json!({"quality": 0}), &["quality: it is 0"]);
    invalid(json!({"quality": 101}), &["quality: it is 101"]);
    invalid(json!({"sizes": []}), &["sizes: there are 0"]);
    let many = vec![json!({}); 17];
    invalid(json!({"sizes": many}), &["sizes: there are 17"]);
    invalid(
        json!({"sizes": [{}, {"quality": 200}]}),
        &["sizes[1].quality: it is 200"],
    );
    invalid(
        json!({"fit": "fill", "sizes": [{"width": 4}]}),
        &["sizes[0].height: it is not given"],
    );
}

#[test]
fn keys_of_results_are_where_the_function_may_write_and_all_different() {
    for key in ["elsewhere/x", "thumbs", "thumbs/", "", "/thumbs/x"] {
        invalid(
            json!({"outputKey": key}),
            &["outputKey: ", &format!("{key:?}"), "\"thumbs/\""],
        );
    }
    let long = format!("thumbs/{}", "k".repeat(1018));
    invalid(json!({"outputKey": long}), &["outputKey: ", "1025 bytes"]);
    invalid(
        json!({"outputKey": "thumbs/x", "sizes": [{}]}),
        &["outputKey: there are sizes"],
    );
    invalid(
        json!({"sizes": [{"width": 5}, {"width": 5, "format": "png"}]}),
        &["sizes[1].outputKey: ", "thumbs/5x/a.jpg"],
    );
    let own = json!({"sizes": [{"width": 5}, {"width": 5, "outputKey": "thumbs/b"}]});
    assert_eq!(asked(own).expect("two keys").len(), 2);
}

#[test]
fn a_folder_can_make_a_key_too_long() {
    let mut request = ResizeRequest::new("originals", "k".repeat(1015));
    request.sizes = Some(vec![SizeRequest::default()]);
    let error = targets(&request, &config("resized", None)).expect_err("too long");
    assert!(error.to_string().contains("1030 bytes"), "{error}");
}

#[test]
fn the_digest_is_another_for_everything_that_decides_on_the_bytes() {
    let place = ("originals", "a.jpg");
    let mut digests: BTreeSet<String> = [
        json!({}),
        json!({"width": 300}),
        json!({"height": 300}),
        json!({"width": 300, "height": 300}),
        json!({"fit": "cover"}),
        json!({"format": "jpeg"}),
        json!({"format": "png"}),
        json!({"quality": 81}),
        json!({"progressive": true}),
        json!({"allowTruncated": true}),
    ]
    .map(|options| one(options).digest(place))
    .into();
    assert_eq!(digests.len(), 10);
    assert!(digests.iter().all(|it| it.len() == 32));
    let usual = one(json!({}));
    assert!(digests.insert(usual.digest(("originals", "b.jpg"))));
    // What only says where it goes, and what is the same in other words.
    for same in [
        json!({"outputKey": "thumbs/x"}),
        json!({"force": true}),
        json!({"width": 720, "height": 720, "fit": "inside", "quality": 80, "progressive": false}),
        json!({"sizes": [{}]}),
    ] {
        assert_eq!(one(same).digest(place), usual.digest(place));
    }
}

#[test]
fn the_prefix_goes_before_the_whole_key() {
    for name in [
        "photos/a.jpg",
        "/a",
        "../a",
        "a b+c%2F",
        "\u{1F4F7}\n\"",
        "thumbs/a",
    ] {
        let output = key("originals", name, &config("resized", None)).expect(name);
        assert_eq!(output, format!("thumbs/{name}"));
    }
}

#[test]
fn with_a_prefix_of_originals_other_keys_are_none() {
    let config = config("originals", Some("uploads/"));
    let output = key("originals", "uploads/a/b", &config).expect("an original");
    assert_eq!(output, "thumbs/a/b");
    let error = key("originals", "a/uploads/b", &config).expect_err("no original");
    assert_eq!(error.name(), FailureName::InvalidRequest);
    assert!(error.to_string().contains("uploads/"), "{error}");
}

#[test]
fn keys_are_counted_in_bytes() {
    let config = config("resized", None);
    let fits = "\u{e9}".repeat(508);
    assert!(key("originals", &fits, &config).is_ok());
    for (name, said) in [
        (String::new(), "0 bytes"),
        ("\u{e9}".repeat(513), "1026 bytes"),
        ("\u{e9}".repeat(509), "1025 bytes"),
    ] {
        let error = key("originals", &name, &config).expect_err("too long");
        assert_eq!(error.name(), FailureName::InvalidRequest);
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[test]
fn another_bucket_is_refused_without_telling_the_right_one() {
    let error = key("other", "a", &config("resized", None)).expect_err("refused");
    assert_eq!(error.name(), FailureName::BucketNotAllowed);
    assert!(error.to_string().contains("other"));
    assert!(!error.to_string().contains("originals"));
}

#[test]
fn a_result_is_no_source_in_the_same_bucket() {
    let config = config("originals", None);
    let error = key("originals", "thumbs/a", &config).expect_err("a loop");
    assert_eq!(error.name(), FailureName::InvalidRequest);
    assert!(key("originals", "thumbs.jpg", &config).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_asked_every_result_is_writable_and_no_key_is_there_twice(
        key in ".{1,40}",
        sizes in prop::collection::vec(
            (prop::option::of(0_u32..20_000), prop::option::of(0_u32..20_000)),
            0..20,
        ),
    ) {
        let mut request = ResizeRequest::new("originals", key);
        request.sizes = Some(sizes.into_iter().map(|(width, height)| SizeRequest {
            width,
            height,
            ..SizeRequest::default()
        }).collect());
        if let Ok(targets) = targets(&request, &config("resized", None)) {
            let keys: BTreeSet<_> = targets.iter().map(|it| it.key.as_str()).collect();
            prop_assert_eq!(keys.len(), targets.len());
            for key in keys {
                prop_assert!(key.starts_with("thumbs/") && key.len() <= MAX_KEY_BYTES);
            }
        }
    }
}
