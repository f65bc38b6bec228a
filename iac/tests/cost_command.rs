//! `iac cost` as a person runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use iac::stacks::STACKS;
use serde_json::{Value as Json, json};

fn iac(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iac"))
        .args(arguments)
        .output()
        .expect("iac runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

#[test]
fn the_chapter_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.md");
    let committed = fs::read_to_string(&path).expect("docs/cost.md");
    let output = iac(&["cost", "--format", "markdown"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        committed == stdout(&output),
        "docs/cost.md is not what the code says: run `cargo run -p iac -- cost --format markdown > docs/cost.md`, read the change and commit it"
    );
}

#[test]
fn text_says_the_formula_the_largest_line_and_what_is_assumed() {
    let output = iac(&["cost", "resize-api", "--failures", "0"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    for said in [
        "1,000,000 images by POST /resize: $",
        "  $25.00  Step Functions: ResizeImageStateMachine, Standard  <-- largest",
        "1,000,000 images x 1 state (ResizeImage) = 1,000,000 at $0.025 per 1,000 state transitions",
        "workflow: Workflow::Express: $",
        "  --failures                  0  percent of images that fail",
        "Prices of us-east-1, checked on 2026-11-20",
        "Unverified: $0.01 per 1,000 lifecycle transitions.",
    ] {
        assert!(text.contains(said), "`{said}` is not in:\n{text}");
    }
    assert!(!text.contains("upload-events"), "{text}");
}

#[test]
fn json_says_the_same_to_a_program() {
    let output = iac(&["cost", "--format", "json", "--images", "2000000"]);
    let report: Json = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let keys = |json: &Json| -> Vec<String> {
        let object = json.as_object().expect("an object");
        object.keys().cloned().collect()
    };
    assert_eq!(
        keys(&report),
        ["region", "checked", "assumptions", "stacks", "prices"]
    );
    assert_eq!(report["assumptions"]["images"], 2_000_000);
    assert_eq!(report["assumptions"]["failures"], "0.1");
    let stacks = report["stacks"].as_array().expect("stacks");
    let names: Vec<_> = stacks.iter().map(|stack| stack["name"].clone()).collect();
    assert_eq!(names, STACKS.iter().map(|it| it.name).collect::<Vec<_>>());
    let stack = &stacks[0];
    assert_eq!(
        keys(stack),
        ["name", "summary", "ways", "backfill", "alternatives"]
    );
    let way = &stack["ways"][0];
    let bill = [
        "microdollars",
        "microdollars_once",
        "microdollars_kept",
        "largest_once",
        "largest_kept",
        "lines",
    ];
    let of_a_way = [
        &["name", "how"][..],
        &bill,
        &["microdollars_per_100_ms_more"],
    ];
    assert_eq!(keys(way), of_a_way.concat());
    // 2,000,000 x 0.1 s x 1769/1024 GB x 0.0000133334
    assert_eq!(way["microdollars_per_100_ms_more"], 4_606_794);
    assert_eq!(
        keys(&stack["backfill"]),
        [
            &["state_machine", "batch"][..],
            &bill,
            &["microdollars_more_if_moved"]
        ]
        .concat()
    );
    assert_eq!(
        keys(&stack["alternatives"][0]),
        [
            "option",
            "why",
            "downloads",
            "microdollars_now",
            "microdollars"
        ]
    );
    let lambda = way["lines"].as_array().expect("lines");
    let lambda = lambda.iter().find(|line| line["price"] == "lambda-arm64");
    assert_eq!(
        lambda.expect("a line"),
        &json!({
            "service": "Lambda",
            "what": "resize-image: time and memory on arm64",
            "formula": "2,000,000 calls x 100 ms x 1769 MB",
            "quantity": "345507.8125",
            "unit": "GB-second",
            "price": "lambda-arm64",
            "kept": false,
            "microdollars": 4_606_794,
        })
    );
    let prices = report["prices"].as_array().expect("prices");
    let put = prices.iter().find(|it| it["id"] == "s3-put");
    assert_eq!(
        put.expect("a price")["evidence"],
        json!({ "by": "price-list", "sku": "E9YHNFENF4XQBZR6", "published": "2026-09-28" })
    );
    let transition = prices.iter().find(|it| it["id"] == "s3-transition");
    assert_eq!(
        transition.expect("a price"),
        &json!({
            "id": "s3-transition",
            "service": "S3",
            "dollars": "0.01",
            "per": 1_000,
            "unit": "lifecycle transition",
            "checked": "2026-11-20",
            "evidence": { "by": "unverified" },
            "source": "https://aws.amazon.com/s3/pricing/",
            "read": [],
        })
    );
}

#[test]
fn each_alternative_is_compared_with_the_stack_as_it_is() {
    let output = iac(&["cost", "upload-events", "--format", "json"]);
    let report: Json = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let stack = &report["stacks"][0];
    let alternatives = stack["alternatives"].as_array().expect("alternatives");
    let of = |option: &str| {
        let mut all = alternatives.iter();
        let found = all.find(|it| it["option"].as_str().unwrap_or_default().contains(option));
        found.unwrap_or_else(|| panic!("no {option}"))
    };
    let micro = |json: &Json| json.as_u64().expect("an amount");
    let intel = of("X86_64");
    assert_eq!(intel["microdollars_now"], stack["ways"][0]["microdollars"]);
    assert!(micro(&intel["microdollars"]) > micro(&intel["microdollars_now"]));
    let week = of("after_days: 7");
    assert!(micro(&week["microdollars"]) < micro(&week["microdollars_now"]));
    // Nobody downloads anything, so the distribution is compared with somebody who does.
    let cdn = of("cdn");
    assert_eq!(cdn["downloads"], 1);
    assert!(micro(&cdn["microdollars_now"]) > micro(&stack["ways"][0]["microdollars"]));
    assert_ne!(cdn["microdollars"], cdn["microdollars_now"]);
}

#[test]
fn what_cannot_be_is_refused() {
    // Nobody sends images to the stack that the others are deployed with.
    for stack in ["resize-apu", "bootstrap"] {
        let output = iac(&["cost", stack]);
        assert_eq!(output.status.code(), Some(2));
        let expected = format!(
            "error: there is no stack `{stack}`; there is resize-api, upload-events, upload-metadata, single-bucket\n"
        );
        assert_eq!(stderr(&output), expected);
    }
    for argument in [
        "--failures=101",
        "--failures=a few",
        "--images=0",
        "--source-kb=67109",
        "--months=-1",
        "--format=yaml",
    ] {
        let output = iac(&["cost", argument]);
        assert_eq!(output.status.code(), Some(2), "{argument}");
        let flag = argument.split('=').next().expect("a flag");
        assert!(stderr(&output).contains(flag), "{}", stderr(&output));
    }
}

#[test]
fn the_largest_numbers_that_are_taken_give_an_answer() {
    let output = iac(&[
        "cost",
        "--format",
        "json",
        "--images=1000000000",
        "--backfill-images=1000000000",
        "--source-kb=67108",
        "--result-kb=67108",
        "--duration-ms=900000",
        "--reads=10000",
        "--downloads=10000",
        "--months=1200",
        "--item-bytes=409600",
        "--log-bytes=1000000",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: Json = serde_json::from_slice(&output.stdout).expect("one JSON document");
    for stack in report["stacks"].as_array().expect("stacks") {
        for way in stack["ways"].as_array().expect("ways") {
            let total = way["microdollars"].as_u64().expect("an amount");
            let lines = way["lines"].as_array().expect("lines").iter();
            let sum: u64 = lines.map(|it| it["microdollars"].as_u64().unwrap()).sum();
            assert_eq!(total, sum);
        }
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let text = stdout(&iac(&["cost", "--help"]));
    for said in [
        "Examples:",
        "Exit codes:",
        "Assumptions:",
        "[default: 1000000]",
    ] {
        assert!(text.contains(said), "{text}");
    }
}
