//! Deleting a stack: asked for, refused, with what it keeps, with full buckets, and stuck half way.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use serde_json::json;

use crate::engine::{Engine, with_engine};
use crate::film::{Film, stack};
use crate::photos;
use crate::program::run;
use crate::recorded::Reply;

/// A stack whose album is kept, and whose photos are not.
fn album() -> String {
    json!({
        "Resources": {
            "Album": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "Properties": {"BucketName": "album"}},
            "Photos": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "photos"}},
            "Failed": {"Type": "AWS::SQS::Queue"},
            "Topic": {"Type": "AWS::SNS::Topic"},
        },
    })
    .to_string()
}

fn put(engine: &Engine, bucket: &str, key: &str) {
    let put = engine.account().s3().put_object().bucket(bucket).key(key);
    let put = put.body(ByteStream::from_static(b"a photo")).send();
    engine.runtime.block_on(put).expect("an object");
}

fn there_is(engine: &Engine, bucket: &str) -> bool {
    let head = engine.account().s3().head_bucket().bucket(bucket).send();
    engine.runtime.block_on(head).is_ok()
}

/// Versions and delete markers in a bucket.
fn versions(engine: &Engine, bucket: &str) -> usize {
    let listed = engine.account().s3().list_object_versions().bucket(bucket);
    let listed = engine.runtime.block_on(listed.send()).expect("a list");
    listed.versions().len() + listed.delete_markers().len()
}

/// A bucket with two versions of one object, and a delete marker.
fn fill(engine: &Engine, bucket: &str) {
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled);
    let s3 = engine.account().s3();
    let versioned = s3.put_bucket_versioning().bucket(bucket);
    let versioned = versioned.versioning_configuration(on.build()).send();
    engine.runtime.block_on(versioned).expect("versions");
    put(engine, bucket, "one.jpg");
    put(engine, bucket, "one.jpg");
    let deleted = s3.delete_object().bucket(bucket).key("one.jpg").send();
    engine.runtime.block_on(deleted).expect("a marker");
    assert_eq!(versions(engine, bucket), 3);
}

