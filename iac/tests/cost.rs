//! What images cost, against sums done by hand.

use iac::cost::{Assumptions, Bill, Dollars, Estimate, Line, estimate};
use iac::parts::{Cdn, Lifecycle};
use iac::resources::lambda::Architecture;
use iac::resources::s3::Aging;
use iac::stacks::{ResizeApi, SingleBucket, UploadEvents, UploadMetadata, Uploads, Workflow};
use serde_json::json;

fn resize_api(options: &ResizeApi, assumptions: &Assumptions) -> Estimate {
    let template = options.template().expect("a stack that holds together");
    estimate(template.document(), assumptions)
}

fn upload_events(options: &UploadEvents, assumptions: &Assumptions) -> Estimate {
    let template = options.template().expect("a stack that holds together");
    estimate(template.document(), assumptions)
}

fn first(estimate: &Estimate) -> &Bill {
    &estimate.ways.first().expect("a way in").bill
}

/// The line of a price that is for something.
fn line<'a>(bill: &'a Bill, price: &str, what: &str) -> &'a Line {
    let mut lines = bill.lines().iter();
    let found = lines.find(|line| line.price.id == price && line.what.contains(what));
    found.unwrap_or_else(|| panic!("no {price} for {what} in {:#?}", bill.lines()))
}

fn has(bill: &Bill, price: &str) -> bool {
    bill.lines().iter().any(|line| line.price.id == price)
}

#[track_caller]
fn costs(bill: &Bill, price: &str, what: &str, micro: u64) {
    let line = line(bill, price, what);
    assert_eq!(line.dollars, Dollars::micro(micro), "{line:#?}");
}

#[test]
fn resize_api_costs_what_a_sum_by_hand_says() {
    let estimate = resize_api(&ResizeApi::default(), &Assumptions::default());
    let bill = first(&estimate);
    assert_eq!(estimate.ways.len(), 1);
    // 1,000,000 x 0.005 / 1,000
    costs(bill, "s3-put", "put originals", 5_000_000);
    // 1,000,000 x 3.50 / 1,000,000
    costs(bill, "api-gateway-request", "POST /resize", 3_500_000);
    // (1,000,000 x 1 + 1,000 x 2) x 0.025 / 1,000: ReadFailure and ImageFailed where it fails
    costs(bill, "step-functions-transition", "Standard", 25_050_000);
    // 1,000,000 x 0.20 / 1,000,000
    costs(bill, "lambda-request", "resize-image", 200_000);
    // 1,000,000 x 0.1 s x 1769/1024 GB = 172,753.90625; x 0.0000133334 = 2.30339693...
    costs(bill, "lambda-arm64", "resize-image", 2_303_397);
    // 1,000,000 x 0.0004 / 1,000
    costs(bill, "s3-get", "reads originals", 400_000);
    // 1,000,000 x 0.0004 / 1,000
    costs(bill, "s3-get", "looks for what is there", 400_000);
    // 999,000 x 0.005 / 1,000
    costs(bill, "s3-put", "puts results", 4_995_000);
    // 1,000,000 x 1,000 / 2^30 = 0.931323 GB; x 0.50
    costs(bill, "logs-ingestion", "logs", 465_662);
    // 1,000,000 x 3,600,000 / 2^30 = 3,352.761269; x 0.023
    costs(bill, "s3-standard", "originals", 77_113_509);
    // 999,000 x 90,000 / 2^30 = 83.735213; x 0.023
    costs(bill, "s3-standard", "results", 1_925_910);
    assert_eq!(bill.lines().len(), 11);
    assert_eq!(bill.total(), Dollars::micro(121_353_478));
    assert_eq!(bill.total(), bill.total_once() + bill.total_kept());
    let largest = |kept| bill.largest(kept).map(|line| line.price.id);
    assert_eq!(largest(false), Some("step-functions-transition"));
    assert_eq!(largest(true), Some("s3-standard"));
}

#[test]
fn express_is_paid_by_the_execution_and_its_time() {
    let express = ResizeApi {
        workflow: Workflow::Express,
        ..ResizeApi::default()
    };
    let assumptions = Assumptions {
        duration_ms: 130,
        ..Assumptions::default()
    };
    let estimate = resize_api(&express, &assumptions);
    let bill = first(&estimate);
    costs(bill, "step-functions-express-request", "Express", 1_000_000);
    // 130 + 100 ms are 300 ms; 1,000,000 x 0.3 s x 64/1024 GB = 18,750; x 0.00001667
    costs(bill, "step-functions-express-duration", "Express", 312_563);
    assert!(!has(bill, "step-functions-transition"));
    let standard = resize_api(&ResizeApi::default(), &assumptions);
    assert!(bill.total() < first(&standard).total());
}

#[test]
fn intel_is_dearer() {
    let intel = ResizeApi {
        architecture: Architecture::X86_64,
        ..ResizeApi::default()
    };
    let assumptions = Assumptions::default();
    let estimate = resize_api(&intel, &assumptions);
    let bill = first(&estimate);
    // 172,753.90625 x 0.0000166667
    costs(bill, "lambda-x86_64", "resize-image", 2_879_238);
    let arm = resize_api(&ResizeApi::default(), &assumptions);
    assert!(bill.total() > first(&arm).total());
}

