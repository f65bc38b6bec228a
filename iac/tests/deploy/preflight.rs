//! What is refused before anything is asked of CloudFormation.

use std::path::Path;

use tempfile::TempDir;

use crate::code::{Code, program};
use crate::engine::with_engine;
use crate::program::{bare, run};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}

#[test]
fn only_what_the_code_says_is_deployed() {
    let folder = TempDir::new().expect("a folder");
    copy(&crate::tools::root().join("generated"), folder.path());
    let generated = folder.path().to_str().expect("text");
    // There are no credentials: that is what stops a deployment whose files are right.
    let ended = run(bare(&[
        "deploy",
        "resize-api",
        "--generated",
        generated,
        "--region",
        "us-east-1",
    ]));
    assert_eq!(ended.code, Some(5), "{ended:?}");
    assert!(ended.errors.contains("no AWS credentials"), "{ended:?}");

    let template = folder.path().join("upload-events/template.yaml");
    let text = std::fs::read_to_string(&template).expect("a template");
    std::fs::write(&template, text.replace("s3:GetObject", "s3:*")).expect("written");
    for command in ["deploy", "plan"] {
        let ended = run(bare(&[command, "resize-api", "--generated", generated]));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        for words in ["upload-events/template.yaml", "synth --check"] {
            assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
        }
    }
}

#[test]
fn wrong_usage_is_said() {
    for (arguments, words) in [
        (&["resize-apu"][..], "there is no stack `resize-apu`"),
        (
            &["resize-api", "--name", "my_stack"],
            "letters, digits and hyphens",
        ),
        (
            &["resize-api", "--parameter", "MaxWidth"],
            "it is NAME=VALUE",
        ),
        (
            &["resize-api", "--role-arn", "deploy"],
            "arn:aws:iam::ACCOUNT:role/NAME",
        ),
        (
            &["resize-api", "--yes", "--approve", "0123"],
            "cannot be used with",
        ),
        (
            &["resize-api", "--artifacts", "Artifacts"],
            "a bucket is named after it",
        ),
    ] {
        let ended = run(bare(&[&["deploy"], arguments].concat()));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
    }
}

#[test]
fn parameters_names_and_zips_are_looked_at_first() {
    with_engine("parameters_names_and_zips", |engine| {
        let code = Code::of_version(1);
        let of = |exit: i32, arguments: &[&str], words: &[&str]| {
            let ended = engine.run_deploy(&code, arguments);
            assert_eq!(ended.code, Some(exit), "{ended:?}");
            for words in words {
                assert!(ended.errors.contains(words), "`{words}`: {ended:?}");
            }
        };
        let said = |value| ["resize-api", "--yes", "--parameter", value];
        of(
            2,
            &said("MaxHight=1"),
            &["no parameter `MaxHight`", "MaxHeight"],
        );
        of(
            2,
            &said("MaxWidth=0"),
            &["it takes at least 1 and at most 16383"],
        );
        of(
            2,
            &said("Architecture=sparc"),
            &["it takes arm64 or x86_64"],
        );
        // CloudFormation knows patterns, and says so itself.
        of(5, &said("OutputPrefix=/x"), &["OutputPrefix"]);
        of(
            2,
            &["single-bucket", "--name", &"a".repeat(34)],
            &["use at most 33 for the stack"],
        );
        of(
            4,
            &said("Architecture=x86_64"),
            &[
                "x86_64/resize-image.zip",
                "`make build STACK=resize-api ARCH=x86_64` builds",
            ],
        );
        code.write("x86_64", "resize-image", &program(183, 1));
        of(
            4,
            &said("Architecture=x86_64"),
            &["runs on arm64, and the function on x86_64"],
        );
        code.write("arm64", "resize-image", b"#!/bin/sh");
        of(4, &["resize-api", "--yes"], &["it is no ELF file"]);
        assert_eq!(engine.stacks(), [], "nothing is left of all this");
    });
}
