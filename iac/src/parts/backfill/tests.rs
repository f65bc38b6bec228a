use serde_json::{Value as Json, json};

use super::{Backfill, BackfillSettings, backfill};
use crate::cfn::{Handle, ModelError, Stack, Template};
use crate::iam::PolicyDocument;
use crate::parts::{FunctionSettings, Program, code_bucket, private_bucket, rust_function};
use crate::resources::lambda::{Architecture, Environment, Function};
use crate::resources::s3::{BucketName, Prefix};
use crate::stacks::{ResizeApi, SingleBucket};

fn function(stack: &mut Stack) -> Handle<Function> {
    let code = code_bucket(stack, Architecture::Arm64).zip(stack, Program::ResizeImage);
    rust_function(
        stack,
        FunctionSettings {
            code: &code,
            description: "Resizes",
            permissions: PolicyDocument::new(),
            environment: Environment::new([]),
            memory_size: 1769,
            timeout: 60,
            reserved_concurrency: None,
            log_retention: &30.into(),
        },
    )
}

/// A stack with one bucket, whose images start with the prefix.
fn of_one_bucket(prefix: &str, options: Backfill) -> Result<Template, ModelError> {
    let prefix = Prefix::new(prefix).ok();
    let mut stack = Stack::new("one", "One bucket");
    let bucket = private_bucket(&mut stack, "Images");
    let function = function(&mut stack);
    let settings = BackfillSettings {
        source: (&bucket).into(),
        input_prefix: prefix.as_ref(),
        results: (&bucket).into(),
        output_prefix: None,
        function: &function,
        function_timeout: 60,
    };
    backfill(&mut stack, options, &settings)?;
    stack.build()
}

fn statement(template: &Template, sid: &str) -> Json {
    let role = &template.document()["Resources"]["BackfillRole"]["Properties"];
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array();
    let mut statements = statements.into_iter().flatten();
    let found = statements.find(|statement| statement["Sid"] == sid);
    found.cloned().unwrap_or_default()
}

#[test]
fn only_originals_are_listed() {
    let template = of_one_bucket("uploads/", Backfill::default()).expect("a stack");
    assert_eq!(
        statement(&template, "ListOriginals"),
        json!({
            "Sid": "ListOriginals",
            "Effect": "Allow",
            "Action": ["s3:ListBucket"],
            "Resource": [{ "Fn::GetAtt": ["Images", "Arn"] }],
            "Condition": { "StringLike": { "s3:prefix": "uploads/*" } },
        })
    );
    let output = &template.document()["Outputs"]["BackfillPrefix"]["Value"];
    assert_eq!(*output, "uploads/");
}

#[test]
fn reports_that_would_be_originals_are_refused() {
    for prefix in ["", "backfill/", "backfill/images/"] {
        let error = of_one_bucket(prefix, Backfill::default()).expect_err(prefix);
        assert!(
            error.to_string().contains(
                "`BackfillStateMachine` writes reports to `backfill/` of the bucket whose images start with"
            ),
            "{error}"
        );
    }
    of_one_bucket("backfills/", Backfill::default()).expect("another folder");
}

#[test]
fn results_among_the_reports_are_refused() {
    let with_results_under = |prefix: &str, backfill| {
        let options = SingleBucket {
            processed: Prefix::new(prefix).expect("a prefix"),
            backfill,
            ..SingleBucket::default()
        };
        options.template()
    };
    let backfill = Some(Backfill::default());
    for prefix in ["backfill/", "backfill/images/"] {
        let error = with_results_under(prefix, backfill).expect_err(prefix);
        let words = format!("the bucket whose results start with `{prefix}`: give the results");
        assert!(error.to_string().contains(&words), "{error}");
        with_results_under(prefix, None).expect("no reports");
    }
    with_results_under("images/backfill/", backfill).expect("another folder");
}

/// What the person who deploys chooses is held against a pattern.
#[test]
fn only_a_stack_with_reports_keeps_results_from_them() {
    for (backfill, pattern) in [
        (
            Some(Backfill::default()),
            format!("(?!backfill/){}", Prefix::PATTERN),
        ),
        (None, Prefix::PATTERN.to_owned()),
    ] {
        let template = ResizeApi {
            backfill,
            ..ResizeApi::default()
        };
        let template = template.template().expect("a stack");
        let parameter = &template.document()["Parameters"]["OutputPrefix"];
        assert_eq!(parameter["AllowedPattern"], pattern);
        let rule = parameter["ConstraintDescription"].as_str();
        let says = rule.is_some_and(|rule| rule.starts_with("is not under backfill/, and is one"));
        assert_eq!(says, backfill.is_some(), "{rule:?}");
    }
}

#[test]
fn options_out_of_bounds_are_refused() {
    for (max_concurrency, tolerated_failure_percentage) in [(0, 5), (10_001, 5), (10, 101)] {
        let options = Backfill {
            max_concurrency,
            tolerated_failure_percentage,
        };
        let error = of_one_bucket("uploads/", options).expect_err("out of bounds");
        assert!(error.to_string().contains("`ResizeEach`"), "{error}");
    }
}

/// A bucket that tells a function about new objects waits for it: it is known by a name that is fixed.
#[test]
fn a_bucket_may_be_known_by_its_name_alone() {
    let mut stack = Stack::new("fixed", "A bucket with a fixed name");
    let originals = BucketName::of_stack("originals");
    let results = private_bucket(&mut stack, "Results");
    let function = function(&mut stack);
    let settings = BackfillSettings {
        source: (&originals).into(),
        input_prefix: None,
        results: (&results).into(),
        output_prefix: None,
        function: &function,
        function_timeout: 60,
    };
    backfill(&mut stack, Backfill::default(), &settings).expect("a backfill");
    let template = stack.build().expect("a stack");
    let name = "${AWS::StackName}-originals-${AWS::AccountId}-${AWS::Region}";
    assert_eq!(
        statement(&template, "ListOriginals")["Resource"],
        json!([{ "Fn::Sub": format!("arn:${{AWS::Partition}}:s3:::{name}") }])
    );
    let machine = &template.document()["Resources"]["BackfillStateMachine"]["Properties"];
    let each = &machine["Definition"]["States"]["ResizeEach"];
    assert_eq!(
        each["ItemReader"]["Parameters"]["Bucket"], each["ItemSelector"]["bucket"],
        "what is listed is what is resized"
    );
    assert_eq!(
        each["ItemSelector"]["bucket"],
        "${StackName}-originals-${AccountId}-${Region}"
    );
}
