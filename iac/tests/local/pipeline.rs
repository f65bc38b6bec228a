//! The whole system over HTTP: the committed template in MiniStack with IAM on, the real function.

use iac::local::demo::{self, DemoError};
use iac::local::deploy::{DeployError, Deployment};
use serde_json::{Value, json};

use crate::picture;
use crate::system::{System, template, with_system};
use crate::uploads::half_a_jpeg;

pub(crate) fn failure(result: Result<Value, DemoError>) -> (String, String) {
    match result {
        Err(DemoError::Execution { error, cause, .. }) => (error, cause),
        other => panic!("the execution should have failed: {other:?}"),
    }
}

#[test]
fn resizes_a_photo() {
    with_system("resizes_a_photo", |system| {
        system.put("holiday/cat.jpg", picture::jpeg(1000, 500));
        let result = system.resize("holiday/cat.jpg").expect("a result");
        assert_eq!(result["status"], "success", "{result}");
        assert_eq!(
            (&result["width"], &result["height"]),
            (&json!(320), &json!(160)),
            "{result}"
        );
        assert_eq!(result["image_key"], "thumbs/holiday/cat.jpg");
        let key = result["image_key"].as_str().expect("a key");
        let object = system
            .runtime
            .block_on(
                system
                    .session
                    .storage
                    .get(&system.output("ResizedBucketName"), key),
            )
            .expect("stored");
        let picture = image::load_from_memory(&object.bytes).expect("an image");
        assert_eq!((picture.width(), picture.height()), (320, 160));
        assert_eq!(object.content_type, "image/jpeg");
    });
}

#[test]
fn resizes_photos_under_any_key() {
    with_system("resizes_photos_under_any_key", |system| {
        let photo = picture::jpeg(40, 20);
        for key in [
            "a b.jpg",
            "a+b.jpg",
            "a%2Fb%20c.jpg",
            "Ünïcödé/写真.jpg",
            "it's \"quoted\".jpg",
            "back\\slash.jpg",
            "😀.jpg",
            "$input.body #set($x) ${y}.jpg",
            "line\u{2028}separator.jpg",
            "</script>.jpg",
            "&<>;=?@.jpg",
        ] {
            system.put(key, photo.clone());
            let result = system
                .resize(key)
                .unwrap_or_else(|error| panic!("{key:?}: {error}"));
            assert_eq!(
                result["image_key"].as_str(),
                Some(format!("thumbs/{key}").as_str()),
                "{result}"
            );
        }
    });
}

/// Keys that this engine or no client can store: the request still arrives as it was sent, and ends with a
/// name from the function.
#[test]
fn answers_for_keys_that_cannot_be_stored() {
    with_system("answers_for_keys_that_cannot_be_stored", |system| {
        for key in [
            "../../etc/passwd",
            "line\nbreak.jpg",
            "tab\tand\rreturn",
            "nul\u{0}",
            "thumbs/../x",
        ] {
            let (error, cause) = failure(system.resize(key));
            assert!(
                ["ObjectNotFound", "AccessDenied", "InvalidRequest"].contains(&error.as_str()),
                "{key:?}: {error}: {cause}"
            );
        }
    });
}