#[test]
fn every_way_in_has_its_own_bill() {
    let names = |uploads| {
        let options = UploadEvents {
            uploads,
            ..UploadEvents::default()
        };
        let estimate = upload_events(&options, &Assumptions::default());
        let names = estimate.ways.iter().map(|way| way.name.clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(Uploads::Presigned), ["POST /uploads"]);
    assert_eq!(names(Uploads::Direct), ["PUT /uploads/{key}"]);
    assert_eq!(
        names(Uploads::Both),
        ["POST /uploads", "PUT /uploads/{key}"]
    );

    let both = upload_events(&UploadEvents::default(), &Assumptions::default());
    let [signed, direct] = both.ways.as_slice() else {
        panic!("two ways");
    };
    assert_eq!(
        line(&signed.bill, "s3-put", "originals").what,
        "clients put originals by the signed URL into SourceBucket"
    );
    // Signing is a call of a function that the direct way does without: 1,000,000 x 0.02 s x 512/1024 GB
    // x 0.0000133334, and 0.20 for the calls, and the log of each.
    costs(&signed.bill, "lambda-arm64", "presign-upload", 133_334);
    let logs = |bill| line(bill, "logs-ingestion", "").dollars.as_micro();
    let difference = 133_334 + 200_000 + logs(&signed.bill) - logs(&direct.bill);
    assert_eq!(
        signed.bill.total(),
        direct.bill.total() + Dollars::micro(difference)
    );
}

#[test]
fn an_event_is_tried_again_and_then_kept_in_the_queue() {
    let assumptions = Assumptions {
        failures: "10".parse().expect("a share"),
        ..Assumptions::default()
    };
    let estimate = upload_events(&UploadEvents::default(), &assumptions);
    let bill = first(&estimate);
    // 1,000,000 + 100,000 that are tried once more
    costs(bill, "lambda-request", "resize-image", 220_000);
    costs(bill, "s3-get", "reads originals", 440_000);
    // It looks at the result that is there before it writes, because events come twice and late.
    costs(bill, "s3-get", "looks for what is there", 440_000);
    costs(bill, "s3-put", "puts results", 4_500_000);
    // 100,000 x 3 x 0.40 / 1,000,000
    costs(bill, "sqs-request", "DeadLetterQueue", 120_000);
    costs(bill, "alarm", "alarms", 100_000);
}

#[test]
fn records_are_written_to_the_table_and_its_index() {
    let assumptions = Assumptions {
        failures: "0".parse().expect("a share"),
        item_bytes: 1_500,
        reads: 2,
        ..Assumptions::default()
    };
    let template = UploadMetadata::default().template().expect("a stack");
    let estimate = estimate(template.document(), &assumptions);
    let bill = first(&estimate);
    // 1,000,000 x 2 KB x (the table and ByUploadTime) x 0.625 / 1,000,000
    costs(bill, "dynamodb-write", "resize-image", 2_500_000);
    // 1,000,000 x 2 x half a unit x 0.125 / 1,000,000
    costs(bill, "dynamodb-read", "records", 125_000);
    costs(bill, "api-gateway-request", "GET /images/{id}", 7_000_000);
    // 1,000,000 x 1,600 bytes / 2^30 = 1.490116 GB, twice at 0.25, once at 0.20
    costs(bill, "dynamodb-storage", "records", 745_058);
    costs(bill, "dynamodb-point-in-time-recovery", "records", 298_023);

    let template = SingleBucket::default().template().expect("a stack");
    let estimate = iac::cost::estimate(template.document(), &assumptions);
    // No index, so half of it.
    costs(
        first(&estimate),
        "dynamodb-write",
        "resize-image",
        1_250_000,
    );
}

#[test]
fn lifecycle_rules_decide_what_is_kept() {
    let year = Assumptions {
        months: 12,
        ..Assumptions::default()
    };
    let moved = upload_events(&UploadEvents::default(), &year);
    let bill = first(&moved);
    // 30 days in Standard, 330 in Standard-IA: 3,352.761269 GB x 11 x 0.0125
    costs(bill, "s3-standard", "originals", 77_113_509);
    costs(bill, "s3-standard-ia", "originals", 461_004_674);
    costs(bill, "s3-transition", "originals", 10_000_000);
    // Too small for Standard-IA, and there is no rule: 83.735213... GB x 12 x 0.023
    costs(bill, "s3-standard", "results", 23_110_919);

    let week = UploadEvents {
        originals: Lifecycle {
            objects: Some(Aging::Expire { after_days: 7 }),
            ..Lifecycle::originals()
        },
        ..UploadEvents::default()
    };
    let removed = upload_events(&week, &year);
    // 3,352.761269 GB x 7/30 x 0.023
    costs(first(&removed), "s3-standard", "originals", 17_993_152);
    assert!(!has(first(&removed), "s3-standard-ia"));
}

#[test]
fn downloads_go_through_the_distribution_where_there_is_one() {
    let seen = Assumptions {
        failures: "0".parse().expect("a share"),
        downloads: 2,
        ..Assumptions::default()
    };
    let cdn = UploadEvents {
        cdn: Some(Cdn::default()),
        ..UploadEvents::default()
    };
    let with = upload_events(&cdn, &seen);
    let with = first(&with);
    // 2,000,000 x 0.0100 / 10,000
    costs(with, "cloudfront-request", "downloads", 2_000_000);
    // 2,000,000 x 90,000 / 2^30 = 167.638063 GB; x 0.085
    costs(with, "cloudfront-transfer", "downloads", 14_249_235);
    // A tenth is fetched: 200,000 x 0.0004 / 1,000
    costs(with, "s3-get", "fetches from", 80_000);
    assert!(!has(with, "transfer-out"));

    let without = upload_events(&UploadEvents::default(), &seen);
    let without = first(&without);
    costs(without, "s3-get", "downloads", 800_000);
    // 167.638063 x 0.09
    costs(without, "transfer-out", "downloads", 15_087_426);
    assert!(!has(without, "cloudfront-request"));
    // Without anybody who looks, neither costs anything.
    let unseen = Assumptions::default();
    assert_eq!(
        first(&upload_events(&cdn, &unseen)).total(),
        first(&upload_events(&UploadEvents::default(), &unseen)).total()
    );
}

#[test]
fn a_backfill_is_paid_by_the_child_that_is_started() {
    let estimate = resize_api(&ResizeApi::default(), &Assumptions::default());
    let backfill = estimate.backfill.expect("a backfill");
    let bill = &backfill.bill;
    assert_eq!(
        (backfill.state_machine.as_str(), backfill.batch),
        ("BackfillStateMachine", 1)
    );
    // 10,000,000 / 1,000 a page x 0.005 / 1,000
    costs(bill, "s3-put", "lists", 50_000);
    // 10,000,001 x 0.025 / 1,000
    costs(bill, "step-functions-transition", "Standard", 250_000_025);
    costs(
        bill,
        "step-functions-express-request",
        "children",
        10_000_000,
    );
    // 10,000,000 x 0.2 s x 64/1024 GB x 0.00001667
    costs(
        bill,
        "step-functions-express-duration",
        "children",
        2_083_750,
    );
    costs(bill, "lambda-request", "resize-image", 2_000_000);
    costs(bill, "s3-get", "reads originals", 4_000_000);
    costs(bill, "s3-put", "puts results", 49_950_000);
    // 15,000,000,000 bytes / 5 MiB are 2,862 parts
    costs(bill, "s3-put", "reports", 14_310);

    let without = ResizeApi {
        backfill: None,
        ..ResizeApi::default()
    };
    assert_eq!(resize_api(&without, &Assumptions::default()).backfill, None);
}

#[test]
fn what_a_rule_has_moved_is_read_back_by_the_gb() {
    let moved = upload_events(&UploadEvents::default(), &Assumptions::default());
    let moved = moved.backfill.expect("a backfill").if_moved;
    // 10,000,000 x 3,600,000 / 2^30 = 33,527.612686 GB; x 0.01
    costs(&moved, "s3-retrieval", "SourceBucket", 335_276_127);
    let kept = resize_api(&ResizeApi::default(), &Assumptions::default());
    let kept = kept.backfill.expect("a backfill").if_moved;
    assert_eq!(kept.total(), Dollars::default());
}

#[test]
fn batches_divide_the_children() {
    let template = ResizeApi::default().template().expect("a stack");
    let mut document = template.document().clone();
    let map = "/Resources/BackfillStateMachine/Properties/Definition/States/ResizeEach";
    let map = document.pointer_mut(map).expect("the map");
    map["ItemBatcher"] = json!({ "MaxItemsPerBatch": 40 });
    let estimate = estimate(&document, &Assumptions::default());
    let backfill = estimate.backfill.expect("a backfill");
    assert_eq!(backfill.batch, 40);
    // 250,001 x 0.025 / 1,000
    costs(
        &backfill.bill,
        "step-functions-transition",
        "Standard",
        6_250_025,
    );
}

#[test]
fn what_is_paid_comes_from_the_template_and_not_from_its_name() {
    let template = ResizeApi::default().template().expect("a stack");
    let mut document = template.document().clone();
    let resources = &mut document["Resources"];
    resources["ResizeImageFunction"]["Properties"]["MemorySize"] = json!(1024);
    let states = &mut resources["ResizeImageStateMachine"]["Properties"]["Definition"]["States"];
    states["ResizeImage"]["End"] = json!(false);
    states["ResizeImage"]["Next"] = json!("Done");
    states["Done"] = json!({ "Type": "Succeed" });
    let estimate = estimate(&document, &Assumptions::default());
    let bill = first(&estimate);
    // 100,000 GB-seconds x 0.0000133334
    costs(bill, "lambda-arm64", "resize-image", 1_333_340);
    // Another state is another transition: (1,000,000 x 2 + 1,000 x 2) x 0.025 / 1,000
    costs(bill, "step-functions-transition", "Standard", 50_050_000);
}
