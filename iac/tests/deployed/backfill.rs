//! `iac backfill`: what is already in the bucket.

use std::path::Path;
use std::time::{Duration, Instant};

use iac::parts::Backfill;
use iac::stacks::{ResizeApi, STACKS, SingleBucket};
use serde_json::{Value, json};

use crate::picture;
use crate::program::{Ended, Running, run};
use crate::proxy::{Mood, Proxy};
use crate::stack::{Stack, command, with_stack};

fn of_stack(stack: &Stack, arguments: &[&str]) -> Ended {
    let mut all = vec!["backfill", "--format", "json"];
    all.extend_from_slice(arguments);
    run(command(stack, &all))
}

/// Thirty objects, two of them no images.
fn fill(stack: &Stack) {
    let bucket = stack.output("SourceBucketName");
    let photo = picture::jpeg(64, 48);
    for number in 0..30 {
        let bytes = match number {
            7 => b"no image at all".to_vec(),
            23 => photo[..photo.len() / 2].to_vec(),
            _ => photo.clone(),
        };
        stack.put(&bucket, &format!("album/{number:02} photo.jpg"), bytes);
    }
}

fn resize_api(tolerated_failure_percentage: u32) -> iac::cfn::Template {
    let options = ResizeApi {
        backfill: Some(Backfill {
            tolerated_failure_percentage,
            ..Backfill::default()
        }),
        ..ResizeApi::default()
    };
    options.template().expect("a stack")
}

/// What a report says of the thirty.
fn says(report: &Value, verdict: &str, tolerated: f64) {
    for (field, expected) in [
        ("total", json!(30)),
        ("succeeded", json!(28)),
        ("failed", json!(2)),
        ("pending", json!(0)),
        ("verdict", json!(verdict)),
        ("toleratedFailurePercentage", json!(tolerated)),
        ("prefix", json!("album/")),
        ("stack", json!("resize-api")),
    ] {
        assert_eq!(report[field], expected, "{field}: {report}");
    }
    let items = report["failures"]["items"].as_array().expect("a list");
    let failed: Vec<_> = items
        .iter()
        .map(|item| (item["key"].as_str(), item["error"].as_str()))
        .collect();
    assert_eq!(
        failed,
        [
            (Some("album/07 photo.jpg"), Some("UnsupportedFormat")),
            (Some("album/23 photo.jpg"), Some("CorruptImage")),
        ],
        "{report}"
    );
    for item in items {
        let message = item["message"].as_str().expect("a sentence");
        assert!(message.contains(' ') && !message.contains('{'), "{message}");
    }
}

#[test]
fn two_of_thirty_are_within_ten_percent_and_above_none() {
    let name = "two_of_thirty_are_within_ten_percent_and_above_none";
    with_stack(name, &resize_api(100), |stack| {
        fill(stack);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("report.json");
        let path = file.to_str().expect("text");
        let album = ["--prefix", "album/", "--report", path];

        let within = of_stack(
            stack,
            &[&album[..], &["--tolerated-failures", "10"]].concat(),
        );
        assert_eq!(within.code, Some(0), "{within:?}");
        says(&within.event("finished"), "done", 10.0);
        says(&written(&file), "done", 10.0);
        let results = stack.output("ResizedBucketName");
        assert!(stack.has(&results, "thumbs/album/00 photo.jpg"));
        assert!(!stack.has(&results, "thumbs/album/07 photo.jpg"));

        let above = of_stack(
            stack,
            &[&album[..], &["--tolerated-failures", "0"]].concat(),
        );
        assert_eq!(above.code, Some(7), "{above:?}");
        says(&above.event("finished"), "too-many-failed", 0.0);
        says(&written(&file), "too-many-failed", 0.0);

        // By the stack's own choice.
        let all = of_stack(stack, &["--prefix", "album/"]);
        assert_eq!(all.code, Some(0), "{all:?}");
        says(&all.event("finished"), "done", 100.0);
    });
}

fn written(file: &Path) -> Value {
    let text = std::fs::read_to_string(file).expect("a report");
    serde_json::from_str(&text).expect("JSON")
}