/// The API's role may start this state machine and no other action; the input is the body, as it was sent.
#[test]
fn the_input_is_the_body_byte_for_byte() {
    with_system("the_input_is_the_body_byte_for_byte", |system| {
        let bucket = system.output("SourceBucketName");
        for body in [
            format!("{{ \"key\" : \"it's\", \"bucket\":\"{bucket}\" }}\n"),
            format!(r#"{{"bucket":"{bucket}","key":"\u0041\ud83d\ude00 \/ \" \\ $util #if"}}"#),
            format!("{{\"bucket\":\"{bucket}\",\"key\":\"é\u{2028}😀\u{7f}'''\"}}"),
            format!(r#"{{"bucket":"{bucket}","key":"first","key":"second"}}"#),
        ] {
            let reply = system.post(body.as_bytes());
            assert_eq!(reply.status, 200, "{reply:?}");
            let execution = reply.json()["executionArn"]
                .as_str()
                .expect("an ARN")
                .to_owned();
            assert_eq!(system.input_of(&execution), body);
        }
    });
}

#[test]
fn an_object_that_is_not_there_has_a_name() {
    with_system("an_object_that_is_not_there_has_a_name", |system| {
        // The role may not list the bucket, so S3 does not tell it what is there.
        let (error, cause) = failure(system.resize("missing.jpg"));
        assert!(
            ["ObjectNotFound", "AccessDenied"].contains(&error.as_str()),
            "{error}: {cause}"
        );
        assert!(cause.contains("missing.jpg"), "{cause}");
    });
}

#[test]
fn a_file_that_is_no_image_has_a_name() {
    with_system("a_file_that_is_no_image_has_a_name", |system| {
        system.put("notes.txt", b"not an image".to_vec());
        let (error, cause) = failure(system.resize("notes.txt"));
        assert_eq!(error, "UnsupportedFormat", "{cause}");
    });
}

#[test]
fn a_photo_that_breaks_off_has_a_name() {
    with_system("a_photo_that_breaks_off_has_a_name", |system| {
        system.put("half.jpg", half_a_jpeg());
        let (error, cause) = failure(system.resize("half.jpg"));
        assert_eq!(error, "CorruptImage", "{cause}");
    });
}

#[test]
fn another_bucket_is_refused() {
    with_system("another_bucket_is_refused", |system| {
        let reply = system.post(br#"{"bucket":"iac-local-code","key":"x"}"#);
        let execution = reply.json()["executionArn"]
            .as_str()
            .expect("an ARN")
            .to_owned();
        let (error, _) = failure(
            system
                .runtime
                .block_on(demo::wait(&system.session, &execution)),
        );
        assert_eq!(error, "BucketNotAllowed");
    });
}

/// Deploys the template once more, without the permission to write: IAM in the engine must refuse it.
#[test]
fn a_function_without_its_permission_fails() {
    with_system("a_function_without_its_permission_fails", |system| {
        let template = template();
        let (before, after) = template
            .split_once("Sid: WriteResults\n")
            .expect("the permission to write");
        let after = after.replacen("- s3:PutObject\n", "- s3:PutObjectTagging\n", 1);
        let template = format!("{before}Sid: WriteResults\n{after}");
        let (source, machine) = system
            .runtime
            .block_on(deploy(system, "no-write", &template));
        let put = system
            .session
            .storage
            .put(&source, "cat.jpg", picture::jpeg(50, 50));
        system.runtime.block_on(put).expect("stored");
        let input = json!({"bucket": source, "key": "cat.jpg"}).to_string();
        let execution = system.start_execution(&machine, &input);
        let (error, cause) = failure(
            system
                .runtime
                .block_on(demo::wait(&system.session, &execution)),
        );
        assert_eq!(error, "AccessDenied", "{cause}");
        assert!(cause.contains("PutObject"), "{cause}");
    });
}

async fn deploy(system: &System, stack: &str, template: &str) -> (String, String) {
    let deployment = Deployment::new(system.session.engine.access(), stack);
    let first = system
        .session
        .deployment
        .deployed()
        .await
        .expect("deployed");
    let code =
        ["CodeBucket", "CodeKey"].map(|name| (name.to_owned(), first.parameters[name].clone()));
    let change_set = deployment
        .propose(template, &code.into())
        .await
        .expect("a change set");
    assert!(
        change_set
            .changes
            .iter()
            .all(|change| change.action == "Add"),
        "{change_set:?}"
    );
    deployment.execute(|_, _| {}).await.expect("deployed");
    let outputs = deployment.outputs().await.expect("outputs");
    (
        outputs["SourceBucketName"].clone(),
        outputs["StateMachineArn"].clone(),
    )
}

/// A failed deployment names the resource and CloudFormation's reason.
#[test]
fn a_failed_deployment_says_what_failed() {
    with_system("a_failed_deployment_says_what_failed", |system| {
        // The first is refused when the change set is made, the second fails when its resource is.
        for (from, to, expected) in [
            (
                "AWS::StepFunctions::StateMachine\n",
                "AWS::StepFunctions::NoSuchThing\n",
                "NoSuchThing",
            ),
            (
                "        Ref: Api\n",
                "        Ref: CodeKey\n",
                "ApiDeployment",
            ),
        ] {
            let template = template();
            let start = template
                .find("  ResizeImageStateMachine:\n")
                .expect("the resource");
            let (before, after) = template.split_at(start);
            let broken = format!("{before}{}", after.replacen(from, to, 1));
            assert_ne!(broken, template, "{from:?} is in the template");
            let error = system.runtime.block_on(try_to_deploy(system, &broken));
            let error = error.expect_err("it cannot be deployed").to_string();
            assert!(error.contains(expected), "{error}");
        }
    });
}

async fn try_to_deploy(system: &System, template: &str) -> Result<(), DeployError> {
    let deployment = Deployment::new(system.session.engine.access(), "broken");
    let code = [("CodeBucket", "iac-local-code"), ("CodeKey", "k.zip")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    deployment.propose(template, &code.into()).await?;
    deployment.execute(|_, _| {}).await
}
