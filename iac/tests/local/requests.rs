//! What a request may ask for: through the API's model, the state machine and the real function into S3.

use image::ImageFormat;
use serde_json::{Value, json};

use crate::gateway::says;
use crate::picture;
use crate::pipeline::failure;
use crate::system::with_system;
use crate::uploads::{half_a_jpeg, object};

#[test]
fn a_request_says_how_it_is_resized() {
    with_system("a_request_says_how_it_is_resized", |system| {
        system.put("options.jpg", picture::jpeg(600, 400));
        for (options, size, content_type) in [
            (json!({"width": 60}), (60, 40), "image/jpeg"),
            (
                json!({"height": 100, "quality": 40}),
                (150, 100),
                "image/jpeg",
            ),
            (
                json!({"width": 90, "height": 90, "fit": "cover", "format": "webp"}),
                (90, 90),
                "image/webp",
            ),
            (
                json!({"width": 90, "height": 90, "fit": "contain", "format": "png"}),
                (90, 90),
                "image/png",
            ),
            (
                json!({"width": 30, "height": 90, "fit": "fill", "format": "gif"}),
                (30, 90),
                "image/gif",
            ),
            (
                json!({"width": 60, "progressive": true, "outputKey": "thumbs/own/key"}),
                (60, 40),
                "image/jpeg",
            ),
        ] {
            let result = system
                .resize_with("options.jpg", &options)
                .expect("a result");
            let key = options["outputKey"]
                .as_str()
                .unwrap_or("thumbs/options.jpg");
            assert_eq!(result["image_key"], key, "{options}");
            assert_eq!(result["computed"], true, "{options}");
            let bucket = system.output("ResizedBucketName");
            let read = system.session.storage.get(&bucket, key);
            let found = system.runtime.block_on(read).expect("stored");
            assert_eq!(found.content_type, content_type, "{options}");
            let format = ImageFormat::from_mime_type(content_type).expect("a format");
            let picture = image::load_from_memory_with_format(&found.bytes, format);
            let picture = picture.expect("an image");
            assert_eq!((picture.width(), picture.height()), size, "{options}");
            assert_eq!(
                (&result["width"], &result["height"]),
                (&json!(size.0), &json!(size.1))
            );
        }
    });
}

#[test]
fn several_sizes_are_in_s3_with_what_they_were_made_from() {
    with_system("several_sizes_are_in_s3", |system| {
        system.put("p/sizes.jpg", picture::jpeg(600, 400));
        let options =
            json!({"sizes": [{"width": 60}, {"width": 40, "height": 40, "fit": "cover"}]});
        let result = system
            .resize_with("p/sizes.jpg", &options)
            .expect("results");
        assert_eq!(result["source_width"], 600, "{result}");
        let bucket = system.output("ResizedBucketName");
        let headers = [
            (60, "thumbs/60x/p/sizes.jpg"),
            (40, "thumbs/40x40/p/sizes.jpg"),
        ]
        .iter()
        .zip(result["results"].as_array().expect("a list"))
        .map(|((width, key), result)| {
            assert_eq!(result["image_key"], *key);
            assert_eq!(result["width"], *width);
            object(system, &bucket, key).expect("stored")
        })
        .collect::<Vec<_>>();
        for headers in headers {
            assert_eq!(headers["cache-control"], "max-age=300");
            assert_eq!(headers["content-type"], "image/jpeg");
            assert_eq!(headers["x-amz-meta-source-width"], "600");
            assert!(headers.contains_key("x-amz-meta-source-etag"));
            assert!(headers.contains_key("x-amz-meta-digest"));
        }
    });
}

#[test]
fn the_same_request_is_not_carried_out_twice() {
    with_system("the_same_request_is_not_carried_out_twice", |system| {
        system.put("twice.jpg", picture::jpeg(300, 200));
        let computed = |options: Value| {
            let result = system.resize_with("twice.jpg", &options).expect("a result");
            result["computed"].as_bool().expect("a flag")
        };
        assert!(computed(json!({})));
        assert!(!computed(json!({})));
        assert!(computed(json!({"width": 50})), "other options");
        assert!(!computed(json!({"width": 50})));
        assert!(computed(json!({"width": 50, "force": true})));
        system.put("twice.jpg", picture::jpeg(200, 300));
        assert!(computed(json!({"width": 50})), "another original");
    });
}

#[test]
fn a_photo_that_breaks_off_is_resized_if_that_is_allowed() {
    with_system("a_photo_that_breaks_off_is_resized", |system| {
        system.put("half.jpg", half_a_jpeg());
        let options = json!({"allowTruncated": true});
        let result = system.resize_with("half.jpg", &options).expect("a result");
        let share = result["share"].as_f64().expect("a number");
        assert!((0.1..1.0).contains(&share), "{result}");
    });
}

#[test]
fn options_that_do_not_fit_the_model_are_refused_by_the_api() {
    with_system("options_that_do_not_fit_the_model", |system| {
        for (options, said) in [
            (json!({"width": 0}), "/width: numeric instance is lower"),
            (
                json!({"height": 16_384}),
                "/height: numeric instance is greater than the required maximum (maximum: 16383, found: 16384)",
            ),
            (json!({"width": "60"}), "/width: instance type (string)"),
            (json!({"width": 60.5}), "/width: instance type (number)"),
            (json!({"width": null}), "/width: instance type (null)"),
            (json!({"fit": "crop"}), "/fit: instance value"),
            (json!({"format": "bmp"}), "/format: instance value"),
            (
                json!({"quality": 101}),
                "/quality: numeric instance is greater",
            ),
            (json!({"progressive": "yes"}), "/progressive: instance type"),
            (json!({"outputKey": ""}), "/outputKey: string"),
            (
                json!({"sizes": []}),
                "/sizes: array is too short: must have at least 1",
            ),
            (
                json!({"sizes": vec![json!({}); 17]}),
                "/sizes: array is too long: must have at most 16 elements but instance has 17",
            ),
            (
                json!({"sizes": [{"quality": 0}]}),
                "/sizes/0/quality: numeric",
            ),
            (json!({"sizes": [{"size": 1}]}), "not allowed by the schema"),
            (
                json!({"allowTruncated": 1}),
                "/allowTruncated: instance type",
            ),
            (json!({"force": "true"}), "/force: instance type"),
            (json!({"sharpen": true}), "not allowed by the schema"),
        ] {
            let mut request = json!({"bucket": "photos", "key": "k"});
            let fields = request.as_object_mut().expect("an object");
            fields.extend(options.as_object().expect("an object").clone());
            let reply = system.post(request.to_string().as_bytes());
            says(&reply, 400, &[said]);
        }
    });
}

#[test]
fn what_a_model_cannot_say_the_function_does() {
    with_system("what_a_model_cannot_say_the_function_does", |system| {
        for (options, said) in [
            (
                json!({"width": 60, "fit": "cover"}),
                "height: it is not given",
            ),
            (json!({"outputKey": "elsewhere/x"}), "thumbs/"),
            (
                json!({"outputKey": "thumbs/x", "sizes": [{}]}),
                "outputKey: there are sizes",
            ),
            (
                json!({"sizes": [{"width": 5}, {"width": 5}]}),
                "thumbs/5x/k",
            ),
        ] {
            let (error, cause) = failure(system.resize_with("k", &options));
            assert_eq!(error, "InvalidRequest", "{cause}");
            assert!(cause.contains(said), "{said}: {cause}");
        }
    });
}
