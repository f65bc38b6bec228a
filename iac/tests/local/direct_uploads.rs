//! `PUT /uploads/{key}` of `upload-events`: API Gateway puts the body into the bucket itself.

use serde_json::{Value, json};

use crate::changed::changed;
use crate::events::{assert_each_processed_once, at_once};
use crate::gateway::says;
use crate::http::{encoded, send};
use crate::media_types::assert_only_images_are_taken;
use crate::picture;
use crate::system::call;
use crate::upload_events::{STACK, is_the_result};
use crate::uploads::{JPEG, NAMES, keys, object, result_size};

#[test]
fn a_direct_upload_is_stored_byte_for_byte() {
    STACK.with("a_direct_upload_is_stored_byte_for_byte", |system| {
        let photo = picture::jpeg(900, 300);
        let reply = call(
            system,
            "PUT",
            "/uploads/direct%20%C3%BC+1.jpg",
            &[JPEG],
            &photo,
        );
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.json()["bucket"], system.output("SourceBucketName"));
        let key = "uploads/direct ü+1.jpg";
        let bucket = system.output("SourceBucketName");
        let stored = system.session.storage.get(&bucket, key);
        let stored = system.runtime.block_on(stored).expect("stored");
        assert_eq!(
            (stored.bytes, stored.content_type.as_str()),
            (photo.clone(), "image/jpeg")
        );
        // Another image of this name does not take its place, even for a client that would rather have an
        // image for an answer.
        let accept = [JPEG, ("accept", "image/*")];
        let path = "/uploads/direct%20%C3%BC+1.jpg";
        let reply = call(system, "PUT", path, &accept, b"another");
        says(&reply, 409, &["NameTaken", "choose another name"]);
        let kept = system.session.storage.get(&bucket, key);
        let kept = system.runtime.block_on(kept).expect("still there");
        assert_eq!(kept.bytes, photo);
        is_the_result(system, key, (720, 240));
    });
}

/// What is mapped into the request that puts a direct upload into S3.
fn parameters(stack: &mut iac::local::template::DeployedStack) -> &mut Value {
    let paths = &mut stack.template["Resources"]["Api"]["Properties"]["Body"]["paths"];
    let integration = &mut paths["/uploads/{key}"]["put"]["x-amazon-apigateway-integration"];
    &mut integration["requestParameters"]
}

#[test]
fn a_bad_direct_upload_is_refused() {
    STACK.with("a_bad_direct_upload_is_refused", |system| {
        let reply = call(
            system,
            "PUT",
            "/uploads/large.jpg",
            &[JPEG],
            &vec![0; 11 << 20],
        );
        says(&reply, 413, &["10485760"]);
        let reply = call(system, "PUT", "/uploads/untyped.jpg", &[], b"x");
        says(&reply, 400, &["Content-Type", "requestId"]);
        // S3 says 400 of a name that is too long, and of a sum that is none; the engine only of the second.
        let unsound = |stack: &mut iac::local::template::DeployedStack| {
            parameters(stack)["integration.request.header.Content-MD5"] = json!("'x'");
        };
        let reply = changed(system, unsound, |port| {
            send(port, "PUT", "/prod/uploads/unsound.jpg", &[JPEG], b"x")
        });
        let words = ["UploadRefused", "shorter name", "requestId"];
        says(&reply.expect("served"), 400, &words);
        // As a role that may not write there: the answer is that for another type, and says whom to ask.
        let weaker = |stack: &mut iac::local::template::DeployedStack| {
            let resources = &mut stack.template["Resources"];
            let trust = resources["UploadRole"]["Properties"]["AssumeRolePolicyDocument"].clone();
            resources["ResizeImageRole"]["Properties"]["AssumeRolePolicyDocument"] = trust;
            let put = &mut resources["Api"]["Properties"]["Body"]["paths"]["/uploads/{key}"]["put"];
            put["x-amazon-apigateway-integration"]["credentials"] =
                json!({"Fn::GetAtt": ["ResizeImageRole", "Arn"]});
        };
        let reply = changed(system, weaker, |port| {
            send(port, "PUT", "/prod/uploads/forbidden.jpg", &[JPEG], b"x")
        });
        says(
            &reply.expect("served"),
            415,
            &["the request id to whoever runs the API", "requestId"],
        );
        let bucket = system.output("SourceBucketName");
        for name in ["large", "untyped", "unsound", "forbidden"] {
            assert_eq!(
                keys(system, &bucket, &format!("uploads/{name}")),
                Vec::<String>::new()
            );
        }
    });
}

#[test]
fn a_direct_upload_is_of_an_images_type() {
    STACK.with("a_direct_upload_is_of_an_images_type", |system| {
        assert_only_images_are_taken(system, |name| ("PUT", format!("/uploads/{name}")));
    });
}

/// API Gateway says its own name to S3 then, and the role lets that through.
#[test]
fn an_upload_whose_type_is_not_mapped_is_stored() {
    STACK.with("an_upload_whose_type_is_not_mapped_is_stored", |system| {
        let unmapped = |stack: &mut iac::local::template::DeployedStack| {
            let parameters = parameters(stack).as_object_mut().expect("an object");
            let agent = "integration.request.header.User-Agent";
            parameters.remove(agent).expect(agent);
        };
        let reply = changed(system, unmapped, |port| {
            let text = [("content-type", "text/plain")];
            send(port, "PUT", "/prod/uploads/unmapped.jpg", &text, b"words")
        });
        let reply = reply.expect("served");
        assert_eq!(reply.status, 200, "{reply:?}");
        let bucket = system.output("SourceBucketName");
        let stored = object(system, &bucket, "uploads/unmapped.jpg").expect("stored");
        assert_eq!(stored["content-type"], "text/plain");
    });
}

#[test]
fn any_name_is_a_key_of_a_direct_upload() {
    STACK.with("any_name_is_a_key_of_a_direct_upload", |system| {
        for (width, name) in (30..).zip(NAMES) {
            let photo = picture::jpeg(width, 20);
            let path = format!("/uploads/{}", encoded(name));
            let reply = call(system, "PUT", &path, &[JPEG], &photo);
            assert_eq!(reply.status, 200, "{name}: {reply:?}");
            // API Gateway gives a mapping template what the client wrote in the path.
            assert_eq!(reply.json()["key"], path[1..], "{reply:?}");
            is_the_result(system, &format!("uploads/{name}"), (width, 20));
        }
    });
}

/// More than may be resized at once: none is lost, none is done twice.
#[test]
fn twenty_uploads_at_once_are_each_resized_once() {
    STACK.with("twenty_uploads_at_once_are_each_resized_once", |system| {
        let uploads = at_once(20, |number| {
            let photo = picture::jpeg(30 + number, 20);
            let path = format!("/uploads/many-{number}.jpg");
            let reply = call(system, "PUT", &path, &[JPEG], &photo);
            assert_eq!(reply.status, 200, "{reply:?}");
            format!("uploads/many-{number}.jpg")
        });
        assert_each_processed_once(system, &uploads);
        for (width, key) in (30..).zip(&uploads) {
            assert_eq!(result_size(system, key), (width, 20), "{key}");
        }
        let bucket = system.output("ResizedBucketName");
        let results = keys(system, &bucket, "thumbs/uploads/many-");
        assert_eq!(results.len(), 20, "{results:?}");
    });
}
