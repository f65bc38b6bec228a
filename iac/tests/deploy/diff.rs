//! What is deployed against what is generated.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::engine::{Engine, with_engine};
use crate::program::{Ended, run};

/// A template as people write them by hand, with short forms, comments and a default.
const DEPLOYED: &str = "\
# By hand
Parameters:
  Seconds: {Type: Number, Default: 30}
Resources:
  Photos: {Type: AWS::S3::Bucket}
  Failed:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${AWS::StackName}-failed'
      VisibilityTimeout: !Ref Seconds
Outputs:
  Name: {Value: !GetAtt Failed.QueueName}
";

/// The same in the long forms, and with a default that a deployment does not take over.
const SAME: &str = "\
Parameters:
  Seconds: {Type: Number, Default: 30}
Resources:
  Photos:
    Type: AWS::S3::Bucket
  Failed:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: {Fn::Sub: '${AWS::StackName}-failed'}
      VisibilityTimeout: {Ref: Seconds}
Outputs:
  Name: {Value: {Fn::GetAtt: [Failed, QueueName]}}
";

fn generated(folder: &Path, template: &str) {
    fs::create_dir_all(folder.join("resize-api")).expect("made");
    fs::write(folder.join("resize-api/template.yaml"), template).expect("written");
}

/// `iac diff` of the stack `photos`.
fn diff(engine: &Engine, folder: &Path, arguments: &[&str]) -> Ended {
    let folder = folder.to_str().expect("text");
    let command = [
        "diff",
        "resize-api",
        "--name",
        "photos",
        "--generated",
        folder,
    ];
    run(engine.iac(&[&command, arguments].concat()))
}

#[test]
fn what_differs_is_told_value_by_value() {
    with_engine("what_differs_is_told", |engine| {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(engine.deploy("photos", DEPLOYED), "CREATE_COMPLETE");

        generated(folder.path(), SAME);
        let ended = diff(engine, folder.path(), &[]);
        assert_eq!(
            (ended.code, ended.errors.as_str()),
            (Some(0), ""),
            "{ended:?}"
        );
        assert!(ended.out.ends_with("No difference.\n"), "{ended:?}");

        let changed = SAME
            .replace("{Ref: Seconds}", "60")
            .replace("  Photos:\n    Type: AWS::S3::Bucket\n", "");
        generated(folder.path(), &changed);
        let ended = diff(engine, folder.path(), &[]);
        assert_eq!(
            (ended.code, ended.errors.as_str()),
            (Some(1), ""),
            "{ended:?}"
        );
        for words in [
            "1 to remove, 1 to change.",
            "remove    Photos",
            "`Photos` is deleted if it is empty",
            "VisibilityTimeout  30 -> 60",
        ] {
            assert!(ended.out.contains(words), "`{words}`: {ended:?}");
        }

        let ended = diff(engine, folder.path(), &["--format", "json"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let json: Value = serde_json::from_str(&ended.out).expect("JSON");
        let failed = &json["changes"][1];
        assert_eq!(failed["logicalId"], "Failed");
        assert_eq!(failed["differences"][0]["path"], "VisibilityTimeout");
        assert_eq!(failed["differences"][0]["after"], 60);

        let ended = diff(engine, folder.path(), &["--format", "markdown"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(
            ended
                .out
                .contains("<details><summary>change Failed: 1 value</summary>")
        );
    });
}

#[test]
fn what_cannot_be_compared_is_named() {
    with_engine("what_cannot_be_compared", |engine| {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = diff(engine, folder.path(), &[]);
        assert_eq!(missing.code, Some(4), "{missing:?}");
        assert!(
            missing.errors.contains("resize-api/template.yaml"),
            "{missing:?}"
        );

        generated(folder.path(), SAME);
        let absent = diff(engine, folder.path(), &[]);
        assert_eq!(absent.code, Some(5), "{absent:?}");
        assert!(
            absent.errors.contains("there is no stack `photos`"),
            "{absent:?}"
        );

        assert_eq!(engine.deploy("photos", DEPLOYED), "CREATE_COMPLETE");
        generated(folder.path(), "Resources: [");
        let broken = diff(engine, folder.path(), &[]);
        assert_eq!(broken.code, Some(4), "{broken:?}");
        assert!(
            broken.errors.contains("the template is no YAML"),
            "{broken:?}"
        );

        let unknown = run(engine.iac(&["diff", "photos"]));
        assert_eq!(unknown.code, Some(2), "{unknown:?}");
    });
}