/// The engine takes no change of a run, as AWS may take it too late: what counts is what was asked for.
#[test]
fn a_tolerance_counts_that_the_machine_does_not_have() {
    let name = "a_tolerance_counts_that_the_machine_does_not_have";
    with_stack(name, &resize_api(0), |stack| {
        fill(stack);
        let asked = ["--prefix", "album/", "--tolerated-failures", "10"];
        let ended = of_stack(stack, &asked);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let report = ended.event("finished");
        says(&report, "done", 10.0);
        assert_eq!(report["status"], "FAILED");

        let all = [&["backfill"], &asked[..]].concat();
        let text = run(command(stack, &all));
        assert_eq!(text.code, Some(0), "{text:?}");
        for words in [
            "30 images, 28 resized, 2 failed (6.7 %; 10 % may)",
            "all were tried",
            "UnsupportedFormat  album/07 photo.jpg: ",
        ] {
            assert!(text.out.contains(words), "{words}: {}", text.out);
        }
        assert_eq!(text.errors, "", "no progress where nobody looks");

        let ended = of_stack(stack, &["--prefix", "album/"]);
        assert_eq!(ended.code, Some(7), "{ended:?}");
        says(&ended.event("finished"), "too-many-failed", 0.0);
    });
}

#[test]
fn only_what_is_under_the_prefix_and_no_folders() {
    let name = "only_what_is_under_the_prefix_and_no_folders";
    with_stack(name, &resize_api(0), |stack| {
        let bucket = stack.output("SourceBucketName");
        stack.put(&bucket, "a/", Vec::new());
        stack.put(&bucket, "a/it's +1.jpg", picture::jpeg(64, 48));
        stack.put(&bucket, "b/broken.jpg", b"no image".to_vec());
        let ended = of_stack(stack, &["--prefix", "a/"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let report = ended.event("finished");
        assert_eq!(report["total"], 2, "{report}");
        assert_eq!(report["succeeded"], 2, "{report}");
        let results = stack.output("ResizedBucketName");
        assert!(stack.has(&results, "thumbs/a/it's +1.jpg"));

        let nothing = of_stack(stack, &["--prefix", "c/"]);
        assert_eq!(nothing.code, Some(0), "{nothing:?}");
        assert_eq!(nothing.event("finished")["total"], 0);
        let text = run(command(stack, &["backfill", "--prefix", "c/"]));
        assert!(text.out.contains("no key starts with `c/`"), "{text:?}");

        // Everything, the broken one included.
        let ended = of_stack(stack, &[]);
        assert_eq!(ended.code, Some(7), "{ended:?}");
        assert_eq!(ended.event("finished")["total"], 3);
    });
}

#[test]
fn a_bucket_of_originals_and_results_is_not_eaten() {
    let template = SingleBucket::default().template().expect("a stack");
    let name = "a_bucket_of_originals_and_results_is_not_eaten";
    with_stack(name, &template, |stack| {
        let outside = of_stack(stack, &["--prefix", "processed/"]);
        assert_eq!(outside.code, Some(2), "{outside:?}");
        assert!(outside.errors.contains("uploads/"), "{outside:?}");

        // An upload and its result; a backfill makes the result anew and leaves it alone.
        let bucket = stack.output("SourceBucketName");
        stack.put(&bucket, "uploads/2025/cat.jpg", picture::jpeg(64, 48));
        let start = Instant::now();
        while !stack.has(&bucket, "processed/2025/cat.jpg") {
            assert!(start.elapsed() < Duration::from_secs(20), "no result");
            std::thread::sleep(Duration::from_millis(50));
        }
        let junk = b"to be made anew".to_vec();
        stack.put(&bucket, "processed/2025/cat.jpg", junk.clone());
        let ended = of_stack(stack, &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.event("started")["prefix"], "uploads/");
        assert_eq!(ended.event("finished")["total"], 1, "{ended:?}");
        assert_ne!(stack.read(&bucket, "processed/2025/cat.jpg"), junk);
        let ended = of_stack(stack, &["--prefix", "uploads/2026/"]);
        assert_eq!(ended.event("finished")["total"], 0, "{ended:?}");
    });
}

#[test]
fn an_interrupted_command_leaves_a_run_to_attach_to() {
    let name = "an_interrupted_command_leaves_a_run_to_attach_to";
    with_stack(name, &resize_api(100), |stack| {
        fill_slowly(stack, 40);
        let arguments = ["backfill", "--format", "json", "--concurrency", "4"];
        let (mut running, started) = Running::until(command(stack, &arguments), "started");
        let execution = started["executionArn"].as_str().expect("an ARN").to_owned();
        std::thread::sleep(Duration::from_millis(300));
        let ended = running.end("INT");
        assert_eq!(ended.code, Some(130), "{ended:?}");
        for words in ["goes on", "--attach", &execution, "stop-execution"] {
            assert!(ended.errors.contains(words), "{words}: {ended:?}");
        }

        let attached = of_stack(stack, &["--attach", &execution]);
        assert_eq!(attached.code, Some(0), "{attached:?}");
        assert_eq!(attached.event("attached")["executionArn"], execution);
        let report = attached.event("finished");
        assert_eq!(report["succeeded"], 40, "{report}");
        assert!(
            report["durationSeconds"]
                .as_f64()
                .is_some_and(|time| time > 0.0),
            "{report}"
        );
        // Once it is over, the same answer again.
        let again = of_stack(stack, &["--attach", &execution]);
        assert_eq!(again.event("finished"), report);
    });
}

#[test]
fn a_detached_run_ends_by_itself() {
    let name = "a_detached_run_ends_by_itself";
    with_stack(name, &resize_api(0), |stack| {
        let bucket = stack.output("SourceBucketName");
        stack.put(&bucket, "cat.jpg", picture::jpeg(64, 48));
        let ended = of_stack(stack, &["--detach", "--concurrency", "2"]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let detached = ended.event("detached");
        let attach = detached["attach"].as_str().expect("a command");
        let mut words: Vec<_> = attach.split(' ').skip(1).collect();
        // The command as it is said, but for the stack, which `command` adds.
        let position = words
            .iter()
            .position(|word| *word == "--stack")
            .expect("named");
        words.drain(position..position + 2);
        let followed = run(command(stack, &words));
        assert_eq!(followed.code, Some(0), "{followed:?}");
        assert!(
            followed.out.contains("1 images, 1 resized, 0 failed"),
            "{followed:?}"
        );
    });
}

/// Many images, so that a run takes some seconds.
fn fill_slowly(stack: &Stack, number: u32) {
    let bucket = stack.output("SourceBucketName");
    let photo = picture::jpeg(2400, 1600);
    for number in 0..number {
        stack.put(&bucket, &format!("{number}.jpg"), photo.clone());
    }
}

#[test]
fn a_network_that_is_away_for_a_while_does_no_harm() {
    let name = "a_network_that_is_away_for_a_while_does_no_harm";
    with_stack(name, &resize_api(0), |stack| {
        fill_slowly(stack, 20);
        let proxy = Proxy::before(&stack.session.engine.access().endpoint());
        let arguments = [
            "backfill",
            "--format",
            "json",
            "--endpoint",
            &proxy.endpoint,
        ];
        let (mut running, _) = Running::until(command(stack, &arguments), "started");
        proxy.set(Mood::Away);
        std::thread::sleep(Duration::from_secs(8));
        proxy.set(Mood::Good);
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.event("finished")["succeeded"], 20);
    });
}

#[test]
fn a_run_that_can_no_longer_be_seen_is_told_how_to_find_again() {
    let name = "a_run_that_can_no_longer_be_seen_is_told_how_to_find_again";
    with_stack(name, &resize_api(0), |stack| {
        fill_slowly(stack, 20);
        let proxy = Proxy::before(&stack.session.engine.access().endpoint());
        let arguments = [
            "backfill",
            "--format",
            "json",
            "--endpoint",
            &proxy.endpoint,
        ];
        let (mut running, started) = Running::until(command(stack, &arguments), "started");
        proxy.set(Mood::Expired);
        let ended = running.wait();
        assert_eq!(ended.code, Some(5), "{ended:?}");
        let execution = started["executionArn"].as_str().expect("an ARN");
        for words in [
            "cannot follow",
            "goes on",
            "ExpiredTokenException",
            "--attach",
            execution,
        ] {
            assert!(ended.errors.contains(words), "{words}: {ended:?}");
        }
        let attached = of_stack(stack, &["--attach", execution]);
        assert_eq!(attached.code, Some(0), "{attached:?}");
        assert_eq!(attached.event("finished")["succeeded"], 20);
    });
}

/// The engine writes no results; Step Functions writes them like this.
#[test]
fn what_step_functions_wrote_about_failures_is_read() {
    let name = "what_step_functions_wrote_about_failures_is_read";
    with_stack(name, &resize_api(100), |stack| {
        let source = stack.output("SourceBucketName");
        let results = stack.output("ResizedBucketName");
        stack.put(&source, "broken.jpg", b"no image".to_vec());
        let ended = of_stack(stack, &[]);
        let report = ended.event("finished");
        let execution = report["executionArn"].as_str().expect("an ARN");
        let map_run = report["mapRunArn"].as_str().expect("an ARN");
        let id = map_run.rsplit(':').next().expect("an id");
        assert_eq!(report["failures"]["files"], json!([]), "{report}");

        let file = format!("backfill/{id}/FAILED_0.json");
        let manifest = json!({
            "DestinationBucket": results,
            "MapRunArn": map_run,
            "ResultFiles": { "FAILED": [{ "Key": file, "Size": 400 }], "PENDING": [], "SUCCEEDED": [] },
        });
        let manifest_key = format!("backfill/{id}/manifest.json");
        stack.put(&results, &manifest_key, manifest.to_string().into_bytes());
        let children = json!([{
            "Cause": "as the file says",
            "Error": "CorruptImage",
            "Input": json!({ "bucket": source, "key": "broken.jpg" }).to_string(),
            "Status": "FAILED",
        }]);
        stack.put(&results, &file, children.to_string().into_bytes());
        let report = of_stack(stack, &["--attach", execution]).event("finished");
        assert_eq!(
            report["failures"],
            json!({
                "items": [{ "key": "broken.jpg", "error": "CorruptImage", "message": "as the file says" }],
                "files": [format!("s3://{results}/{file}")],
            })
        );

        // A file that is gone is said to be, and the rest is told all the same.
        stack.put(&results, &file, b"[".to_vec());
        let attached = of_stack(stack, &["--attach", execution]);
        let report = attached.event("finished");
        assert_eq!(report["failed"], 1, "{report}");
        let note = report["failures"]["note"].as_str().expect("a note");
        assert!(note.contains("cannot be read"), "{note}");
    });
}

#[test]
fn every_stack_has_a_backfill() {
    for entry in STACKS {
        let template = entry.template().expect("a stack");
        with_stack("every_stack_has_a_backfill", &template, |stack| {
            let bucket = stack.output("SourceBucketName");
            stack.put(&bucket, "uploads/cat.jpg", picture::jpeg(64, 48));
            stack.put(&bucket, "uploads/dog.jpg", b"no image".to_vec());
            let ended = of_stack(
                stack,
                &["--prefix", "uploads/", "--tolerated-failures", "50"],
            );
            assert_eq!(ended.code, Some(0), "{}: {ended:?}", entry.name);
            let report = ended.event("finished");
            assert_eq!(report["succeeded"], 1, "{}: {report}", entry.name);
            let failed = &report["failures"]["items"];
            assert_eq!(
                failed[0]["error"], "UnsupportedFormat",
                "{}: {report}",
                entry.name
            );
            assert_eq!(
                failed[0]["key"], "uploads/dog.jpg",
                "{}: {report}",
                entry.name
            );
        });
    }
}