#[test]
fn what_is_kept_is_shown_before_and_told_after() {
    with_engine("what_is_kept_is_shown", |engine| {
        assert_eq!(engine.deploy("photos", &album()), "CREATE_COMPLETE");
        put(engine, "album", "kept.jpg");
        let ended = run(engine.iac(&["destroy", "photos", "--yes"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        for words in [
            "Deleted, with what is in it:\n",
            "  Photos (photos), AWS::S3::Bucket: it is empty\n",
            "/<account>/",
            ", AWS::SQS::Queue: all of it is lost\n",
            "Deleted, and a deployment makes it again: Topic\n",
            "Kept, in no stack any more:\n  Album (album), AWS::S3::Bucket\n",
            "\nphotos is deleted after ",
            "\nStays, and belongs to no stack any more: Album (AWS::S3::Bucket, album)\n",
        ] {
            assert!(ended.out.contains(words), "`{words}`: {}", ended.out);
        }
        assert!(!ended.out.contains("000000000000"), "{}", ended.out);
        assert_eq!(engine.status("photos"), None);
        assert!(!there_is(engine, "photos"));
        assert_eq!(versions(engine, "album"), 1, "nobody said to empty it");
        // A second time there is nothing, which is no success.
        let ended = run(engine.iac(&["destroy", "photos", "--yes"]));
        assert_eq!(ended.code, Some(5), "{ended:?}");
        assert!(
            ended.errors.contains("there is no stack `photos`"),
            "{ended:?}"
        );
    });
}

#[test]
fn without_a_yes_nothing_is_changed() {
    with_engine("without_a_yes", |engine| {
        assert_eq!(engine.deploy("photos", &album()), "CREATE_COMPLETE");
        let stack = engine.stack("photos");
        let protect = stack.set_termination_protection(true);
        engine.runtime.block_on(protect).expect("protected");
        let ended = run(engine.iac(&["destroy", "photos"]));
        assert_eq!(ended.code, Some(8), "{ended:?}");
        let says = "nothing was changed, as there is no terminal to ask at: --yes deletes `photos`";
        assert!(ended.errors.contains(says), "{ended:?}");
        let described = engine.describe("photos").expect("a stack");
        assert_eq!(described.status, "CREATE_COMPLETE");
        assert!(described.termination_protection, "only a yes lifts it");

        let ended = run(engine.iac(&["destroy", "photos", "--yes"]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(
            ended.out.contains("It is protected from deletion"),
            "{ended:?}"
        );
        assert_eq!(engine.status("photos"), None);
    });
}

#[test]
fn a_bucket_is_emptied_only_when_it_is_named() {
    with_engine("a_bucket_is_emptied", |engine| {
        assert_eq!(engine.deploy("photos", &album()), "CREATE_COMPLETE");
        fill(engine, "photos");
        put(engine, "album", "kept.jpg");
        let ended = run(engine.iac(&["destroy", "photos", "--yes"]));
        assert_eq!(ended.code, Some(8), "{ended:?}");
        let command = "\n  iac destroy photos --empty Photos\n";
        assert!(ended.errors.contains(command), "{ended:?}");
        assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
        assert_eq!(versions(engine, "photos"), 3);

        for name in ["*", "phot*", "another", "Failed"] {
            let ended = run(engine.iac(&["destroy", "photos", "--yes", "--empty", name]));
            assert_eq!(ended.code, Some(2), "{ended:?}");
            let known = "it has Album (album), Photos (photos)";
            assert!(ended.errors.contains(known), "{name}: {ended:?}");
        }
        assert_eq!(versions(engine, "photos"), 3);

        let arguments = [
            "destroy", "photos", "--yes", "--format", "json", "--empty", "photos",
        ];
        let ended = run(engine.iac(&arguments));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(
            ended.event("emptied"),
            json!({"event": "emptied", "bucket": "Photos", "versions": 3})
        );
        assert_eq!(ended.event("destroy")["emptied"], json!(["Photos"]));
        assert_eq!(ended.event("finished")["outcome"], "deleted");
        assert!(!there_is(engine, "photos"));
        assert_eq!(versions(engine, "album"), 1, "that was not named");
    });
}

#[test]
fn a_stack_that_others_change_is_not_deleted() {
    with_engine("a_stack_that_others_change", |engine| {
        engine.begin("photos", &photos::waiting());
        let ended = run(engine.iac(&["destroy", "photos", "--yes"]));
        assert_eq!(ended.code, Some(5), "{ended:?}");
        let says = "while an operation runs (CREATE_IN_PROGRESS): `iac attach photos` follows it";
        assert!(ended.errors.contains(says), "{ended:?}");
    });
}

#[test]
fn a_deletion_that_gets_stuck_says_on_what_and_how_to_go_on() {
    let deletion = "
        0 | photos | AWS::CloudFormation::Stack | CREATE_COMPLETE |
        5 | photos | AWS::CloudFormation::Stack | DELETE_IN_PROGRESS | User Initiated
        7 | Photos | AWS::S3::Bucket | DELETE_FAILED | Resource handler returned message: \"The bucket you tried to delete is not empty\"
        9 | photos | AWS::CloudFormation::Stack | DELETE_FAILED | The following resource(s) failed to delete: [Photos].";
    let frames = vec![crate::film::Frame::Events(1), crate::film::Frame::Events(4)];
    let recorded =
        Film::of(deletion)
            .frames(frames)
            .play_with(|request| match request.action.as_str() {
                "GetCallerIdentity" => Reply::Result("<Account>123456789012</Account>".to_owned()),
                "GetTemplate" => {
                    Reply::Result("<TemplateBody>Resources: {}</TemplateBody>".to_owned())
                }
                // A bucket that is filled after it was looked into: not in the list yet.
                "ListStackResources" => Reply::Result("<StackResourceSummaries/>".to_owned()),
                "DeleteStack" => Reply::Result(String::new()),
                "DescribeStacks" => Reply::Result(stack("CREATE_COMPLETE")),
                other => panic!("nobody asks for {other}"),
            });
    let ended = run(recorded.iac(&["destroy", "photos", "--yes"]));
    assert_eq!(ended.code, Some(10), "{ended:?}");
    for words in [
        "The deletion of photos failed and is stuck",
        "\nFailed first: Photos (AWS::S3::Bucket), DELETE_FAILED\n",
        "`iac destroy photos --empty Photos`",
    ] {
        assert!(ended.out.contains(words), "`{words}`: {ended:?}");
    }
}
